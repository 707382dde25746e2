"""The query string as keys and values, and the keys that are not filters."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from ..errors import unreadable_query

Pair = tuple[str, str]
SINGLE = ("select", "columns", "on_conflict")
PLACED = ("order", "limit", "offset", "and", "or")


@dataclass(slots=True)
class Parameters:
    """Each kind in the order sent; `single` holds the first of its key only."""

    single: dict[str, str] = field(default_factory=dict)
    order: list[Pair] = field(default_factory=list)
    ranges: list[Pair] = field(default_factory=list)
    logic: list[Pair] = field(default_factory=list)
    filters: list[Pair] = field(default_factory=list)


def sort_parameters(query_string: bytes) -> Parameters:
    """Raises PGRST100 for bytes that are no text."""
    parameters = Parameters()
    for key, value in _pairs(query_string):
        last = key.rsplit(".", 1)[-1]
        if key in SINGLE:
            parameters.single.setdefault(key, value)
        elif last not in PLACED:
            parameters.filters.append((key, value))
        elif last == "order":
            parameters.order.append((key, value))
        elif last in ("limit", "offset"):
            parameters.ranges.append((key, value))
        else:
            parameters.logic.append((key, value))
    return parameters


def _pairs(query_string: bytes) -> list[Pair]:
    """Pairs end at `&` or `;`, as PostgREST v11.1 splits them; one without `=` says nothing."""
    pieces = query_string.removeprefix(b"?").replace(b";", b"&").split(b"&")
    halves = (piece.partition(b"=") for piece in pieces)
    return [(_decoded(key), _decoded(value)) for key, equals, value in halves if equals]


def _decoded(encoded: bytes) -> str:
    try:
        text = unquote_to_bytes(encoded.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise unreadable_query("The query string is not valid UTF-8") from None
    if "\0" in text:
        raise unreadable_query("The query string contains a null character")
    return text
