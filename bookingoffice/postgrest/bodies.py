"""Request bodies as rows: JSON whatever the Content-Type says, and CSV."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Any, Final, NoReturn

from .bounds import WORKING_BOUNDS, Bounds
from .errors import Problem, bad_body, body_too_large

BROKEN_JSON = "Empty or invalid json"
BROKEN_CSV = "Empty or invalid csv"
UNEQUAL_KEYS = "All object keys must match"
UNEVEN_LINES = "All lines must have same number of fields"
CSV_TYPE: Final = "text/csv"
FORM_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/")
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
CONTAINERS: Final = frozenset({dict, list})
LONGEST_INT = 4300  # digits; beyond that Python refuses to convert

Row = Mapping[str, Any]

csv.field_size_limit(WORKING_BOUNDS.body_bytes)  # a field may be as long as a body; the module's own limit is 128 KiB


@dataclass(frozen=True, slots=True)
class Body:
    """`rows` for rules written in Python, `array` the same rows as sent, a JSON array for json_to_recordset.

    `keys` are those every row has, or those named by `columns`; sorted, so that the first unknown one is the one
    PostgREST names. `is_object` tells a bare object from an array. Numbers in `rows` are int or Decimal, never float.
    """

    rows: tuple[Row, ...]
    array: str
    keys: tuple[str, ...]
    is_object: bool = False


EMPTY: Final = Body((), "[]", ())


def parse_body(
    raw: bytes,
    content_type: str | None = None,
    *,
    columns: Sequence[str] | None = None,
    bounds: Bounds = WORKING_BOUNDS,
) -> Body:
    """Raises 413 for too many bytes, PGRST102 for everything that is no list of rows."""
    if len(raw) > bounds.body_bytes:
        raise body_too_large(bounds.body_bytes)
    media = (content_type or "").partition(";")[0].strip().lower()
    text = _decoded(raw)
    if media == CSV_TYPE:
        return _csv_body(text, columns, bounds)
    return _json_body(_parsed(text, media, bounds), text, columns, bounds)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise bad_body("The body is not valid UTF-8") from None


def _json_body(value: Any, text: str, columns: Sequence[str] | None, bounds: Bounds) -> Body:
    if isinstance(value, dict):
        return Body((value,), f"[{text}]", _keys(columns, [value]), is_object=True)
    if not isinstance(value, list) or not value:
        return EMPTY
    if not all(isinstance(row, dict) for row in value):
        raise bad_body(UNEQUAL_KEYS)
    return Body(tuple(value), text, _keys(columns, value))


def _keys(columns: Sequence[str] | None, rows: Sequence[Row]) -> tuple[str, ...]:
    if columns is not None:
        return tuple(sorted(set(columns)))
    first = rows[0].keys()
    if any(row.keys() != first for row in rows):
        raise bad_body(UNEQUAL_KEYS)
    return tuple(sorted(first))


def _admit_rows(count: int, bounds: Bounds) -> None:
    if count > bounds.body_rows:
        raise bad_body(f"The number of rows is more than the {bounds.body_rows} that are allowed")


def _parsed(text: str, media: str, bounds: Bounds) -> Any:
    try:
        value = json.loads(text, parse_int=_integer, parse_float=_decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _unreadable(media) from None
    if isinstance(value, list):
        _admit_rows(len(value), bounds)
    if _is_deeper(value, bounds.json_depth):
        raise bad_body(f"The nesting of the body is more than the {bounds.json_depth} that are allowed")
    if SURROGATE.search(text) and _has_lone_surrogate(value):
        raise bad_body(BROKEN_JSON)
    return value


def _unreadable(media: str) -> Problem:
    if media.startswith(FORM_TYPES):
        return bad_body(f"Content-Type not acceptable: {media}")
    return bad_body(BROKEN_JSON)


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= LONGEST_INT else Decimal(text)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of twenty digits
        raise ValueError(text) from None


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _is_deeper(value: Any, limit: int) -> bool:
    """Whether containers are nested more than `limit` deep; level by level, without recursion."""
    level = [value] if type(value) in CONTAINERS else []
    for _ in range(limit):
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent)
            if type(child) in CONTAINERS
        ]
        if not level:
            return False
    return True


def _has_lone_surrogate(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return True
    return False


def _csv_body(text: str, columns: Sequence[str] | None, bounds: Bounds) -> Body:
    """A header line and a line a row. The word NULL is null; all else is text, also for a JSON column."""
    lines = _csv_lines(text)
    header = next(lines, None)
    if not header:
        raise bad_body(BROKEN_CSV)
    rows: list[Row] = []
    for line in lines:
        if len(line) < len(header):
            raise bad_body(UNEVEN_LINES)
        rows.append({key: None if field == "NULL" else field for key, field in zip(header, line, strict=False)})
        _admit_rows(len(rows), bounds)
    if not rows:
        return EMPTY
    return Body(tuple(rows), json.dumps(rows, ensure_ascii=False), _keys(columns, rows))


def _csv_lines(text: str) -> Iterator[list[str]]:
    """Lines that hold anything."""
    try:
        yield from filter(None, csv.reader(StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise bad_body(BROKEN_CSV) from None
