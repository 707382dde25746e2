"""Form fields of a coupon that no column has by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
)

WEEKDAYS = [
    (1, "Monday"), (2, "Tuesday"), (3, "Wednesday"), (4, "Thursday"), (5, "Friday"), (6, "Saturday"), (7, "Sunday"),
]  # fmt: skip
MOST_DATES = 366


def money_field(label: str, help_text: str = "") -> forms.DecimalField:
    """Major units; how many decimals there may be depends on the currency and is judged with it."""
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=0, widget=UnfoldAdminDecimalFieldWidget()
    )


def percent_field() -> forms.DecimalField:
    return forms.DecimalField(
        label="Percent",
        required=False,
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text="0 to 100, up to four decimals.",
    )


def number_field(label: str, help_text: str = "") -> forms.IntegerField:
    """From 0 up, as far as the database counts."""
    widget = UnfoldAdminIntegerFieldWidget()
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=2**31 - 1, widget=widget
    )


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Cleans to ISO weekdays, Monday is 1; None where no day is ticked, which is every day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = UnfoldAdminCheckboxSelectMultipleWidget()
        super().__init__(choices=WEEKDAYS, coerce=int, empty_value=None, required=False, widget=widget, **kwargs)


class DatesField(forms.CharField):
    """Days written as 2027-12-31, one a line or parted by commas; cleans to a sorted list, None where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[date] | None:
        words = super().clean(self.prepare_value(value)).replace(",", " ").split()
        if len(words) > MOST_DATES:
            raise ValidationError(f"Give at most {MOST_DATES} days.")
        return sorted({_day(word) for word in words}) or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "").split() != (data or "").split()


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ValidationError(f"“{word[:20]}” is not a day; write it like 2027-12-31.") from None
