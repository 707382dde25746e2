"""JSON text that keeps a decimal's digits: rows travel to PostgreSQL as JSON, and PostgreSQL gives them their types."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID


class Written(str):
    """JSON text already; it stands as it is."""


def json_text(value: object) -> str:
    """Decimals as numbers with every digit; dates, instants and UUIDs as text. Raises TypeError for anything else unknown."""
    match value:
        case Mapping():
            return "{" + ",".join(f"{json.dumps(str(key))}:{json_text(item)}" for key, item in value.items()) + "}"
        case Decimal():
            return str(value)
        case date():  # an instant is one too
            return json.dumps(value.isoformat())
        case UUID():
            return json.dumps(str(value))
        case Written():
            return str(value)
        case str():
            return json.dumps(value)
        case Sequence():
            return "[" + ",".join(json_text(item) for item in value) + "]"
    return json.dumps(value, allow_nan=False)
