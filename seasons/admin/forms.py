"""A season as staff write it: its name, whether its dates are decided, and the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminRadioSelectWidget

from bookingoffice.accounts.admin.forms import TenantForm
from bookingoffice.accounts.admin.texts import TextsField, TextsWidget
from seasons.admin.days import DaysField, without_spare
from seasons.expressions import RECURRING, intervals_of
from seasons.models import Season

DATES, UNDECIDED, NEVER = "dates", "undecided", "never"
NEVER_VALUE = {"type": RECURRING, "intervals": []}


class NameWidget(TextsWidget):
    template_name = "seasons/widgets/name.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        if isinstance(value, list):
            value = [value[0], *without_spare(value[1:])]
        return super().get_context(name, value, attrs)


class SeasonForm(TenantForm):
    asking: ClassVar[bool] = False
    """Somebody asks about the rows as they stand: nothing is saved, however right it is."""
    columns: ClassVar[Mapping[str, str]] = {"value": "days"}

    name = TextsField(label=gettext_lazy("Name"), widget=NameWidget)
    decided = forms.ChoiceField(
        label=gettext_lazy("When"),
        initial=DATES,
        choices=[
            (DATES, gettext_lazy("On the days below, every year")),
            (UNDECIDED, gettext_lazy("Dates are not decided yet")),
            (NEVER, gettext_lazy("Never: deliberately no dates")),
        ],
        widget=UnfoldAdminRadioSelectWidget(),
    )
    days = DaysField(
        label=gettext_lazy("Days"),
        required=False,
        help_text=gettext_lazy("Both days are included. For nights: the last night, not the day of departure."),
    )

    class Meta:
        model = Season
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            value = self.instance.value
            self.initial["decided"] = DATES if intervals_of(value) else UNDECIDED if value is None else NEVER
            self.initial["days"] = value

    def is_valid(self) -> bool:
        return super().is_valid() and not self.asking

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        days = cleaned.get("days")
        if cleaned.get("decided") == DATES:
            if days is not None and not days["intervals"]:
                self.add_error("days", _("Give at least one row of days, or choose that there are none."))
        elif days and days["intervals"]:
            self.add_error("decided", _("There are days below; remove them or choose the first answer."))
        return cleaned

    def value(self) -> dict[str, Any] | None:
        """What is stored: null while undecided, no intervals for never."""
        answers: dict[str, dict[str, Any] | None] = {UNDECIDED: None, NEVER: NEVER_VALUE}
        value: dict[str, Any] | None = answers.get(self.cleaned_data["decided"], self.cleaned_data["days"])
        return value
