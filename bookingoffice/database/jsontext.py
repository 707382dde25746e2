"""JSON text that keeps a decimal's digits: rows travel to PostgreSQL as JSON, and PostgreSQL gives them their types."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from secrets import token_hex
from uuid import UUID

_MARK = token_hex(16)  # nobody who sends a text can know it
_MARKED = re.compile(f'"{_MARK}([0-9]+)"')


class Written:
    """JSON text already; it stands as it is."""

    def __init__(self, text: object) -> None:
        self.text = str(text)

    def __str__(self) -> str:
        return self.text


def json_text(value: object) -> str:
    """Decimals as numbers with every digit; dates, instants and UUIDs as text. Raises TypeError for anything else unknown."""
    verbatim: list[str] = []

    def plain(item: object) -> object:
        match item:
            case Decimal() | Written():
                verbatim.append(str(item))
                return f"{_MARK}{len(verbatim) - 1}"
            case UUID():
                return str(item)
            case date():  # an instant is one too
                return item.isoformat()
            case Mapping():
                return dict(item)
            case Sequence():
                return list(item)
        raise TypeError(f"{type(item).__name__} has no JSON text")

    text = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=plain).encode(value)
    return _MARKED.sub(lambda found: verbatim[int(found[1])], text) if verbatim else text
