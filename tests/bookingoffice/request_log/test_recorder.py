"""What waits for the database, what is given up, and that no request ever waits."""

from __future__ import annotations

from uuid import UUID

import pytest

from bookingoffice.request_log.recorder import AT_ONCE, Asked, Recorder

ONE, OTHER = UUID(int=1), UUID(int=2)


def asked(organization_id=ONE, number=0):
    return Asked(organization_id, UUID(int=9), float(number), "/v1/coupons", "GET", "", True)


class Written:
    def __init__(self, fails=0):
        self.batches = []
        self.counts = []
        self.fails = fails

    def __call__(self, organization_id, rows):
        if self.fails:
            self.fails -= 1
            raise OSError("no database")
        self.batches.append((organization_id, [row.at for row in rows]))

    def count(self, outcome, rows):
        self.counts.append((outcome, rows))


def test_each_organization_has_its_own_batch_in_the_order_asked():
    written = Written()
    recorder = Recorder(written, written.count)
    for number, owner in enumerate([ONE, OTHER, ONE]):
        recorder.add(asked(owner, number))

    recorder.flush()
    recorder.flush()

    assert written.batches == [(ONE, [0.0, 2.0]), (OTHER, [1.0])]
    assert written.counts == [("written", 2), ("written", 1)]


def test_what_could_not_be_written_waits_and_comes_first():
    written = Written(fails=1)
    recorder = Recorder(written)
    recorder.add(asked(number=1))
    recorder.add(asked(number=2))

    with pytest.raises(OSError, match="no database"):
        recorder.flush()
    recorder.add(asked(number=3))
    recorder.flush()

    assert written.batches == [(ONE, [1.0, 2.0, 3.0])]


def test_a_full_memory_drops_and_counts():
    written = Written()
    recorder = Recorder(written, written.count, most=2)
    for number in range(5):
        recorder.add(asked(number=number))

    recorder.flush()

    assert written.batches == [(ONE, [0.0, 1.0])]
    assert written.counts == [("dropped", 1)] * 3 + [("written", 2)]


def test_a_large_batch_goes_in_parts():
    written = Written()
    recorder = Recorder(written)
    for number in range(AT_ONCE + 1):
        recorder.add(asked(number=number))

    recorder.flush()

    assert [len(rows) for _, rows in written.batches] == [AT_ONCE, 1]


def test_a_failing_database_is_said_and_ends_nothing(caplog):
    recorder = Recorder(Written(fails=1))
    recorder.add(asked())

    recorder.flush_or_say()

    assert "cannot be written now: no database" in caplog.text
