"""Giving uses back by hand, with the reason that the history keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.desk import actor_of, organization_of
from coupons import services, wording
from coupons.admin.previews import Act, Plan, Step
from coupons.admin.use_words import amount_in_words, customer_in_words, state_in_words

LONGEST_REASON: Final = 500


class ReasonField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        missing = {"required": gettext_lazy("Say why: the history keeps it with your name.")}
        super().__init__(max_length=LONGEST_REASON, error_messages=missing, **kwargs)


class ReasonForm(forms.Form):
    house_template: ClassVar[str] = "coupons/parts/reason_form.html"
    reason = ReasonField()

    @property
    def sent(self) -> Iterator[tuple[str, str]]:
        return iter([("reason", self.data.get("reason", ""))])


class Release(Act):
    name = "release"
    title = gettext_lazy("Give these uses back?")
    button = gettext_lazy("Yes, give back")
    danger: ClassVar[bool] = True
    form_class = ReasonForm
    now_title = gettext_lazy("Now")
    then_title = gettext_lazy("Then")

    def plan(self, rows: Sequence[Any]) -> Plan:
        moment = timezone.now()
        then = _("Gone from the ledger; the coupon has one use more")
        return Plan([Step(use, str(use), _now(use, moment), then) for use in rows])

    def write(self, steps: Sequence[Step]) -> str:
        pairs = [(step.subject.coupon_id, step.subject.booking_id) for step in steps]
        act: Any = {"actor": actor_of(self.request), "moment": timezone.now()}
        reason = self.form.cleaned_data["reason"]
        number = services.release_many(organization_of(self.request), pairs, reason=reason, **act)
        words = _("Given back: %(number)s. A release can be undone under “Released lately”.")
        return words % {"number": wording.number(number)}


def _now(use: Any, moment: Any) -> str:
    parts = [state_in_words(use, moment)[1], amount_in_words(use.amount_minor, use.currency)]
    return " · ".join([*parts, customer_in_words(use.customer_key)])
