"""What the ledger can be narrowed to, and how it is searched: at a million rows, by what an index leads to."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookingoffice.accounts.desk import organization_of
from bookingoffice.accounts.models import Organization
from bookingoffice.money import EXPONENTS
from bookingoffice.references.finding import bookings_named
from bookingoffice.references.models import Booking
from coupons.admin.choosing import batches_offered
from coupons.admin.filters import ChoiceFilter
from coupons.admin.spelling import holds_code, spelled
from coupons.models import Coupon

FEW: Final = 500
"""So many coupons or bookings are named one by one, and their uses come from an index."""


class UseStateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("redeemed", _("Redeemed")), ("reserved", _("Reserved")), ("lapsed", _("Hold expired"))]

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        if value == "redeemed":
            return queryset.filter(state="redeemed")
        holds, now = queryset.filter(state="reserved"), timezone.now()
        return holds.filter(expires_at__lte=now) if value == "lapsed" else holds.filter(expires_at__gt=now)


class UseBatchFilter(ChoiceFilter):
    title = _("batch")
    parameter_name = "batch"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(batches_offered(organization_of(request), self.value()))

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        return queryset.filter(batch_id=value)


class CurrencyFilter(ChoiceFilter):
    """Every currency is offered, the organization's first: which occur in the ledger only the whole ledger could tell."""

    title = _("currency")
    parameter_name = "currency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        own = organization_of(request).currency
        return [(code, code) for code in (own, *(code for code in sorted(EXPONENTS) if code != own))]

    def narrowed(self, request: HttpRequest, queryset: Any, value: str) -> Any:
        return queryset.filter(currency=value)


class TypedFilter(admin.SimpleListFilter):
    """An answer that is typed instead of chosen."""

    drawn_as = "text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "")]  # without an answer to offer, the filter would not be asked at all


class CouponFilter(TypedFilter):
    """A coupon's id, or its code in any spelling; of a deleted coupon too."""

    title = _("coupon code")
    parameter_name = "coupon"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        with suppress(ValueError):
            return queryset.filter(coupon_id=UUID(self.value()))
        coupons = Coupon.objects.of(organization_of(request).pk).filter(spelled(str(self.value())))
        return queryset.filter(coupon_id__in=list(coupons.values_list("pk", flat=True)[:FEW]))


class FromFilter(TypedFilter):
    title = _("made from")
    parameter_name = "from"
    drawn_as = "date"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        first = _day(self.value())
        return queryset.filter(created_at__gte=_begins(first)) if first else queryset


class UntilFilter(TypedFilter):
    """The day itself is part of it."""

    title = _("made until")
    parameter_name = "until"
    drawn_as = "date"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        last = _day(self.value())
        return queryset.filter(created_at__lt=_begins(last + timedelta(days=1))) if last else queryset


def searched(organization: Organization, queryset: Any, term: str) -> Any:
    """Uses of coupons whose code holds the term in any spelling, and of bookings by reference, guest or id."""
    coupons = Coupon.objects.of(organization.pk).filter(holds_code(term))
    bookings = Booking.objects.of(organization.pk).filter(bookings_named(organization.pk, term))
    return queryset.filter(_one_of("coupon_id", coupons) | _one_of("booking_id", bookings))


def _one_of(column: str, rows: Any) -> Q:
    """By their ids where they are few; of many, the newest uses are found soon by walking the ledger."""
    ids = list(rows.order_by().values_list("pk", flat=True)[: FEW + 1])
    return Q(**{f"{column}__in": ids if len(ids) <= FEW else rows.order_by().values("pk")})


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        found = date.fromisoformat(text or "")
        return found if 1900 <= found.year <= 2199 else None
    return None


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())
