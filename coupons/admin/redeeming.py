"""Redeeming by hand: a code as the guest says it, and the booking by its reference."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from bookingoffice.accounts.admin.forms import TenantForm
from bookingoffice.references.models import Booking
from coupons.admin.releasing import ReasonField
from coupons.admin.spelling import key_of
from coupons.models import Coupon

MOST_NAMED: Final = 3


def _text(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=200, widget=UnfoldAdminTextInputWidget())


class RedeemForm(TenantForm):
    """`coupon` and `booking` clean to rows. Plain fields: choosing from a hundred thousand would need a script."""

    FIELDS: ClassVar = ("coupon", "booking", "reason")
    coupon = _text(gettext_lazy("Coupon"), gettext_lazy("Its code, in any spelling."))
    booking = _text(gettext_lazy("Booking"), gettext_lazy("Its reference, or its id."))
    reason = ReasonField(
        label=gettext_lazy("Why by hand?"),
        help_text=gettext_lazy("The history keeps it with your name."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def clean_coupon(self) -> Any:
        typed = self.cleaned_data["coupon"]
        coupons = Coupon.objects.of(self.organization.pk)
        with suppress(ValueError):
            coupons = coupons.filter(pk=UUID(typed))
            return self._found(coupons.first(), _("There is no such coupon."))
        return self._found(
            coupons.filter(code_key=key_of(typed), deleted_at=None).first(),
            _("No coupon has this code, in any spelling."),
        )

    def clean_booking(self) -> Any:
        typed = self.cleaned_data["booking"]
        bookings = Booking.objects.of(self.organization.pk).order_by("-created_at", "-id")
        with suppress(ValueError):
            return self._found(bookings.filter(pk=UUID(typed)).first(), _("There is no such booking."))
        found = list(bookings.filter(reference__iexact=typed)[: MOST_NAMED + 1])
        if len(found) > 1:
            ids = ", ".join(str(booking.pk) for booking in found[:MOST_NAMED])
            raise ValidationError(
                _("Several bookings have this reference. Give the id of one: %(ids)s.") % {"ids": ids}
            )
        return self._found(found[0] if found else None, _("No booking has this reference."))

    def _found(self, row: Any, sentence: str) -> Any:
        if row is None:
            raise ValidationError(sentence)
        return row
