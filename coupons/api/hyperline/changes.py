"""From the values that were sent to columns. What says the same as before is no change and touches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coupons.api.hyperline.fields import Deadline
from coupons.api.hyperline.wire import FORMS, REPEATS
from coupons.models import Repeat

Values = Mapping[str, Any]

PLAIN: Final = {"name": "name", "description": "description", "redemption_limit": "quota"}
VALUE_KEYS: Final = ("type", *FORMS["amount"], *FORMS["percent"])
REPEAT_KEYS: Final = ("repeat", "duration")
NOT_SAID: Final = object()
SAID_BY_SILENCE: Final[Values] = {"repeat": "once", "duration": None, "product_ids": []}


def differing(values: Values, told: Values) -> dict[str, Any]:
    """Those of the values that `told`, the coupon as it is printed now, does not say already."""
    before = {**SAID_BY_SILENCE, **told}
    return {
        name: value
        for name, value in values.items()
        if _comparable(name, value) != _comparable(name, before.get(name, NOT_SAID))
    }


def columns_of(changes: Values, told: Values) -> dict[str, Any]:
    """`told` is the coupon before, empty for a new one. Products are links, not columns, and stay out."""
    columns = {column: changes[name] for name, column in PLAIN.items() if name in changes}
    if "expiration_date" in changes:
        columns |= _expiration(changes["expiration_date"])
    if changes.keys() & set(VALUE_KEYS):
        columns |= _value({**told, **changes})
    if changes.keys() & set(REPEAT_KEYS):
        columns |= _repeat(changes, told)
    return columns


def _comparable(name: str, value: Any) -> Any:
    if name == "product_ids":
        return frozenset(value or ())
    return value.text if isinstance(value, Deadline) else value


def _expiration(given: Deadline | None) -> dict[str, Any]:
    return {"expires_at": given and given.moment, "expires_text": given and given.text}


def _value(values: Values) -> dict[str, Any]:
    """All columns of the value, whichever of them changes: they and the definition are written as one."""
    if values["type"] == "percent":
        return {"kind": "percent", "percent": values["discount_percent"]}
    return {"kind": "amount", "amount_minor": values["discount_amount"], "currency": values["currency"]}


def _repeat(changes: Values, told: Values) -> dict[str, Any]:
    """A period that says what is printed is not written: `months` may stand for billing periods."""
    repeat = REPEATS[changes.get("repeat", told.get("repeat", "once"))]
    if repeat != Repeat.LIMITED:
        return {"repeat": repeat, "repeat_count": None, "repeat_unit": None}
    before = told.get("duration") or {}
    duration = changes.get("duration") or before
    columns = {"repeat": repeat, "repeat_count": duration["count"]}
    return columns if duration["period"] == before.get("period") else {**columns, "repeat_unit": duration["period"]}
