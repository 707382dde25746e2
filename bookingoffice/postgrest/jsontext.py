"""JSON with every number as it is: a Decimal keeps its digits, which the standard encoder would not allow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def encode(value: Any) -> str:
    """Dates, UUIDs and whatever else JSON does not know become text."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(str(key))}:{encode(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(encode(each) for each in value) + "]"
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
