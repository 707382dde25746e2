"""The list's filters and its order. Unknown parameters are ignored; a known one has an allowed value or is a fault."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.db.models import Exists, Q

from coupons.api.botsubscription.shown import plan_links
from coupons.models import Coupon
from coupons.querysets import CouponQuerySet

SORTS: Final = {
    "created_at": "created_at",
    "code": "code",
    "display_name": "name",
    "total_redemptions": "total_redemptions",
}
"""What a list may be sorted by, and our name for it."""

STATUSES: Final = ("active", "expired", "archived")


def choice_of(*words: str, **options: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(choices=[(word, word) for word in words], empty_label=None, **options)


class Given(forms.Form):
    """An empty value is a value, and none that is allowed; only a search for nothing finds everything."""

    def clean(self) -> dict[str, Any]:
        for name in self.fields:
            if name != "search" and self.data.get(name) == "":
                self.add_error(name, "This may not be empty.")
        return self.cleaned_data


class CouponFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Over coupons `with_facts`."""

    status = choice_of(*STATUSES)
    auto_apply = choice_of("true", "false", method="by_auto_apply")
    search = django_filters.CharFilter("code", lookup_expr="icontains", strip=False)
    plan_id = django_filters.UUIDFilter(method="by_plan")
    sort = choice_of(*SORTS, method="in_order")
    order = choice_of("asc", "desc", method="in_order")

    class Meta:
        model = Coupon
        fields: list[str] = []
        form = Given

    def filter_queryset(self, queryset: CouponQuerySet) -> CouponQuerySet:
        """The newest first, unless asked otherwise; ties by id in the same direction, so that each order reverses the other."""
        given = self.form.cleaned_data
        sort = SORTS[given["sort"] or "created_at"]
        sign = "" if given["order"] == "asc" else "-"
        found: CouponQuerySet = super().filter_queryset(queryset).order_by(f"{sign}{sort}", f"{sign}id")
        return found

    def by_auto_apply(self, coupons: CouponQuerySet, name: str, word: str) -> CouponQuerySet:
        return coupons.filter(auto_apply=word == "true")

    def by_plan(self, coupons: CouponQuerySet, name: str, plan_id: UUID) -> CouponQuerySet:
        """Those that apply to the plan: limited to none or to this one, and not excluding it."""
        links = plan_links().filter(plan_id=plan_id)
        fitting = Q(limited_to_plans=False) | Q(Exists(links.filter(excluded=False)))
        return coupons.filter(fitting, ~Exists(links.filter(excluded=True)))

    def in_order(self, coupons: CouponQuerySet, name: str, word: str) -> CouponQuerySet:
        """Both words of an order are read together, when everything is filtered."""
        return coupons
