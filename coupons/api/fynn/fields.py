"""Values as the wire writes them, each in both directions. Nothing is guessed: a number is no text and a text no number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, NoReturn

from drf_spectacular.drainage import set_override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty

from bookingoffice.accounts.deadlines import deadline
from bookingoffice.errors import RuleViolation
from bookingoffice.money import decimals
from coupons.api.fynn.errors import BLANK
from coupons.codes import code_faults

BIGGEST: Final = 2**31 - 1
_BLANK_SENTENCE: Final = "This value should not be blank."
_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?([Zz]|[+-]\d{2}(:?\d{2})?)?)?", re.ASCII
)


class Strict(serializers.Field[Any, Any, Any, Any]):
    """A required value is neither left out nor null; both are the same fault."""

    default_error_messages = {BLANK: _BLANK_SENTENCE, "null": "This value should not be null."}

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        if self.required and (data is empty or data is None):
            self.fail(BLANK)
        return super().validate_empty_values(data)

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "string", "minLength": 1, "pattern": r"\S"})
class Text(Strict):
    default_error_messages = {"not_text": "This value should be a text."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_text")
        if not data.strip():
            self.fail(BLANK)
        return data


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": 64})
class Code(Text):
    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if faults := code_faults(code):
            raise ValidationError([ErrorDetail(fault.message, code=fault.code) for fault in faults])
        return code


class Choice(Strict):
    """`names` leads from the wire's word to ours."""

    def __init__(self, names: Mapping[str, str], sentence: str, **options: Any) -> None:
        super().__init__(**options)
        self.names = dict(names)
        self.sentence = sentence
        set_override(self, "field", {"type": "string", "enum": list(names)})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.names:
            raise ValidationError(self.sentence, code="no_choice")
        return self.names[data]

    def to_representation(self, value: Any) -> str:
        return next(name for name, ours in self.names.items() if ours == value)


class Whole(Strict):
    """A number without a fraction, however it is written: 15 and 15.0 are the same, "15" is a text."""

    default_error_messages = {"not_whole": "This value should be a whole number."}

    def __init__(self, lowest: int = 0, highest: int = BIGGEST, **options: Any) -> None:
        super().__init__(**options)
        self.lowest, self.highest = lowest, highest
        set_override(self, "field", {"type": "integer", "minimum": lowest, "maximum": highest})

    def to_internal_value(self, data: Any) -> int:
        number = whole(data)
        if number is None:
            self.fail("not_whole")
        if not self.lowest <= number <= self.highest:
            sentence = f"This value should be between {self.lowest} and {self.highest}."
            raise ValidationError(sentence, code="out_of_range")
        return number

    def to_representation(self, value: Any) -> int:
        return int(value)


@extend_schema_field({"type": "boolean"})
class Flag(Strict):
    default_error_messages = {"not_boolean": "This value should be true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("not_boolean")
        return data


@extend_schema_field({"type": "string", "format": "date-time"})
class Instant(Strict):
    """`context["timezone"]` says where a bare date ends, and where a time without an offset is meant."""

    def to_internal_value(self, data: Any) -> datetime:
        if not isinstance(data, str) or not _INSTANT.fullmatch(data):
            self._refuse()
        try:
            return deadline(data.upper(), self.context["timezone"]).astimezone(UTC)
        except (RuleViolation, OverflowError):
            self._refuse()

    def to_representation(self, value: datetime) -> str:
        return atom(value)

    def _refuse(self) -> NoReturn:
        sentence = "This value should be an instant such as 2027-04-30T18:00:00+02:00, or a date."
        raise ValidationError(sentence, code="deadline_not_understood")


def whole(value: object) -> int | None:
    """None for anything else; the size is asked first, since 1E+999999 is a whole number too."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < 30 and not decimals(value):
        return int(value)
    return value if isinstance(value, int) else None


def atom(moment: datetime) -> str:
    """PHP's ATOM in UTC, whole seconds: 2027-05-02T07:45:00+00:00."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
