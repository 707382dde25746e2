"""A body as values of `wire.CouponIn`, and everything that is wrong with it at once. No database here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from bookingoffice.money import plain
from coupons.api.hyperline.errors import Refused, WireFault
from coupons.api.hyperline.fields import WRONG_TYPE, Choice, type_name
from coupons.api.hyperline.wire import FORMS, TYPES, CouponIn

Path = tuple[str | int, ...]

SAID_OTHERWISE: Final[dict[str, tuple[str, str | None]]] = {
    "required": (WRONG_TYPE, "is required"),
    "null": (WRONG_TYPE, "must not be null"),
    "invalid": (WRONG_TYPE, "must be an object"),  # of a nested object; the fields say it in their own words
    "min_value": ("too_small", None),
    "max_value": ("too_big", None),
}
UNDEFINED: Final = "undefined"
LONGEST_ECHO: Final = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """`values` holds what was sent and understood, `faults` what was not; `kind` is the type that the coupon is to have."""

    body: Mapping[str, Any]
    kind: object
    values: dict[str, Any]
    faults: list[WireFault]


def read(body: object, *, required: frozenset[str], present: str | None, zone: str) -> Reading:
    """`required` are the keys that must be there whatever the others say; `present` is the type of a coupon that exists."""
    if not isinstance(body, dict):
        raise Refused([WireFault((), WRONG_TYPE, "The body must be one JSON object", "object", type_name(body))])
    reading = Reading(body, body.get("type", present), {}, [])
    serializer = CouponIn(context={"zone": zone})
    for name, field in serializer.fields.items():
        if name in body:
            _read_value(reading, name, field)
        elif name in required:
            reading.faults.append(missing(name))
    return reading


def missing(name: str) -> WireFault:
    field = CouponIn().fields[name]
    return WireFault((name,), WRONG_TYPE, "is required", _expected(field, WRONG_TYPE), UNDEFINED)


def value_faults(reading: Reading, present: str | None) -> Iterator[WireFault]:
    """A coupon has the keys of exactly one type: all of them where the type is new. Null says that a key is not there."""
    if reading.kind not in TYPES:
        return
    for name in FORMS[str(reading.kind)]:
        if name not in reading.body and reading.kind != present:
            yield missing(name)
    for name in foreign(reading.kind):
        if reading.body.get(name) is not None:
            sentence = f"does not belong to a coupon of type {reading.kind}"
            yield WireFault((name,), "unrecognized_keys", sentence, UNDEFINED, type_name(reading.body[name]))


def foreign(kind: object) -> tuple[str, ...]:
    """The value keys that a coupon of this type does not have."""
    return tuple(name for other, names in FORMS.items() if other != kind for name in names)


def repeat_faults(reading: Reading, present: str | None) -> Iterator[WireFault]:
    """`duration` belongs to `repeat: duration` and must come with it, unless the coupon has one already."""
    repeat, duration = reading.body.get("repeat", present or "once"), reading.body.get("duration")
    if repeat == "duration" and duration is None and (present != "duration" or "duration" in reading.body):
        yield WireFault(
            ("duration",),
            WRONG_TYPE,
            "is required with repeat duration",
            "object",
            _received(reading.body, ("duration",)),
        )
    if repeat in ("once", "forever") and duration is not None:
        sentence = f"does not belong to a coupon with repeat {repeat}"
        yield WireFault(("duration",), "unrecognized_keys", sentence, UNDEFINED, type_name(duration))


def in_order(faults: Iterable[WireFault]) -> list[WireFault]:
    """In the order of the keys in the contract; of one key only the first fault, which the others follow from."""
    places = {name: place for place, name in enumerate(CouponIn().fields)}
    first: dict[Path, WireFault] = {}
    for fault in faults:
        first.setdefault(fault.path, fault)
    return sorted(first.values(), key=lambda fault: places.get(str(fault.path[0]), -1) if fault.path else -1)


def _read_value(reading: Reading, name: str, field: Any) -> None:
    if reading.body[name] is None and name in foreign(reading.kind):
        return
    try:
        reading.values[name] = field.run_validation(reading.body[name])
    except serializers.ValidationError as error:
        reading.faults.extend(_faults(error.detail, (name,), field, reading.body))


def _faults(detail: Any, path: Path, field: Any, body: Mapping[str, Any]) -> Iterator[WireFault]:
    """DRF nests what is wrong: by key, by place in a list, and under `non_field_errors` for the whole."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            whole = key == "non_field_errors"
            yield from _faults(inner, path if whole else (*path, key), field if whole else _inner(field, key), body)
        return
    for told in detail:
        yield _fault(told, path, field, body)


def _fault(told: ErrorDetail, path: Path, field: Any, body: Mapping[str, Any]) -> WireFault:
    own = str(told.code)
    code, sentence = SAID_OTHERWISE.get(own, (own, None))
    received = _received(body, path) if code == WRONG_TYPE else _echo(_at(body, path))
    return WireFault(path, code, sentence or str(told), _expected(field, code), received)


def _inner(field: Any, key: str | int) -> Any:
    return field.child if isinstance(key, int) else field.fields[key]


def _expected(field: Any, code: str) -> str:
    return field.named if isinstance(field, Choice) and code != WRONG_TYPE else str(field.expected)


def _at(body: Any, path: Path) -> Any:
    for step in path:
        body = body[step]
    return body


def _received(body: Mapping[str, Any], path: Path) -> str:
    try:
        return type_name(_at(body, path))
    except (KeyError, IndexError):
        return UNDEFINED


def _echo(value: object) -> str:
    """What was sent, short enough to be read."""
    text = plain(value) if isinstance(value, Decimal) and abs(value.adjusted()) < LONGEST_ECHO else str(value)
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"
