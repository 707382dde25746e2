"""History in words: "changed coupon SUMMER", "quota: 40 → 60"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

TABLES: Final = {
    "coupons": "coupon",
    "coupon_uses": "coupon use",
    "coupon_batches": "batch of coupons",
    "coupon_products": "coupon product",
    "coupon_services": "coupon service",
    "coupon_plans": "coupon plan",
    "seasons": "season",
    "season_years": "season year",
    "season_feeds": "season feed",
    "api_keys": "API key",
    "webhooks": "webhook",
    "members": "member",
    "invitations": "invitation",
    "products": "product",
    "services": "service",
    "plans": "plan",
    "bookings": "booking",
    "line_items": "line item",
    "organizations": "organization",
}
NOTHING: Final = "nothing"
LONGEST: Final = 120
_UNSPOKEN: Final = frozenset({"digest", "seed", "terms", "public_id", "slot"})
_USUAL: Final[tuple[Any, ...]] = (None, False, 0, "", "all", "any", [], {}, {"default": ""})
"""What a new row says of itself when nobody said anything."""


def deed(action: str, table: str, label: str) -> str:
    return f"{action} {TABLES.get(table, table.replace('_', ' '))} {label}".strip()


def changes_in_words(changes: Mapping[str, Any]) -> Iterator[str]:
    """One line a column, sorted. Of a new row only what is out of the ordinary; of a deleted one what it was."""
    for column in sorted(changes.keys() - _UNSPOKEN):
        before, after = changes[column]
        if None in (before, after) and all(value in _USUAL or _structured(value) for value in (before, after)):
            continue
        yield f"{column.removesuffix('_minor').removesuffix('_id').replace('_', ' ')}: {_step(before, after)}"


def _step(before: Any, after: Any) -> str:
    if before is None:
        return _text(after)
    if _structured(before) or _structured(after):
        return "changed"
    return f"{_text(before)} → {_text(after)}"


def _structured(value: Any) -> bool:
    """What only programs read; a name in several languages is no such thing."""
    return isinstance(value, list | dict) and _name(value) is None


def _name(value: Any) -> str | None:
    if isinstance(value, dict) and "default" in value and all(isinstance(text, str) for text in value.values()):
        return ", ".join(text for text in value.values() if text)
    return None


def _text(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _name(value) or str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
