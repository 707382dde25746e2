"""What is let and what is charged beside it."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.forms import CodeField, TenantForm
from bookingoffice.accounts.desk import organization_of
from bookingoffice.datafiles.admin.door import WithFiles
from bookingoffice.references.files import ProductSheet
from bookingoffice.references.models import Plan, Product, Service

ZONES = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]


class ProductForm(TenantForm):
    timezone = CodeField(choices=ZONES, label=gettext_lazy("Time zone"), widget=UnfoldAdminSelectWidget())


@admin.register(Product)
class ProductAdmin(WithFiles, TenantAdmin):  # type: ignore[misc]
    form = ProductForm
    sheet = ProductSheet()
    actions_list = ("import_file", "export_file")  # type: ignore[assignment]
    localized = ("name", "description")
    list_display = ("title", "code", "currency", "rent_period", "created_at")
    list_filter = ("rent_period",)
    search_fields = ("name", "code", "public_id")
    ordering = ("-created_at", "-id")
    fields = ("name", "description", "code", "currency", "timezone", "rent_period")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"timezone": organization_of(request).timezone, **super().get_changeform_initial_data(request)}

    @column(gettext_lazy("Product"))
    def title(self, product: Product) -> str:
        return str(product)


@admin.register(Service)
class ServiceAdmin(TenantAdmin):
    localized = ("label", "description")
    list_display = ("title", "type", "parent", "order", "created_at")
    list_select_related = ("parent",)
    search_fields = ("label", "type")
    ordering = ("order", "id")
    fields = ("label", "description", "type", "parent", "order")
    autocomplete_fields = ("parent",)

    @column(gettext_lazy("Service"))
    def title(self, service: Service) -> str:
        return str(service)


@admin.register(Plan)
class PlanAdmin(TenantAdmin):
    list_display = ("name", "code", "product", "created_at")
    list_select_related = ("product",)
    search_fields = ("name", "code")
    ordering = ("name", "id")
    fields = ("name", "code", "product")
    autocomplete_fields = ("product",)
