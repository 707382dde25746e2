"""CSV that PostgreSQL itself may read: plain enough that its reading and ours (`csv_rows`) cannot differ.

Whatever is odd is `NotPlain`, here or in PostgreSQL, and is read again by the reader that tells each fault by its line.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.csv_rows import DELIMITERS
from bookingoffice.datafiles.lines import LONGEST_LINE, ByteSource

PIECE: Final = 256 * 1024
CELL: Final = rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^"%b\n]*+)'
WHOLE_RECORDS: Final = {
    mark: re.compile((rb"(?:" + CELL + rb"(?:%b" + CELL + rb")*+\r?\n)*+") % ((mark.encode(),) * 3))
    for mark in DELIMITERS
}
END_OF_DATA: Final = b"\\."
"""PostgreSQL would take it for the end of the file."""


class NotPlain(Exception):
    pass


@dataclass(frozen=True)
class Header:
    delimiter: str
    columns: tuple[Column, ...]


def plain_header(stream: ByteSource, columns: Sequence[Column]) -> Header:
    """The first line, read; the stream stands behind it."""
    line = stream.readline(LONGEST_LINE).removeprefix(codecs.BOM_UTF8)
    try:
        text = line.decode("ascii").rstrip("\r\n")
    except UnicodeDecodeError:
        raise NotPlain from None
    delimiter = max(DELIMITERS, key=text.count)
    known = {column.name: column for column in columns}
    names = [name.strip().strip('"') for name in text.split(delimiter)]
    if len(set(names)) != len(names) or not known.keys() >= set(names) or not line.endswith(b"\n"):
        raise NotPlain
    return Header(delimiter, tuple(known[name] for name in names))


class PlainRecords:
    """The pieces of what follows the header. `lines` counts line ends as they pass, those inside of cells too."""

    def __init__(self, stream: ByteSource, delimiter: str) -> None:
        self.lines = 0
        self._stream = stream
        self._whole = WHOLE_RECORDS[delimiter]
        self._kept = b""

    def pieces(self) -> Iterator[bytes]:
        while piece := self._stream.read(PIECE):
            yield self._checked(piece)
        if self._kept:
            yield self._checked(b"\n")
        if self._kept:
            raise NotPlain

    def _checked(self, piece: bytes) -> bytes:
        """Whole records; the beginning of the next one is kept for the next piece."""
        held = self._kept + piece
        end = self._end_of_records(held)
        self._kept = held[end:]
        if END_OF_DATA in held or b"\0" in piece or len(self._kept) > LONGEST_LINE:
            raise NotPlain
        self.lines += held.count(b"\n", 0, end)
        return held[:end]

    def _end_of_records(self, held: bytes) -> int:
        last = held.rfind(b"\n") + 1
        if b'"' not in held:
            return last
        found = self._whole.match(held, 0, last)
        return found.end() if found else 0
