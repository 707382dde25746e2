"""Bookings and their lines."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.forms import PaginationInlineFormSet

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.choices import one_of
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.forms import TenantForm
from bookingoffice.accounts.admin.roles import ByRole
from bookingoffice.accounts.desk import organization_of
from bookingoffice.datafiles.admin.door import WithFiles
from bookingoffice.money import is_currency, minor_to_major
from bookingoffice.references.admin.lines import TARGETS, LineForm
from bookingoffice.references.files import BookingSheet
from bookingoffice.references.finding import bookings_named
from bookingoffice.references.models import Booking, LineItem


class BookingForm(TenantForm):
    class Meta:
        labels = {
            "customer_id": gettext_lazy("Customer number"),
            "customer_email": gettext_lazy("Customer e-mail"),
        }
        help_texts = {
            "customer_bookings_before": gettext_lazy(
                "Bookings of this customer before this one. Empty where nobody knows."
            ),
        }


class LineFormSet(PaginationInlineFormSet, BaseInlineFormSet):  # type: ignore[type-arg]
    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "booking": self.instance}

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        """Names the organization, which Django's own deletion of a row does not."""
        if commit:
            LineItem.objects.of(obj.organization_id).filter(pk=obj.pk)._raw_delete("default")


class LineInline(ByRole, TabularInline):  # type: ignore[misc]
    model = LineItem
    form = LineForm
    formset = LineFormSet
    fields = ("title", "item_type", *TARGETS, "quantity", "amount", "tax", "tax_included")
    extra = 1
    verbose_name = gettext_lazy("line")
    verbose_name_plural = gettext_lazy("lines")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).filter(organization_id=organization_of(request).pk)
        return rows.select_related("booking", *TARGETS).order_by("created_at", "id")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in TARGETS:
            return one_of(
                db_field.remote_field.model, organization_of(request).pk, label=capfirst(db_field.verbose_name)
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # What a viewer is shown in place of the fields

    @column(gettext_lazy("Title"))
    def title(self, line: LineItem) -> str:
        return str(line)

    @column(gettext_lazy("Amount"))
    def amount(self, line: Any) -> str:
        return _money(line.amount_minor, line.booking.currency)

    @column(gettext_lazy("Tax"))
    def tax(self, line: Any) -> str:
        return _money(line.tax_minor, line.booking.currency)


@admin.register(Booking)
class BookingAdmin(WithFiles, TenantAdmin):  # type: ignore[misc]
    form = BookingForm
    sheet = BookingSheet()
    actions_list = ("import_file", "export_file")  # type: ignore[assignment]
    inlines = (LineInline,)
    sentences: ClassVar = {
        "bookings_check_out_check": ("check_out", gettext_lazy("The stay ends before it begins.")),
        "bookings_customer_bookings_before_check": (
            "customer_bookings_before",
            gettext_lazy("This is a number from 0 up."),
        ),
        "line_items_quantity_check": ("", gettext_lazy("The quantity of a line is a number from 0 up.")),
    }
    list_display = ("title", "check_in", "check_out", "customer", "line_count", "confirmed_at", "created_at")
    list_filter = ("method", "silent")
    search_fields = ("reference", "customer_email", "customer_id")
    search_help_text = gettext_lazy("Reference, or e-mail or number of the guest")
    ordering = ("-created_at", "-id")
    fieldsets = (
        (None, {"fields": ("reference", "method", "confirmed_at", "silent")}),
        (
            gettext_lazy("The stay"),
            {
                "fields": (("check_in", "check_out"),),
                "description": gettext_lazy("What a coupon's limits of nights, days and seasons are held against."),
            },
        ),
        (gettext_lazy("The customer"), {"fields": (("customer_id", "customer_email"), "customer_bookings_before")}),
        (gettext_lazy("Money"), {"fields": (("currency", "display_currency", "exchange_rate"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        lines = LineItem.objects.of(organization_of(request).pk).filter(booking_id=OuterRef("id")).order_by()
        counted = lines.values("booking_id").annotate(number=Count("*")).values("number")
        return super().get_queryset(request).annotate(lines=Coalesce(Subquery(counted), 0))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        return queryset.filter(bookings_named(organization_of(request).pk, term)) if term else queryset, False

    @column(gettext_lazy("Booking"), ordering="reference")
    def title(self, booking: Booking) -> str:
        return str(booking)

    @column(gettext_lazy("Customer"))
    def customer(self, booking: Booking) -> str:
        return booking.customer_email or booking.customer_id or "—"

    @column(gettext_lazy("Lines"), ordering="lines")
    def line_count(self, booking: Any) -> int:
        return int(booking.lines)


def _money(minor: int, currency: str) -> str:
    return f"{minor_to_major(minor, currency)} {currency}" if is_currency(currency) else str(minor)
