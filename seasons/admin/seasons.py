"""The list of seasons and the page of one. Every write goes through the service and leaves its history."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.errors import RuleViolation
from bookingoffice.localized import choose_text
from seasons import writes
from seasons.admin.forms import SeasonForm
from seasons.expressions import slots_of
from seasons.models import Season
from seasons.words import sentence


class DecidedFilter(admin.SimpleListFilter):
    title = "dates"
    parameter_name = "dates"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("set", "With dates"), ("undecided", "Not decided yet"), ("never", "Never")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "undecided":
            return queryset.filter(value__isnull=True)
        if self.value() == "never":
            return queryset.filter(value__intervals=[])
        return queryset.filter(value__isnull=False).exclude(value__intervals=[]) if self.value() else queryset


@admin.register(Season)
class SeasonAdmin(TenantAdmin):
    form = SeasonForm
    localized = ("name",)
    list_display = ("title", "dates", "updated_at")
    list_filter = (DecidedFilter,)
    search_fields = ("name",)
    ordering = ("-created_at", "-id")
    fieldsets = (
        (None, {"fields": ("name",)}),
        ("Dates", {"fields": ("reading", "decided", "days")}),
    )
    readonly_fields = ("reading",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A season that is not there yet has nothing to read back."""
        if obj:
            return self.fieldsets
        return (self.fieldsets[0], ("Dates", {"fields": ("decided", "days")}))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        organization = organization_of(request)
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        row = {"name": form.cleaned_data["name"], "value": form.value()}
        if change:
            writes.change_seasons(organization, [obj.pk], row, **act)
        else:
            [obj.pk] = writes.create_seasons(organization, [row], **act)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        self._refuse_named(request, ids)
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        writes.delete_seasons(organization_of(request), ids, **act)

    def _refuse_named(self, request: HttpRequest, ids: list[Any]) -> None:
        """Coupons are asked by their name: the two apps do not know each other."""
        coupons: Any = apps.get_model("coupons", "Coupon")._default_manager
        naming = coupons.of(organization_of(request).pk).filter(deleted_at=None, season_ids__overlap=ids)
        codes = list(naming.order_by("code").values_list("code", flat=True)[:5])
        if codes:
            raise RuleViolation("season_in_use", f"Coupons are bound to this season: {', '.join(codes)}.")

    @column("Season")
    def title(self, season: Season) -> str:
        return choose_text(season.name, None) or "—"

    @column("Dates")
    def dates(self, season: Season) -> str:
        return self.reading(season)

    @column("In words")
    def reading(self, season: Season) -> str:
        return sentence(None if season.value is None else slots_of(season.value))
