"""A file as it was given: its bytes, what they are, and which of its columns are not wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.csv_rows import csv_rows
from bookingoffice.datafiles.faults import Faults
from bookingoffice.datafiles.json_rows import json_rows
from bookingoffice.datafiles.lines import ByteSource
from bookingoffice.datafiles.rows import FileRow
from bookingoffice.datafiles.sources import Format
from bookingoffice.datafiles.xlsx_rows import xlsx_rows


class Rereadable(ByteSource, Protocol):
    def seek(self, offset: int, /) -> int: ...


READERS = {"csv": csv_rows, "json": json_rows, "xlsx": xlsx_rows}


@dataclass(frozen=True)
class GivenFile:
    """`stream` can be read again from its beginning."""

    stream: Rereadable
    format: Format
    left_out: frozenset[str] = frozenset()

    def begin(self) -> ByteSource:
        self.stream.seek(0)
        return self.stream

    def rows(self, columns: Sequence[Column], faults: Faults) -> Iterator[FileRow]:
        for row in READERS[self.format](self.begin(), columns, faults):
            yield row.without(self.left_out)
