"""PriceExpression: a discount as Bookingmood writes it, what is wrong with one, and the one amount or percentage in it.

Two shapes are published. `relative` is a percentage, negative for a discount; `absolute` is a list of variants, each an
amount taken off in major units. Anything else a client sends under another type is kept as it came and never computed.
Numbers are int or Decimal; a float is refused as a programming error, since it has lost what was sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, TypeGuard

from bookingoffice import money
from bookingoffice.errors import Fault, RuleViolation
from bookingoffice.speech import gettext as _

Kind = Literal["amount", "percent", "expression"]

ABSOLUTE: Final = "absolute"
RELATIVE: Final = "relative"
PERCENT_DECIMALS: Final = 4
MOST_DIGITS: Final = 4300
"""Of a number that is kept and never computed: to read longer ones takes ever longer."""
_EXPRESSION_KEYS: Final = {"type", "restrictions", "value"}
_NUMBERS: Final = (int, Decimal)
_VARIANT_KEYS: Final = {"value", "period", "occupancy_group_id"}


@dataclass(frozen=True, slots=True)
class Value:
    """What a definition comes to. `percent` is the part taken off, 0 to 100; both halves are None for an expression."""

    kind: Kind
    amount_minor: int | None = None
    currency: str | None = None
    percent: Decimal | None = None


class _Flaw(NamedTuple):
    code: str
    path: str
    message: str


def definition_faults(value: object, currency: str, *, field: str = "definition", row: int = 0) -> list[Fault]:
    """Every fault of a published shape, amounts held against the currency; other types pass whole."""
    return [Fault(field, flaw.code, flaw.message, flaw.path, row) for flaw in _flaws(value, currency)]


def plain_value(definition: object, currency: str) -> Value | None:
    """What a definition of nothing but one number comes to, as most do; None for all others, those with faults among them."""
    if not isinstance(definition, dict) or definition.keys() != _EXPRESSION_KEYS or definition["restrictions"] != []:
        return None
    number = definition["value"]
    if definition["type"] == ABSOLUTE and isinstance(number, list) and number[1:] == []:
        number = _plain_amount(*number)
    elif definition["type"] != RELATIVE:
        return None
    known = type(number) in _NUMBERS and isinstance(currency, str)
    return _value_of(definition["type"], number, currency) if known else None


def _plain_amount(variant: object = None) -> object:
    if isinstance(variant, dict) and variant.keys() == _VARIANT_KEYS:
        return variant["value"] if variant["period"] is variant["occupancy_group_id"] is None else None
    return None


@lru_cache(maxsize=1024)
def _value_of(kind: str, number: int | Decimal, currency: str) -> Value | None:
    if kind == RELATIVE:
        return _reduce_relative(Decimal(number))
    if any(_amount_flaws(number, "", currency)):
        return None
    return Value("amount", amount_minor=money.major_to_minor(number, currency), currency=currency)


def reduce_definition(definition: Mapping[str, Any], currency: str) -> Value:
    """One amount or one percentage where the definition says no more than that; the definition has no faults."""
    if definition.keys() - _EXPRESSION_KEYS or definition.get("restrictions"):
        return Value("expression")
    if definition["type"] == RELATIVE:
        return _reduce_relative(Decimal(definition["value"]))
    if definition["type"] == ABSOLUTE:
        return _reduce_absolute(definition["value"], currency)
    return Value("expression")


def definition_of(
    kind: Kind, amount_minor: int | None = None, currency: str | None = None, percent: Decimal | None = None
) -> dict[str, Any]:
    """The published shape that says exactly this; the inverse of `reduce_definition`."""
    if kind == "percent" and percent is not None:
        return {"type": RELATIVE, "restrictions": [], "value": _json_number(-percent)}
    if kind == "amount" and amount_minor is not None and currency is not None:
        amount = _json_number(money.minor_to_major(amount_minor, currency))
        variant = {"value": amount, "period": None, "occupancy_group_id": None}
        return {"type": ABSOLUTE, "restrictions": [], "value": [variant]}
    raise ValueError(f"no definition can be made of kind {kind!r} with amount {amount_minor!r} and percent {percent!r}")


def _reduce_relative(change: Decimal) -> Value:
    if not -100 <= change <= 0 or money.decimals(change) > PERCENT_DECIMALS:
        return Value("expression")
    return Value("percent", percent=abs(change))


def _reduce_absolute(variants: list[dict[str, Any]], currency: str) -> Value:
    if len(variants) != 1:
        return Value("expression")
    [variant] = variants
    plain = variant.get("period") is None and variant.get("occupancy_group_id") is None
    if not plain or variant.keys() - _VARIANT_KEYS:
        return Value("expression")
    return Value("amount", amount_minor=money.major_to_minor(variant["value"], currency), currency=currency)


def _flaws(value: object, currency: str) -> Iterator[_Flaw]:
    if not isinstance(value, dict):
        yield _Flaw(
            "definition_not_object", "", _("A definition is an object with “type”, “restrictions” and “value”.")
        )
    elif "type" not in value:
        yield _Flaw("missing_type", "type", _("The type is missing."))
    elif not isinstance(value["type"], str):
        yield _Flaw("type_not_string", "type", _("The type is a text."))
    elif value["type"] in (ABSOLUTE, RELATIVE):
        yield from _published_flaws(value, currency)
        yield from _length_flaws([part for name, part in value.items() if name != "value"])
    else:
        yield from _length_flaws(value)


def _length_flaws(kept: object) -> Iterator[_Flaw]:
    """Of what is kept as it came."""
    if any(abs(number.adjusted()) > MOST_DIGITS for number in _numbers(kept)):
        yield _Flaw("number_too_long", "", "A number in it is larger or finer than can be kept.")


def _numbers(value: object) -> Iterator[Decimal]:
    """Of a JSON, however deep."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict() as members:
                waiting += members.values()
            case list() as items:
                waiting += items
            case bool():
                pass
            case int() | Decimal() as number:
                yield Decimal(number)


