"""What the list of coupons can be narrowed to. Every choice is a condition that stays quick at a hundred thousand coupons."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookingoffice.accounts.desk import organization_of
from coupons.admin.choosing import batches_offered, products_offered, seasons_offered
from coupons.models import CouponProduct, Kind, ScopeOfDiscount
from coupons.models.coupon import State
from coupons.standing import in_state, nearly_used_up, never_used


class ChoiceFilter(admin.SimpleListFilter):
    """Narrows only to what it offers: an answer made up in the address is no answer."""

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {str(key) for key, _words in self.lookup_choices}
        return self.narrowed(request, queryset, str(self.value())) if self.value() in known else queryset

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        raise NotImplementedError


class StateFilter(ChoiceFilter):
    """Deleted coupons are shown when they are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(reversed(State.choices))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        narrowed = super().queryset(request, queryset)
        return narrowed if self.value() == State.DELETED else narrowed.filter(deleted_at=None)

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        return queryset.filter(in_state(organization_of(request).pk, value, timezone.now()))


class ExpiringFilter(ChoiceFilter):
    """Coupons that are still to expire, archived ones aside; the week ends on Sunday by the organization's clock."""

    title = _("expiry")
    parameter_name = "expiring"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("week", _("Expires this week")),
            ("month", _("Expires this month")),
            ("next_month", _("Expires next month")),
            ("never", _("Never expires")),
        ]

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        if value == "never":
            return queryset.filter(expires_at=None, archived_at=None)
        first, last = window(value, timezone.localtime())
        return queryset.filter(archived_at=None, expires_at__gt=first, expires_at__lt=last)


def window(name: str, now: datetime) -> tuple[datetime, datetime]:
    """From when to when, the end being no part of it; `now` is by the organization's clock."""
    today = now.date()
    this_month = today.replace(day=1)
    next_month = (this_month + timedelta(days=32)).replace(day=1)
    first, last = {
        "week": (None, today + timedelta(days=7 - today.weekday())),
        "month": (None, next_month),
        "next_month": (next_month, (next_month + timedelta(days=32)).replace(day=1)),
    }[name]
    zone = timezone.get_current_timezone()
    return (
        now if first is None else datetime.combine(first, time(), zone) - timedelta(microseconds=1),
        datetime.combine(last, time(), zone),
    )


class UsesFilter(ChoiceFilter):
    title = _("uses")
    parameter_name = "uses"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("never", _("Never used")), ("nearly", _("Nearly used up"))]

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        organization_id = organization_of(request).pk
        if value == "nearly":
            return queryset.filter(nearly_used_up(organization_id))
        return queryset.filter(never_used(organization_id))


class KindFilter(ChoiceFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Kind.choices)

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        return queryset.filter(kind=value)


class ScopeFilter(ChoiceFilter):
    title = _("what it is for")
    parameter_name = "scope"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ScopeOfDiscount.choices)

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        return queryset.filter(scope=value)


class ProductFilter(ChoiceFilter):
    """Coupons that name the product."""

    title = _("product")
    parameter_name = "product"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return products_offered(organization_of(request))

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        links = CouponProduct.objects.of(organization_of(request).pk).filter(product_id=value, excluded=False)
        return queryset.filter(pk__in=links.values("coupon_id"))


class SeasonFilter(ChoiceFilter):
    title = _("season")
    parameter_name = "season"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return seasons_offered(organization_of(request))

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        return queryset.filter(season_ids__contains=[UUID(value)])


class BatchFilter(ChoiceFilter):
    """`none` are the coupons made one by one."""

    title = _("batch")
    parameter_name = "batch"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("In no batch")), *batches_offered(organization_of(request), self.value())]

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        return queryset.filter(Q(batch=None) if value == "none" else Q(batch_id=value))
