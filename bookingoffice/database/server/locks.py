"""Locks on files of the data folder. The kernel frees them with the process, so a crash leaves none behind."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from bookingoffice.database.server.folder import DataFolder


class FolderLock:
    """One named lock of a data folder, held by at most one exclusive or any number of shared holders."""

    def __init__(self, folder: DataFolder, name: str) -> None:
        self.path = folder.lock(name)
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        folder.give_to_owner(self.path)

    def share(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def wait(self) -> None:
        """Exclusively, however long others hold it."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def take(self) -> bool:
        """Exclusively and at once, or not at all; a shared hold of ours is traded in."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def note(self, text: str) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def read(self) -> str:
        return os.pread(self._descriptor, 100, 0).decode(errors="replace").strip()

    def close(self) -> None:
        """Frees what is held."""
        os.close(self._descriptor)


@contextmanager
def one_at_a_time(folder: DataFolder) -> Iterator[None]:
    """The short moment in which a server is started or stopped."""
    lock = FolderLock(folder, "start")
    try:
        lock.wait()
        yield
    finally:
        lock.close()
