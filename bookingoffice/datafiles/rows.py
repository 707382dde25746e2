"""One row of a file, as text that PostgreSQL is to type, whichever format it came in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from django.utils.translation import gettext as _

from bookingoffice.database.jsontext import json_text
from bookingoffice.datafiles.columns import Column

HALF_CHARACTERS = range(0xD800, 0xE000)
ESCAPED = re.compile(r"'+[=+\-@\t\r]")
"""A text that a spreadsheet would run as a formula has an apostrophe before it in a file, and so has one that looks so escaped."""

DEEPEST: Final = 256
"""Arrays and objects of JSON within each other, as many as the API takes: PostgreSQL gives up far below, Python sooner still."""

BRACKETS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
"""Those of JSON, and its texts, in which a bracket is none."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """The line it begins on and its cells; a column that is not given has no cell, None is null."""

    line: int
    cells: Mapping[str, str | None]

    def without(self, names: Collection[str]) -> FileRow:
        if not names:
            return self
        return FileRow(self.line, {name: cell for name, cell in self.cells.items() if name not in names})


class BadCell(Exception):
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def cell_of_text(text: str, column: Column) -> str:
    """A cell of a CSV file; a list is written with blanks between its items."""
    if column.is_list:
        return _array(text.split())
    if column.type == "jsonb":
        return whole_text(_shallow(text))
    return whole_text(text[1:] if column.is_free_text and ESCAPED.match(text) else text)


def cell_of_json(value: object, column: Column) -> str | None:
    """A value of a JSON file: texts stay texts, numbers keep their digits."""
    if value is None:
        if not column.nullable:
            raise BadCell("null_not_allowed", _("This cannot be null; leave it out to keep the default."))
        return None
    if column.type == "jsonb":
        return _shallow(_json(value))
    if column.is_list:
        if not isinstance(value, list):
            raise BadCell("not_a_list", _("This is a list, also for one item."))
        return _array([_scalar(item, column) for item in value])
    return whole_text(_scalar(value, column))


def unknown_column(name: str, columns: Iterable[Column]) -> str:
    known = [column.name for column in columns]
    close = get_close_matches(name, known, 1)
    return (
        _("There is no such column; was “%(close)s” meant?") % {"close": close[0]}
        if close
        else _("There is no such column; there are: %(known)s.") % {"known": ", ".join(known)}
    )


def _scalar(value: object, column: Column) -> str:
    match value:
        case str():
            return value
        case bool() | int() | Decimal() if column.element != "text":
            return json_text(value)
    raise BadCell("not_a_text" if column.element == "text" else "not_a_value", _("Put this in quotes, as a text."))


def _json(value: object) -> str:
    try:
        return json_text(value)
    except RecursionError:
        raise _too_deep() from None


def _shallow(text: str) -> str:
    """JSON that can be read back; whether it is JSON at all is PostgreSQL's to say."""
    depth = 0
    for found in BRACKETS.finditer(text) if text.count("[") + text.count("{") > DEEPEST else ():
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > DEEPEST:
            raise _too_deep()
    return text


def _too_deep() -> BadCell:
    return BadCell("too_deep", _("This row is nested too deeply."))


def _array(items: list[str]) -> str:
    """An array as PostgreSQL reads it, every item in quotes."""
    quoted = (whole_text(item).replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{item}"' for item in quoted) + "}"


def whole_text(text: str) -> str:
    """Refuses what no text of the database holds."""
    if "\0" in text:
        raise BadCell("nul_character", _("A text has no NUL character."))
    if not text.isascii() and any(ord(character) in HALF_CHARACTERS for character in text):
        raise BadCell("half_character", _("A text has no half of a character (a lone surrogate)."))
    return text
