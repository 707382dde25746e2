"""The one file: a tar that `tar` and `sha256sum -c` understand, written in one pass and named only when it is whole.

It holds `database.dump` (of pg_dump, custom format), `secret-key` where the data folder keeps one, `manifest.json`
and `SHA256SUMS`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from bookingoffice.keeping.manifest import Manifest
from bookingoffice.keeping.refusals import Damaged, Refused, no_room

DUMP, KEY, MANIFEST, SUMS = "database.dump", "secret-key", "manifest.json", "SHA256SUMS"
BLOCK, PORTION = 512, 1 << 20
Told = Callable[[int], object]
"""Is told of every portion's bytes."""


def untold(number: int) -> None:
    """For whoever does not look."""


class Draft:
    """A backup being written, beside its place, for its owner's eyes alone."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sums: list[str] = []

    def add(self, name: str, portions: Iterable[bytes]) -> None:
        """The header goes before what it counts, so it is written again at the end."""
        start, size, digest = self._file.tell(), 0, hashlib.sha256()
        self._file.write(bytes(BLOCK))
        for portion in portions:
            self._file.write(portion)
            digest.update(portion)
            size += len(portion)
        self._file.write(bytes(-size % BLOCK))
        self._file.seek(start)
        self._file.write(_header(name, size))
        self._file.seek(0, os.SEEK_END)
        self._sums.append(f"{digest.hexdigest()}  {name}\n")

    def finish(self) -> None:
        self.add(SUMS, ["".join(self._sums).encode()])
        self._file.write(bytes(2 * BLOCK))
        self._file.flush()
        os.fsync(self._file.fileno())


def _header(name: str, size: int) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(time.time())
    return entry.tobuf(tarfile.GNU_FORMAT)


@contextlib.contextmanager
def drafted(place: Path) -> Iterator[tuple[Draft, Path]]:
    """The draft and where it stands; it takes its place when the context ends in peace and leaves nothing otherwise."""
    for left in place.parent.glob(f".{place.name}.*.part"):  # of one that was killed
        left.unlink(missing_ok=True)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(os.fdopen(descriptor, "w+b"))
            stack.callback(Path(name).unlink, missing_ok=True)
            yield Draft(file), Path(name)
            Path(name).replace(place)
            _sync_folder(place.parent)
    except OSError as error:
        raise no_room(error, place.parent) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Backup:
    """A finished one, to be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._members = self._looked_through()

    def check(self, told: Told = untold) -> None:
        """Reads all of it and refuses what is not as it was written."""
        try:
            lines = [line.split("  ", 1) for line in self.read(SUMS).decode().splitlines()]
            sums = {name: digest for digest, name in lines}
        except ValueError as error:
            raise self._damaged() from error
        if set(sums) != self._members.keys() - {SUMS} or not {DUMP, MANIFEST} <= set(sums):
            raise self._damaged()
        for name, expected in sums.items():
            digest = hashlib.sha256()
            for portion in self.portions(name):
                digest.update(portion)
                told(len(portion))
            if digest.hexdigest() != expected:
                raise self._damaged()
        if any(any(filling) for filling in self._fillings()):
            raise self._damaged()

    def manifest(self) -> Manifest:
        return Manifest.read(self.read(MANIFEST))

    def secret_key(self) -> str:
        """Empty where the file holds none."""
        return self.read(KEY).decode() if KEY in self._members else ""

    def read(self, name: str) -> bytes:
        return b"".join(self.portions(name))

    def portions(self, name: str) -> Iterator[bytes]:
        if name not in self._members:
            raise self._damaged()
        start, left = self._members[name]
        with self.path.open("rb") as file:
            file.seek(start)
            while left:
                portion = file.read(min(PORTION, left))
                if not portion:
                    raise self._damaged()
                left -= len(portion)
                yield portion

    def _fillings(self) -> Iterator[bytes]:
        """What stands between the members and after the last one: nothing but zeros."""
        ends = [start + size for start, size in self._members.values()]
        with self.path.open("rb") as file:
            for end in ends:
                file.seek(end)
                yield file.read(-1 if end == max(ends) else -end % BLOCK)

    def size_of(self, name: str) -> int:
        return self._members[name][1]

    def _looked_through(self) -> dict[str, tuple[int, int]]:
        try:
            with tarfile.open(self.path, "r:") as tar:
                return {member.name: (member.offset_data, member.size) for member in tar}
        except tarfile.TarError as error:
            raise Damaged(f"{self.path} is no backup of bookingoffice, or it is damaged.") from error
        except OSError as error:
            raise Refused(f"{self.path} cannot be read: {error.strerror}.") from error

    def _damaged(self) -> Damaged:
        return Damaged(
            f"{self.path} is damaged: it is not as it was written. Nothing was restored; take another backup."
        )
