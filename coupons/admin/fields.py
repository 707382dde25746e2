"""Form fields of a coupon that no column has by itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
)

from coupons.stay_clauses import WEEKDAYS as NAMES_OF_WEEKDAYS

if TYPE_CHECKING:
    from bookingoffice.accounts.admin.choices import Words

WEEKDAYS = list(enumerate(NAMES_OF_WEEKDAYS, 1))
MOST_DATES = 366


def money_field(label: Words, help_text: Words = "") -> forms.DecimalField:
    """Major units; how many decimals there may be depends on the currency and is judged with it."""
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=0, widget=UnfoldAdminDecimalFieldWidget()
    )


def percent_field() -> forms.DecimalField:
    return forms.DecimalField(
        label=gettext_lazy("Percent"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text=gettext_lazy("0 to 100, up to four decimals."),
    )


def number_field(label: Words, help_text: Words = "") -> forms.IntegerField:
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
            raise ValidationError(_("Give at most %(number)s days.") % {"number": MOST_DATES})
        return sorted({_day(word) for word in words}) or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "").split() != (data or "").split()


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ValidationError(_("“%(word)s” is not a day; write it like 2027-12-31.") % {"word": word[:20]}) from None
