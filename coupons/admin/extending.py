"""Moving the day on which coupons expire: to one day for all, by the same time for each, or away."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coupons import wording
from coupons.admin.lists import day
from coupons.admin.previews import Plan, Step
from coupons.admin.shelving import CouponAct
from coupons.services import put_coupons

END_OF_DAY: Final = time(23, 59, 59)
MONTHS: Final = {"months": 1, "years": 12}
DAYS: Final = {"days": 1, "weeks": 7}


class ExtendForm(forms.Form):
    """`moved` answers when a coupon expires then."""

    house_template: ClassVar[str] = "coupons/parts/extend_form.html"
    HOW: ClassVar = [
        ("until", gettext_lazy("To one day, to its end")),
        ("by", gettext_lazy("Later by")),
        ("never", gettext_lazy("Never expire")),
    ]
    UNITS: ClassVar = [
        ("days", gettext_lazy("days")),
        ("weeks", gettext_lazy("weeks")),
        ("months", gettext_lazy("months")),
        ("years", gettext_lazy("years")),
    ]
    how = forms.ChoiceField(choices=HOW, initial="until")
    until = forms.DateField(required=False)
    number = forms.IntegerField(required=False, min_value=1, max_value=3660, initial=1)
    unit = forms.ChoiceField(choices=UNITS, required=False, initial="months")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("how") == "until" and not given.get("until") and "until" not in self.errors:
            self.add_error("until", _("Say to which day."))
        if given.get("until") and not 2000 <= given["until"].year <= 2199:
            self.add_error("until", _("Choose a day between 2000 and 2199."))
        if given.get("how") == "by" and not (given.get("number") and given.get("unit")) and "number" not in self.errors:
            self.add_error("number", _("Say by how much."))
        return given

    @property
    def sent(self) -> Iterator[tuple[str, str]]:
        """What was chosen, to be sent again as it is."""
        return ((name, self.data.get(name, "")) for name in self.fields)

    def moved(self, expires_at: datetime) -> datetime | None:
        given = self.cleaned_data
        if given["how"] == "never":
            return None
        if given["how"] == "until":
            return timezone.make_aware(datetime.combine(given["until"], END_OF_DAY))
        local = timezone.localtime(expires_at).replace(tzinfo=None)
        return timezone.make_aware(later(local, given["number"], given["unit"]))


def later(moment: datetime, number: int, unit: str) -> datetime:
    """By the calendar: a month after 31 January is the last of February."""
    if unit in DAYS:
        return moment + timedelta(days=DAYS[unit] * number)
    months = moment.month - 1 + MONTHS[unit] * number
    year, month = moment.year + months // 12, months % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


class Extend(CouponAct):
    name = "extend"
    title = gettext_lazy("Extend these coupons")
    button = gettext_lazy("Yes, move the expiry")
    form_class = ExtendForm
    now_title = gettext_lazy("Expires now")
    then_title = gettext_lazy("Expires then")

    def plan(self, rows: Sequence[Any]) -> Plan:
        plan = super().plan(rows)
        sooner = [step for step in plan.steps if _is_sooner(step)]
        if sooner:
            words = ngettext(
                "%(number)s of them would expire sooner than now, not later.",
                "%(number)s of them would expire sooner than now, not later.",
                len(sooner),
            )
            plan.note = words % {"number": wording.number(len(sooner))}
        return plan

    def judged(self, coupon: Any) -> tuple[str, str] | str:
        if coupon.deleted_at:
            return _("It is deleted.")
        if coupon.expires_at is None and self.form.cleaned_data["how"] != "until":
            return _("It never expires.")
        try:
            then = self.form.moved(coupon.expires_at)
        except (OverflowError, ValueError):
            return _("That is too far away.")
        if then == coupon.expires_at:
            return _("It expires then already.")
        if then and then.year > date.max.year - 1:
            return _("That is too far away.")
        if then and coupon.valid_from and then < coupon.valid_from:
            return _("It begins only on %(day)s.") % {"day": day(coupon.valid_from)}
        coupon.then = then
        return _words(coupon.expires_at), _words(then)

    def write(self, steps: Sequence[Step]) -> str:
        rows = [{"id": step.subject.pk, "expires_at": step.subject.then, "expires_text": None} for step in steps]
        put_coupons(self.organization, rows, **self.by_whom)
        return _("Extended: %(number)s.") % {"number": wording.number(len(steps))}


def _is_sooner(step: Step) -> bool:
    coupon = step.subject
    return coupon.then is not None and (coupon.expires_at is None or coupon.then < coupon.expires_at)


def _words(moment: datetime | None) -> str:
    return wording.ending(moment, timezone.get_current_timezone()) if moment else str(_("never"))
