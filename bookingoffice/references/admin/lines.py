"""One line of a booking as a form: amounts in the booking's currency, the name in its default language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from bookingoffice.accounts.admin.forms import TenantForm
from bookingoffice.localized import DEFAULT
from bookingoffice.money import is_currency, minor_to_major
from bookingoffice.references.models import Booking, LineItem, LineItemType

TARGETS = ("product", "service", "plan")


class LineForm(TenantForm):
    """The other languages of the name stay as they are."""

    title = forms.CharField(label=gettext_lazy("Title"), widget=UnfoldAdminTextInputWidget())
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), widget=UnfoldAdminDecimalFieldWidget(), help_text=gettext_lazy("The whole line.")
    )
    tax = forms.DecimalField(
        label=gettext_lazy("Tax"), required=False, initial=0, widget=UnfoldAdminDecimalFieldWidget()
    )

    class Meta:
        model = LineItem
        fields = ("item_type", *TARGETS, "quantity", "tax_included")

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.booking = booking
        for field in self.fields.values():  # the head of a column is no label
            field.widget.attrs["aria-label"] = field.label
        line = self.instance
        if line._state.adding:
            # As browsers show it: or a row that nobody touched would be a line.
            self.initial.setdefault("item_type", LineItemType.RENT)
            return
        self.initial["title"] = line.name.get(DEFAULT, "")
        if is_currency(booking.currency):
            self.initial["amount"] = minor_to_major(line.amount_minor, booking.currency)
            self.initial["tax"] = minor_to_major(line.tax_minor, booking.currency)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if title := cleaned.get("title"):
            self.instance.name = {**(self.instance.name or {}), DEFAULT: title}
        self.instance.amount_minor = self.minor("amount", self.booking.currency) or 0
        self.instance.tax_minor = self.minor("tax", self.booking.currency) or 0
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """What a line points at came from a list of the organization's own rows: no query for each to ask again."""
        return {*super()._get_validation_exclusions(), *TARGETS}  # type: ignore[misc]
