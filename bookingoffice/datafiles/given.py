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


class Rereadable(ByteSource, Protocol):
    def seek(self, offset: int, /) -> int: ...


def _workbook(stream: ByteSource, columns: Sequence[Column], faults: Faults) -> Iterator[FileRow]:
    from bookingoffice.datafiles.xlsx_rows import xlsx_rows  # whose library is a tenth of a command's start

    return xlsx_rows(stream, columns, faults)


READERS = {"csv": csv_rows, "json": json_rows, "xlsx": _workbook}


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