def _published_flaws(value: dict[str, Any], currency: str) -> Iterator[_Flaw]:
    if not isinstance(value.get("restrictions", []), list):
        yield _Flaw(
            "restrictions_not_list", "restrictions", _("The restrictions are a list, empty where there are none.")
        )
    if "value" not in value:
        yield _Flaw("missing_value", "value", _("The value is missing."))
    elif value["type"] == RELATIVE:
        yield from _number_flaws(value["value"], "value")
    else:
        yield from _variants_flaws(value["value"], currency)


def _variants_flaws(variants: object, currency: str) -> Iterator[_Flaw]:
    if not isinstance(variants, list):
        yield _Flaw("value_not_list", "value", _("An absolute value is a list with one entry per variant."))
    elif not variants:
        yield _Flaw("no_variants", "value", _("An absolute value has at least one entry."))
    else:
        for place, variant in enumerate(variants):
            yield from _variant_flaws(variant, f"value[{place}]", currency)


def _variant_flaws(variant: object, path: str, currency: str) -> Iterator[_Flaw]:
    if not isinstance(variant, dict):
        yield _Flaw("variant_not_object", path, _("A variant is an object with “value”."))
    elif "value" not in variant:
        yield _Flaw("missing_value", f"{path}.value", _("The variant has no value."))
    elif _is_number(amount := variant["value"]):
        yield from _amount_flaws(amount, f"{path}.value", currency)
    else:
        yield from _number_flaws(amount, f"{path}.value")


def _amount_flaws(amount: int | Decimal, path: str, currency: str) -> Iterator[_Flaw]:
    if amount < 0:
        yield _Flaw("amount_negative", path, _("The amount taken off is not negative."))
    try:
        money.major_to_minor(amount, currency)
    except RuleViolation as violation:
        yield _Flaw(violation.code, path, violation.sentence)


def _number_flaws(number: object, path: str) -> Iterator[_Flaw]:
    if not _is_number(number):
        yield _Flaw("value_not_number", path, _("The value is a number."))


def _is_number(number: object) -> TypeGuard[int | Decimal]:
    if isinstance(number, float):
        raise TypeError("numbers of a definition are read as int or Decimal, never as float")
    return isinstance(number, int | Decimal) and not isinstance(number, bool)


def _json_number(number: Decimal) -> int | Decimal:
    """Whole numbers without a point, others without trailing zeros: 20, 12.5."""
    text = money.plain(number)
    return Decimal(text) if "." in text else int(text)
