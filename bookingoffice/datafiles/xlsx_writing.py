"""A workbook written row by row: numbers and days as such, instants by the organization's clock where that loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.xlsx_texts import written
from bookingoffice.errors import RuleViolation

EXACT_DIGITS: Final = 15
LONGEST_TEXT: Final = 32_767
FIRST_DAY: Final = date(1900, 3, 1)
"""Spreadsheets believe in a 29 February 1900."""

WHOLE: Final = frozenset({"integer", "smallint", "bigint"})
Texts = Sequence[str | None]


def write_workbook(
    target: BinaryIO, columns: Sequence[Column], rows: Iterable[Texts], *, title: str, timezone: ZoneInfo
) -> None:
    """`rows` are texts as PostgreSQL writes them, one for each column. Raises RuleViolation for a text no cell can hold."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, column.name) for column in columns])
    readers = [_reader(column, timezone) for column in columns]
    try:
        for row in rows:
            sheet.append([text if text is None else read(text) for text, read in zip(row, readers, strict=True)])
    except RuleViolation:
        sheet.close()
        raise
    book.save(target)
    book.close()


def _bold(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, value=name)
    cell.font = Font(bold=True)
    return cell


def _reader(column: Column, timezone: ZoneInfo) -> Callable[[str], Any]:
    if column.is_list:
        return lambda text: _text(text, free=False)
    if column.element in WHOLE:
        return lambda text: int(text) if len(text.lstrip("-")) <= EXACT_DIGITS else text
    if column.element in ("numeric", "real"):
        return lambda text: Decimal(text) if len(text) <= EXACT_DIGITS else text
    if column.element == "boolean":
        return lambda text: text == "true"
    if column.element == "date":
        return _day
    if column.element == "timestamp with time zone":
        return lambda text: _moment(text, timezone)
    return lambda text: _text(text, free=column.is_free_text)


def _text(text: str, *, free: bool) -> str:
    safe = written(text, free=free)
    if len(safe) > LONGEST_TEXT:
        raise RuleViolation(
            "text_too_long",
            _("A text is longer than a cell can be (%(most)s); take CSV instead.")
            % {"most": format(LONGEST_TEXT, ",")},
        )
    return safe


def _day(text: str) -> date | str:
    day = date.fromisoformat(text)
    return day if day >= FIRST_DAY else text


def _moment(text: str, timezone: ZoneInfo) -> datetime | str:
    """As text where the clock shows it twice, or where a cell would round it."""
    moment = datetime.fromisoformat(text)
    local = moment.astimezone(timezone).replace(tzinfo=None)
    offsets = {local.replace(tzinfo=timezone, fold=fold).utcoffset() for fold in (0, 1)}
    return text if moment.microsecond or len(offsets) > 1 or local.date() < FIRST_DAY else local
