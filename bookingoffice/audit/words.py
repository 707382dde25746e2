"""History in words: "changed coupon SUMMER", "quota: 40 → 60"."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

TABLES: Final = {
    "coupons": "coupon",
    "coupon_uses": "coupon use",
    "coupon_products": "coupon product",
    "coupon_services": "coupon service",
    "coupon_plans": "coupon plan",
    "seasons": "season",
    "season_years": "season year",
    "api_keys": "API key",
    "members": "member",
    "products": "product",
    "services": "service",
    "plans": "plan",
    "bookings": "booking",
    "line_items": "line item",
    "organizations": "organization",
}
NOTHING: Final = "nothing"
LONGEST: Final = 120
_UNSPOKEN: Final = frozenset({"digest", "terms"})


def deed(action: str, table: str, label: str) -> str:
    return f"{action} {TABLES.get(table, table.replace('_', ' '))} {label}".strip()


def changes_in_words(changes: Mapping[str, Any]) -> Iterator[str]:
    """One line a column, sorted. A value that was not there is left out rather than named, in a new row and a deleted one."""
    for column in sorted(changes.keys() - _UNSPOKEN):
        before, after = changes[column]
        yield f"{column.removesuffix('_minor').removesuffix('_id').replace('_', ' ')}: {_step(before, after)}"


def _step(before: Any, after: Any) -> str:
    if before is None:
        return _text(after)
    return f"{_text(before)} → {_text(after)}"


def _text(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
