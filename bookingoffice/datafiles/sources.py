"""Where bytes come from and go to: files, stdin, stdout. A bar shows how far, only to somebody at a terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, Literal

from django.core.management.base import CommandError
from tqdm import tqdm

Format = Literal["csv", "json", "xlsx"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx", "json")
STANDARD = "-"


class Watched:
    """A source that moves the bar as it is read."""

    def __init__(self, source: BinaryIO, bar: tqdm[Any]) -> None:
        self._source = source
        self._bar = bar

    def read(self, size: int = -1) -> bytes:
        return self._seen(self._source.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._seen(self._source.readline(size))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._bar.reset()
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        return self._source.tell()

    def seekable(self) -> bool:
        return True

    def _seen(self, piece: bytes) -> bytes:
        self._bar.update(len(piece))
        return piece


def format_of(file: str, given: str | None) -> Format:
    """As given, or by the file's ending; a stream without a name is CSV."""
    ending = given or Path(file).suffix.lower().removeprefix(".")
    for known in FORMATS:
        if ending == known:
            return known
    if file == STANDARD:
        return "csv"
    raise CommandError(f"{file} ends neither in .csv nor in .xlsx nor in .json; say which it is with --format.")


@contextmanager
def reading(file: str) -> Iterator[Watched]:
    """What can be read more than once; what comes through a pipe is kept in a file meanwhile."""
    if file == STANDARD:
        with _kept(sys.stdin.buffer) as stream:
            yield stream
        return
    path = Path(file)
    with _refusing(file), path.open("rb") as source:
        if source.seekable():
            with progress("Reading", "B", path.stat().st_size) as bar:
                yield Watched(source, bar)
        else:
            with _kept(source) as stream:
                yield stream


@contextmanager
def _kept(source: BinaryIO) -> Iterator[Watched]:
    with TemporaryFile() as kept, progress("Reading", "B") as bar:
        shutil.copyfileobj(source, kept)
        yield Watched(kept, bar)


@contextmanager
def writing(file: str) -> Iterator[BinaryIO]:
    """A file appears when it is whole; until then the old one stays. A pipe or a device is written to as it is."""
    if file == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    with _refusing(file):
        if path.exists() and not path.is_file():  # a folder is refused by being opened
            with path.open("wb") as stream:
                yield stream
        else:
            with _draft(path.resolve()) as stream:
                yield stream


@contextmanager
def _draft(target: Path) -> Iterator[BinaryIO]:
    """Beside the file a link leads to, so that the link stays."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("xb") as stream:
            yield stream
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def progress(what: str, unit: str, total: int | None = None) -> tqdm[Any]:
    hidden = not sys.stderr.isatty()
    return tqdm(desc=what, unit=unit, unit_scale=True, total=total, disable=hidden, leave=False, file=sys.stderr)


@contextmanager
def _refusing(file: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from error
