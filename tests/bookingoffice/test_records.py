"""Ids that sort as they were made, one by one and many at once."""

from __future__ import annotations

import time
from uuid import RFC_4122, UUID

from bookingoffice.records import uuid7, uuid7s


def test_many_ids_at_once_are_of_their_moments_and_all_different():
    moments = [1_800_000_000.0 + place / 1000 for place in range(500)]

    ids = [UUID(text) for text in uuid7s(moments)]

    assert {(each.version, each.variant) for each in ids} == {(7, RFC_4122)}
    assert [(each.int >> 80) / 1000 for each in ids] == moments
    assert ids == sorted(ids)
    assert len({each.int & (1 << 62) - 1 for each in ids}) == 500
    assert {each.bytes[8] >> 4 for each in ids} == {8, 9, 10, 11}


def test_within_a_millisecond_they_keep_their_order():
    ids = uuid7s([1_800_000_000 + place / 100_000 for place in range(100)])

    assert [text[:16] for text in ids] == sorted(text[:16] for text in ids)


def test_they_stand_among_those_that_are_made_one_by_one():
    before = uuid7().hex
    time.sleep(0.002)
    [between] = uuid7s([time.time()])
    time.sleep(0.002)

    assert before < between < uuid7().hex
