"""The organization itself: one page, no list, nothing to add or delete."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.forms import CodeField, TenantForm
from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.desk import organization_of
from bookingoffice.accounts.models import Organization
from bookingoffice.localized import DEFAULT, name_faults

ZONES = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]


class OrganizationForm(TenantForm):
    class Meta:
        labels = {"two_factor_required": gettext_lazy("Two-factor log-in for everybody")}
        help_texts = {
            "two_factor_required": gettext_lazy(
                "Whoever has not set it up yet, you too, does so before the next page. "
                "Programs with keys are not asked."
            )
        }

    timezone = CodeField(choices=ZONES, label=gettext_lazy("Time zone"), widget=UnfoldAdminSelectWidget())

    def clean_default_language(self) -> str:
        tag: str = self.cleaned_data["default_language"]
        if tag == DEFAULT or name_faults({DEFAULT: "", tag: ""}):
            raise forms.ValidationError(_("A language is written like “nl” or “nl-NL”."))
        return tag


@admin.register(Organization)
class OrganizationAdmin(TenantAdmin):
    form = OrganizationForm
    writers = OWNERS
    only_save = True
    localized = ("name",)
    fields = ("name", "default_language", "currency", "timezone", "two_factor_required")

    def get_queryset(self, request: HttpRequest) -> Any:
        return Organization.objects.filter(pk=organization_of(request).pk)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        page = "admin:accounts_organization_change"
        return HttpResponseRedirect(reverse(page, args=[organization_of(request).pk]))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.updated_at = timezone.now()
        with self.witnessed(request, [obj.pk]):
            obj.save(update_fields=[*self.fields, "updated_at"])
