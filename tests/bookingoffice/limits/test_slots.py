"""The shared memory of the limits: exact among processes, small, and outliving whoever dies with a lock in hand."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

from bookingoffice.limits.gcra import SECOND, Limit
from bookingoffice.limits.slots import Slots

HUNDRED = Limit("hundred", 100, 1000)


def test_one_caller_is_not_another(tmp_path):
    slots = Slots(tmp_path / "limits")
    one, other = slots.mark("one"), slots.mark("other")

    slots.take(one, HUNDRED, SECOND, cost=100)

    assert not slots.take(one, HUNDRED, SECOND).allowed
    assert slots.take(other, HUNDRED, SECOND).remaining == 99


def test_what_one_process_took_another_does_not_get(tmp_path):
    """Four ask 200 times each at the same instant for one place: a hundred are let in, no more and no fewer."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        allowed = pool.map(_asked, [tmp_path / "limits"] * 4)

    assert sum(allowed) == 100


def _asked(path):
    slots = Slots(path)
    mark = slots.mark("one")
    return sum(slots.take(mark, HUNDRED, SECOND).allowed for _ in range(200))


def test_who_dies_with_a_lock_in_hand_locks_nobody_out(tmp_path):
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=_held, args=(tmp_path / "limits", ready))
    holder.start()
    assert ready.wait(30)
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()

    assert Slots(tmp_path / "limits").take(1, HUNDRED, SECOND).allowed


def _held(path, ready):
    slots = Slots(path)
    slots._lock(64)
    ready.set()
    time.sleep(60)


def test_a_full_shelf_gives_up_who_is_rested_first(tmp_path):
    slots = Slots(tmp_path / "limits", shelves=1)
    slots.take(1, HUNDRED, SECOND, cost=100)
    for mark in range(2, 50):
        slots.take(mark, HUNDRED, SECOND)

    assert not slots.take(1, HUNDRED, SECOND).allowed


def test_without_a_file_the_limits_are_this_processes_own(tmp_path, caplog):
    slots = Slots(tmp_path / "missing" / "limits")

    assert slots.take(1, HUNDRED, SECOND).remaining == 99
    assert "counted by each worker alone" in caplog.text


def test_the_file_is_whole_on_the_disk_and_its_owners_alone(tmp_path):
    Slots(tmp_path / "limits")

    found = (tmp_path / "limits").stat()
    assert found.st_blocks * 512 >= found.st_size == 2**20
    assert found.st_mode & 0o777 == 0o600
