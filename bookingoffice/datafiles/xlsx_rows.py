"""The first sheet of a workbook, read row by row. Cells are read as what they are; a formula is refused."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bookingoffice import money
from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.faults import Faults, Unreadable
from bookingoffice.datafiles.rows import BadCell, FileRow, cell_of_text, whole_text
from bookingoffice.datafiles.tables import placed_columns, told_row
from bookingoffice.datafiles.xlsx_texts import read

MOST_PARTS: Final = 1_000
LARGEST: Final = 1024**3
LARGEST_PART_IN_MEMORY: Final = 64 * 1024**2
"""Of everything but the sheets themselves, which are read as a stream."""

MOST_ROWS: Final = 1024**2
"""Of a sheet, as spreadsheets have it. A row that says it is the billionth would be waited for through all before it."""

DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, InvalidFileException, ParseError, EOFError, OSError, KeyError,
    ValueError, TypeError, AttributeError, IndexError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What the reader of workbooks raises for files that are none."""


def xlsx_rows(stream: Any, columns: Sequence[Column], faults: Faults) -> Iterator[FileRow]:
    """Rows that can be read; what is wrong with the others goes into `faults`. Raises Unreadable where it must stop."""
    rows = _rows(stream)
    line, header = next(rows, (1, ()))
    names = ["" if cell.value is None else str(cell.value) for cell in _trimmed(header)]
    placed = placed_columns(line, names, columns) if names else []
    for line, cells in rows:
        if faults.full:
            return
        if any(cell.value is not None for cell in cells[len(placed) :]):
            faults.add(
                line,
                "",
                "wrong_number_of_cells",
                _("This row has more cells than the header, %(wanted)s.") % {"wanted": len(placed)},
            )
        elif any(cell.value is not None for cell in cells):
            given = [cell if cell.value is not None else None for cell in cells[: len(placed)]]
            missing = [None] * (len(placed) - len(given))
            row = told_row(line, zip([*given, *missing], placed, strict=True), _cell, faults)
            if row:
                yield row


def _rows(stream: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The header, and of the rest each row that has cells."""
    try:
        _refuse_bomb(stream)
        book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may be anything
        for line, cells in enumerate(sheet.iter_rows(), 1):
            if line > MOST_ROWS:
                raise _too_large()
            if cells or line == 1:
                yield line, cells
    except DAMAGED:
        raise _no_workbook(1) from None


def _refuse_bomb(stream: Any) -> None:
    """A small file can say that it is as large as a disk."""
    with zipfile.ZipFile(stream) as parts:
        sizes = {part.filename: part.file_size for part in parts.infolist()}
    in_memory = sum(size for name, size in sizes.items() if not name.startswith("xl/worksheets/sheet"))
    if len(sizes) > MOST_PARTS or sum(sizes.values()) > LARGEST or in_memory > LARGEST_PART_IN_MEMORY:
        raise _too_large()


def _too_large() -> Unreadable:
    return Unreadable(1, "workbook_too_large", _("This workbook is too large when it is unpacked; use CSV."))


def _no_workbook(line: int) -> Unreadable:
    return Unreadable(line, "not_a_workbook", _("This is no workbook (.xlsx) that can be read."))


def _trimmed(cells: Sequence[Any]) -> Sequence[Any]:
    """Without empty cells at the end."""
    end = max((place for place, cell in enumerate(cells, 1) if cell.value is not None), default=0)
    return cells[:end]


def _cell(cell: Any, column: Column) -> str:
    value = cell.value
    if cell.data_type == "f":
        raise BadCell("formula", _("This cell holds a formula; put its value there."))
    if cell.data_type == "e":
        raise BadCell("cell_in_error", _("This cell holds the error %(value)s.") % {"value": value})
    match value:
        case str():
            return _text(value, column)
        case bool():
            return cell_of_text("true" if value else "false", column)
        case datetime():
            has_time = "h" in _format(cell).lower()
            return cell_of_text((value if has_time else value.date()).isoformat(), column)
        case date():
            return cell_of_text(value.isoformat(), column)
        case int() | float():
            return cell_of_text(_number(value, in_percent=_format(cell).endswith("%")), column)
    raise BadCell("not_a_value", _("A time of day alone is no value here."))


def _format(cell: Any) -> str:
    """How it is shown, which tells 15 from 15 %. Raises Unreadable for a style that the workbook has not."""
    try:
        return str(cell.number_format)
    except IndexError:
        raise _no_workbook(cell.row) from None


def _text(text: str, column: Column) -> str:
    plain = read(text, free=column.is_free_text)
    return whole_text(plain) if column.is_free_text else cell_of_text(plain, column)


def _number(value: int | float, *, in_percent: bool) -> str:
    """12.0 is 12, and a cell that shows 15 % holds 0.15."""
    exact = Decimal(repr(value))
    return money.plain(exact * 100 if in_percent else exact)
