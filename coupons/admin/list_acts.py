"""What the list can do with the coupons that are chosen in it. Whatever writes shows first what it will write."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from bookingoffice.accounts.desk import organization_of
from coupons.admin.duplicating import Duplicate
from coupons.admin.exports import coupons_file
from coupons.admin.extending import Extend
from coupons.admin.previews import carried_out
from coupons.admin.shelving import Archive, Delete, MarkAsDeleted, Restore


class ActsOnCoupons:
    """Stands before a ModelAdmin."""

    actions = ("extend", "archive", "restore", "duplicate", "export_csv", "mark_as_deleted", "delete_selected")

    @admin.action(description=_("Extend: move the expiry"), permissions=["change"])
    def extend(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return carried_out(self, request, queryset, Extend(request))

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return carried_out(self, request, queryset, Archive(request))

    @admin.action(description=_("Restore from archive or deletion"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return carried_out(self, request, queryset, Restore(request))

    @admin.action(description=_("Duplicate"), permissions=["add"])
    def duplicate(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return carried_out(self, request, queryset, Duplicate(request))

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: Any) -> FileResponse:
        return coupons_file(organization_of(request), queryset)

    @admin.action(description=_("Mark as deleted"), permissions=["delete"])
    def mark_as_deleted(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return carried_out(self, request, queryset, MarkAsDeleted(request))

    @admin.action(description=_("Delete for good"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return carried_out(self, request, queryset, Delete(request))
