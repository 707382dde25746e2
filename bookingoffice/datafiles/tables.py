"""What tables with a header have in common, CSV and workbooks alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.faults import Faults, Unreadable, shortened
from bookingoffice.datafiles.rows import BadCell, FileRow, unknown_column

Cell = TypeVar("Cell")


def placed_columns(line: int, names: Sequence[str], columns: Sequence[Column]) -> list[Column]:
    """The columns in the order of the file. A wrong header makes every row wrong, so it is refused first."""
    known = {column.name: column for column in columns}
    names = [name.strip() for name in names]
    for place, name in enumerate(names):
        if name not in known:
            said = shortened(name) if name else _("number %(place)s, which has no name") % {"place": place + 1}
            raise Unreadable(line, "unknown_column", f"Header, column {said}: {unknown_column(name, columns)}")
        if name in names[:place]:
            raise Unreadable(
                line, "duplicate_column", _("Header: the column “%(name)s” is given twice.") % {"name": name}
            )
    return [known[name] for name in names]


def told_row(
    line: int,
    given: Iterable[tuple[Cell | None, Column]],
    cell_of: Callable[[Cell, Column], str],
    faults: Faults,
) -> FileRow | None:
    """Nothing in a cell is null, or leaves the column as it is. None for a row whose faults have been told."""
    cells: dict[str, str | None] = {}
    good = True
    for value, column in given:
        try:
            if value is not None:
                cells[column.name] = cell_of(value, column)
            elif column.nullable:
                cells[column.name] = None
        except BadCell as bad:
            good = False
            faults.add(line, column.name, bad.code, bad.sentence)
    return FileRow(line, cells) if good else None
