"""Values as this dialect takes them: nothing is converted, a text is no number and 1 is not true.

`expected` is the word for a value of the right type in an answer that refuses another one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn, TypeGuard

from rest_framework import serializers

from bookingoffice.accounts.deadlines import deadline
from bookingoffice.errors import RuleViolation
from bookingoffice.money import decimals, plain

WRONG_TYPE = "invalid_type"
DATE_OR_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
MOST_DIGITS = 30
BEYOND: int = 10**MOST_DIGITS


@dataclass(frozen=True, slots=True)
class Deadline:
    """The first moment that is too late, and how it was written."""

    text: str
    moment: datetime


def refuse(message: str, code: str = WRONG_TYPE) -> NoReturn:
    raise serializers.ValidationError(message, code)


class Text(serializers.CharField):
    expected = "string"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_blank": True, "trim_whitespace": False, **kwargs})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Past CharField's own, which takes the empty text out of everybody's hands."""
        return serializers.Field.run_validation(self, data)

    def to_internal_value(self, data: Any) -> str:
        return data if isinstance(data, str) else refuse("must be a string")


class Choice(serializers.ChoiceField):
    expected = "string"

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            refuse("must be a string")
        if data not in self.choices:
            refuse(f"must be one of {self.named}", "invalid_enum_value")
        return data

    @property
    def named(self) -> str:
        return ", ".join(self.choices) if len(self.choices) < 10 else f"the {len(self.choices)} supported codes"


class Whole(serializers.IntegerField):
    """An integer, also one written with a point: 2000.0."""

    expected = "integer"

    def __init__(self, *, least: int, most: int, of: str = "", **kwargs: Any) -> None:
        super().__init__(
            min_value=least,
            max_value=most,
            error_messages={"min_value": f"must be {least} or more", "max_value": f"must be {most} or less"},
            **kwargs,
        )
        self.sentence = f"must be a whole number{of}"

    def to_internal_value(self, data: Any) -> int:
        if not is_number(data) or data != int_like(data):
            refuse(self.sentence)
        if data and isinstance(data, Decimal) and data.adjusted() > MOST_DIGITS:
            return BEYOND if data > 0 else -BEYOND  # 1E+999999 is not written out only to be refused
        return int(data) if data else 0  # nor is 0E+999999


class Percentage(serializers.FloatField):
    """0 to 100 with up to four decimals, as a Decimal without trailing zeros."""

    expected = "number"
    DECIMALS = 4

    def to_internal_value(self, data: Any) -> Decimal:  # type: ignore[override]
        if not is_number(data):
            refuse("must be a number")
        if not 0 <= data <= 100:
            refuse("must be from 0 to 100", "too_small" if data < 0 else "too_big")
        if decimals(Decimal(data)) > self.DECIMALS:
            refuse(f"must have at most {self.DECIMALS} decimals", "too_precise")
        return Decimal(plain(Decimal(data))) if data else Decimal(0)


class Expiration(Text):
    """A date or a date with a time; its context knows the organization's time `zone`."""

    expected = "date or date-time"

    def to_internal_value(self, data: Any) -> Deadline:  # type: ignore[override]
        text = super().to_internal_value(data)
        if not DATE_OR_MOMENT.fullmatch(text):
            refuse("must be a date such as 2027-10-31 or a date-time such as 2027-10-31T18:00:00Z", "invalid_date")
        if not "0002" <= text[:4] <= "9998":
            refuse("must lie in the years 2 to 9998; null never expires", "invalid_date")
        try:
            return Deadline(text, deadline(text, self.context["zone"]).astimezone(UTC))
        except RuleViolation:
            refuse("must be a day and a time that exist", "invalid_date")


class TextList(serializers.ListField):
    expected = "array"
    child = Text()

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list):
            refuse("must be an array of strings")
        return list(super().to_internal_value(data))


def is_number(data: object) -> TypeGuard[int | Decimal]:
    return isinstance(data, int | Decimal) and not isinstance(data, bool)


def int_like(number: int | Decimal) -> int | Decimal:
    return number.to_integral_value() if isinstance(number, Decimal) else number


def type_name(data: object) -> str:
    """As JSON's own types are called; a number that is not whole is a float."""
    match data:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case Decimal():
            return "float"
        case str():
            return "string"
        case Mapping():
            return "object"
    return "array"
