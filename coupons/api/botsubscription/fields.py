"""Strict readings of JSON values: a text is a text, a truth a truth, and a number never passes through a float."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bookingoffice.accounts.deadlines import deadline
from bookingoffice.errors import RuleViolation

DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,50}(\.[0-9]{1,50})?")
INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
BARE_DATE: Final = len("2027-04-30")
LARGEST_COUNT: Final = 2**31 - 1
LARGEST_POWER: Final = 300
"""Numbers in metadata have at most so many digits before the point, or zeros after it."""


class Text(serializers.CharField):
    """Kept as sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class OneOf(serializers.ChoiceField):
    def to_internal_value(self, data: object) -> Any:
        if not isinstance(data, str) or data not in self.choices:
            raise serializers.ValidationError(f"This is one of {', '.join(map(str, self.choices))}.")
        return data


class Truth(serializers.BooleanField):
    def to_internal_value(self, data: object) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError("This is true or false.")
        return data


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "string"}]})
class Number(serializers.Field[Decimal, Any, str, Any]):
    """A JSON number or a decimal string. `negative` ones are refused everywhere."""

    def to_internal_value(self, data: object) -> Decimal:
        written = isinstance(data, str) and DECIMAL.fullmatch(data)
        if not written and (isinstance(data, bool) or not isinstance(data, int | Decimal)):
            raise serializers.ValidationError("This is a number, or a text such as 12.5.")
        number = Decimal(data)  # type: ignore[arg-type]
        if number < 0:
            raise serializers.ValidationError("This is not negative.")
        return number


@extend_schema_field(OpenApiTypes.INT)
class Count(Number):
    def to_internal_value(self, data: object) -> Any:
        number = super().to_internal_value(data)
        if number > LARGEST_COUNT or number != int(number):
            raise serializers.ValidationError(f"This is a whole number up to {LARGEST_COUNT}.")
        return int(number)


@extend_schema_field(OpenApiTypes.UUID)
class Identifier(serializers.Field[UUID, Any, str, Any]):
    def to_internal_value(self, data: object) -> UUID:
        try:
            return UUID(data if isinstance(data, str) else "")
        except ValueError:
            raise serializers.ValidationError("This is a UUID.") from None


@extend_schema_field(OpenApiTypes.DATETIME)
class Instant(serializers.Field[datetime, Any, str, Any]):
    """Without an offset it is meant in the organization's time zone; a bare date is its first moment, or with `lasting` its end."""

    def __init__(self, *, lasting: bool = False, **options: Any) -> None:
        self.lasting = lasting
        super().__init__(**options)

    def to_internal_value(self, data: object) -> datetime:
        if not isinstance(data, str) or not INSTANT.fullmatch(data):
            raise serializers.ValidationError("This is an instant such as 2027-04-30T18:00:00Z, or a date.")
        zone = str(self.context["zone"])
        try:
            if len(data) == BARE_DATE and not self.lasting:
                return datetime.combine(date.fromisoformat(data), time(), ZoneInfo(zone))
            return deadline(data, zone)
        except (ValueError, RuleViolation):
            raise serializers.ValidationError("There is no such day or time.") from None


@extend_schema_field(OpenApiTypes.OBJECT)
class AnyObject(serializers.Field[dict[str, Any], Any, Any, Any]):
    """Any JSON object whose numbers PostgreSQL can keep."""

    def to_internal_value(self, data: object) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("This is a JSON object.")
        if any(_is_huge(number) for number in _numbers(data)):
            raise serializers.ValidationError("A number in it is larger or finer than can be kept.")
        return data


def _numbers(value: object) -> Iterator[Decimal]:
    match value:
        case dict():
            for inner in value.values():
                yield from _numbers(inner)
        case list():
            for inner in value:
                yield from _numbers(inner)
        case int() | Decimal():
            yield Decimal(value)


def _is_huge(number: Decimal) -> bool:
    power = number.as_tuple().exponent
    return number.adjusted() > LARGEST_POWER or not isinstance(power, int) or power < -LARGEST_POWER
