"""CSV as spreadsheets and PostgreSQL write it: a header line, cells between commas (or semicolons, or tabs), quotes doubled.

An empty cell is null and `""` is an empty text. Python's own reader cannot tell the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.faults import Faults, Unreadable
from bookingoffice.datafiles.lines import LONGEST_LINE, ByteSource, text_lines
from bookingoffice.datafiles.rows import BadCell, FileRow, cell_of_text
from bookingoffice.datafiles.tables import placed_columns, told_row

DELIMITERS = (",", ";", "\t")
CELLS = {mark: re.compile(rf'(?:"((?:[^"]|"")*)"|([^"{mark}]*))({mark}|\Z)') for mark in DELIMITERS}


def csv_rows(stream: ByteSource, columns: Sequence[Column], faults: Faults) -> Iterator[FileRow]:
    """Rows that can be read; what is wrong with the others goes into `faults`. Raises Unreadable where it must stop."""
    records = _records(stream)
    line, header = next(records, (1, ""))
    delimiter = max(DELIMITERS, key=header.count)
    placed = _placed_columns(line, header, delimiter, columns)
    for line, record in records:
        if faults.full:
            return
        try:
            row = _row(line, _split(record, delimiter), placed, faults)
        except BadCell as bad:
            faults.add(line, "", bad.code, bad.sentence)
        else:
            if row:
                yield row


def _records(stream: ByteSource) -> Iterator[tuple[int, str]]:
    """Each record with the number of its first line; a quoted cell may hold line ends."""
    begun, lines, length, open_quote = 1, list[str](), 0, False
    for number, line in text_lines(stream):
        begun = begun if lines else number
        lines.append(line)
        length += len(line)
        open_quote ^= line.count('"') % 2 == 1
        if not open_quote:
            yield begun, "".join(lines)
            lines, length = [], 0
        elif length > LONGEST_LINE:
            break
    if lines:
        raise Unreadable(begun, "quote_not_closed", _("A quote that opens here is not closed."))


def _split(record: str, delimiter: str) -> list[str | None]:
    """Cells of one record; None where nothing at all stands."""
    text = record.removesuffix("\n").removesuffix("\r")
    if '"' not in text:
        return [cell or None for cell in text.split(delimiter)]
    cells: list[str | None] = []
    place, more = 0, True
    while more:
        found = CELLS[delimiter].match(text, place)
        if found is None:
            raise BadCell(
                "quote_misplaced", _("Cell %(cells)s has a quote that is not doubled.") % {"cells": len(cells) + 1}
            )
        quoted, bare, end = found.groups()
        cells.append(bare or None if quoted is None else quoted.replace('""', '"'))
        place, more = found.end(), bool(end)
    return cells


def _placed_columns(line: int, header: str, delimiter: str, columns: Sequence[Column]) -> list[Column]:
    try:
        return placed_columns(line, [name or "" for name in _split(header, delimiter)], columns)
    except BadCell as bad:
        raise Unreadable(line, bad.code, f"Header: {bad.sentence}") from None


def _row(line: int, texts: list[str | None], placed: list[Column], faults: Faults) -> FileRow | None:
    """None for a row that is empty or whose faults have been told."""
    if not any(text is not None for text in texts):
        return None
    if len(texts) != len(placed):
        raise BadCell(
            "wrong_number_of_cells",
            _("This row has %(cells)s cells, the header %(wanted)s.") % {"cells": len(texts), "wanted": len(placed)},
        )
    return told_row(line, zip(texts, placed, strict=True), cell_of_text, faults)
