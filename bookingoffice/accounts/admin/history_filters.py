"""What the list of changes can be narrowed to: who, what kind of thing, and when."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.desk import organization_of
from bookingoffice.accounts.models import ApiKey, Member
from bookingoffice.audit.words import TABLES

MONTHS_OFFERED = 12


class TableFilter(admin.SimpleListFilter):
    title = gettext_lazy("what")
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((table, capfirst(str(word))) for table, word in TABLES.items()), key=lambda choice: choice[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(table_name=self.value()) if self.value() else queryset


class WhoFilter(admin.SimpleListFilter):
    """Offers who works here today; an address may name anybody who ever did, as `staff:5` or `key:<id>`."""

    title = gettext_lazy("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        organization_id = organization_of(request).pk
        members = Member.objects.of(organization_id).select_related("user").order_by("created_at", "id")
        keys = ApiKey.objects.of(organization_id).order_by("created_at", "id")
        people = [(f"staff:{one.user_id}", one.user.get_full_name() or one.user.get_username()) for one in members]
        programs = [(f"key:{key.pk}", str(key)) for key in keys]
        kinds = [("staff:", gettext_lazy("Anybody on the staff")), ("command:", gettext_lazy("Commands"))]
        return [*people, *programs, *((value, str(words)) for value, words in kinds)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        kind, _, actor_id = (self.value() or "").partition(":")
        narrowed = Q(actor_kind=kind) if kind else Q()
        if kind in ("staff", "command"):
            narrowed &= ~Q(actor_kind="key")  # says again what the index of people is made for
        return queryset.filter(narrowed & Q(actor_id=actor_id) if actor_id else narrowed)


class WhenFilter(admin.SimpleListFilter):
    """By the organization's clock. An address may name any day or month, as `2027-03-14` or `2027-03`."""

    title = gettext_lazy("when")
    parameter_name = "when"
    LAST_DAYS: ClassVar[dict[str, tuple[int, Any]]] = {
        "today": (0, gettext_lazy("Today")),
        "week": (7, gettext_lazy("In the last 7 days")),
        "30": (30, gettext_lazy("In the last 30 days")),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        first = timezone.localdate().replace(day=1)
        months = [first]
        while len(months) < MONTHS_OFFERED:
            months.append((months[-1] - timedelta(days=1)).replace(day=1))
        recent = [(value, words) for value, (_, words) in self.LAST_DAYS.items()]
        return [*recent, *((f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in months)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        if value in self.LAST_DAYS:
            since = timezone.localdate() - timedelta(days=self.LAST_DAYS[value][0])
            return queryset.filter(created_at__gte=_midnight(since))
        span = _span(value or "")
        return queryset.filter(created_at__gte=span[0], created_at__lt=span[1]) if span else queryset


def _span(text: str) -> tuple[datetime, datetime] | None:
    """A day or a month; None for anything else."""
    for pattern in ("%Y-%m-%d", "%Y-%m"):
        try:
            first = datetime.strptime(text, pattern).date()
            last = first if pattern.endswith("d") else (first.replace(day=28) + timedelta(days=4)).replace(day=1)
            return _midnight(first), _midnight(last if last > first else first + timedelta(days=1))
        except (ValueError, OverflowError):
            continue
    return None


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
