"""Copies of chosen coupons, each under a code of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from psycopg import sql

from bookingoffice.database.rows import execute
from bookingoffice.errors import RuleViolation
from coupons import wording
from coupons.admin.previews import Plan, Step
from coupons.admin.shelving import CouponAct
from coupons.admin.words import value_in_words
from coupons.codes import LONGEST, code_faults
from coupons.models import Coupon
from coupons.services.copying import copy_coupons

MOST_COPIED: Final = 50
SPELLED: Final = sql.SQL("SELECT code, public.coupon_code_key(code) FROM unnest(%(codes)s::text[]) AS typed(code)")


class CodesForm(forms.Form):
    """One field for each chosen coupon, `code-<id>`, filled with a code that is probably free."""

    house_template: ClassVar[str] = "coupons/parts/codes_form.html"

    def __init__(self, coupons: Sequence[Coupon], data: Any = None) -> None:
        super().__init__(data)
        for coupon in coupons:
            self.fields[f"code-{coupon.pk}"] = forms.CharField(
                label=_("Code of the copy of %(code)s") % {"code": coupon.code},
                initial=f"{coupon.code[: LONGEST - 5]}-COPY",
                required=False,
                max_length=LONGEST,
            )

    def code_for(self, coupon: Coupon) -> str:
        return str(self.cleaned_data.get(f"code-{coupon.pk}", ""))

    @property
    def sent(self) -> Iterator[tuple[str, str]]:
        return ((name, self.data.get(name, "")) for name in self.fields)


class Duplicate(CouponAct):
    """A field left empty leaves its coupon out."""

    name = "duplicate"
    title = gettext_lazy("Duplicate these coupons")
    button = gettext_lazy("Yes, make the copies")
    now_title = gettext_lazy("Gives")
    then_title = pgettext_lazy("a duplicate", "Copy")

    def rows(self, queryset: Any) -> list[Any]:
        coupons = super().rows(queryset)
        if len(coupons) > MOST_COPIED:
            sentence = _("At most %(most)s coupons are duplicated at once; a batch makes many codes.")
            raise RuleViolation("too_many_at_once", sentence % {"most": MOST_COPIED})
        return coupons

    def asks(self, rows: Sequence[Any]) -> Any:
        return CodesForm(rows, self.request.POST if "step" in self.request.POST else None)

    def plan(self, rows: Sequence[Any]) -> Plan:
        codes = {coupon.pk: self.form.code_for(coupon) for coupon in rows}
        keys = _keys([code for code in codes.values() if code])
        kept = Coupon.objects.of(self.organization.pk).filter(deleted_at=None, code_key__in=keys.values())
        self.taken, self.keys = set(kept.values_list("code_key", flat=True)), keys
        return super().plan(rows)

    def judged(self, coupon: Any) -> tuple[str, str] | str:
        code = self.form.code_for(coupon)
        if not code:
            return _("No code was given for its copy.")
        if faults := code_faults(code):
            return faults[0].message
        if self.keys[code] in self.taken:
            return _("“%(code)s” is taken already, in this or another spelling.") % {"code": code}
        self.taken.add(self.keys[code])
        coupon.copied_as = code
        return value_in_words(coupon), code

    def write(self, steps: Sequence[Step]) -> str:
        codes = {step.subject.pk: step.subject.copied_as for step in steps}
        copy_coupons(self.organization, codes, **self.by_whom)
        return _("Duplicated: %(number)s. The copies have no uses yet.") % {"number": wording.number(len(steps))}


def _keys(codes: Sequence[str]) -> dict[str, str]:
    """By code, its key as the database computes it."""
    return dict(execute(SPELLED, codes=list(codes)))
