"""The memory of the limits: one small file in the data folder that all workers of this machine map and share.

A place holds a mark (who) and an instant. Four places make a shelf, and each shelf has a lock of the kernel's, which ends with its
holder, however that dies. Who finds a shelf full takes the place that is rested first, which is one that has nothing to remember.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import mmap
import os
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bookingoffice.limits.gcra import Limit, Verdict, charged, judged

SHELVES = 16_384
SHELF = struct.Struct("<8Q")
PLACE = struct.Struct("<QQ")
log = logging.getLogger(__name__)


class Slots:
    """`path` None keeps the memory to this process alone."""

    def __init__(self, path: Path | None, shelves: int = SHELVES, *, secret: bytes = b"") -> None:
        self._shelves = shelves
        self._secret = hashlib.sha256(secret).digest()
        self._file = _opened(path, shelves * SHELF.size) if path else None
        self._memory = mmap.mmap(-1 if self._file is None else self._file, shelves * SHELF.size)
        self._threads = threading.Lock()

    def mark(self, text: str) -> int:
        """Keyed, so that nobody can look for names that share a place with another's."""
        digest = hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=8, key=self._secret).digest()
        return int.from_bytes(digest, "little") | 1

    def take(self, mark: int, limit: Limit, now: int, cost: int = 1) -> Verdict:
        """Asks and remembers in one step: of two workers that ask for the last one, one gets it."""
        shelf = mark % self._shelves * SHELF.size
        with self._threads:
            self._lock(shelf)
            try:
                place, rested_at = self._found(shelf, mark)
                verdict = judged(limit, rested_at, now, cost)
                if not verdict.wait:
                    PLACE.pack_into(self._memory, place, mark, verdict.rested_at)
            finally:
                self._unlock(shelf)
        return verdict

    def charge(self, mark: int, limit: Limit, now: int, cost: int) -> None:
        self._change(mark, lambda rested_at: charged(limit, rested_at, now, cost))

    def forget(self) -> None:
        """Everybody is rested."""
        self._memory[:] = bytes(len(self._memory))

    def _change(self, mark: int, changed: Callable[[int], int]) -> None:
        shelf = mark % self._shelves * SHELF.size
        with self._held(shelf):
            place, rested_at = self._found(shelf, mark)
            PLACE.pack_into(self._memory, place, mark, changed(rested_at))

    @contextmanager
    def _held(self, shelf: int) -> Iterator[None]:
        with self._threads:
            self._lock(shelf)
            try:
                yield
            finally:
                self._unlock(shelf)

    def _found(self, shelf: int, mark: int) -> tuple[int, int]:
        """Where the mark stands, or may stand, and its instant."""
        cells = SHELF.unpack_from(self._memory, shelf)
        for number in (0, 2, 4, 6):
            if cells[number] == mark:
                return shelf + number * 8, cells[number + 1]
        instants = cells[1::2]
        return shelf + instants.index(min(instants)) * PLACE.size, 0

    def _lock(self, shelf: int) -> None:
        if self._file is not None:
            fcntl.lockf(self._file, fcntl.LOCK_EX, SHELF.size, shelf)

    def _unlock(self, shelf: int) -> None:
        if self._file is not None:
            fcntl.lockf(self._file, fcntl.LOCK_UN, SHELF.size, shelf)


def _opened(path: Path, size: int) -> int | None:
    """Its blocks are taken at once: a mapped hole on a full disk would kill the process that writes into it."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.posix_fallocate(file, 0, size)
    except OSError as error:
        log.warning("The limits are counted by each worker alone: %s: %s", path, error.strerror)
        return None
    return file
