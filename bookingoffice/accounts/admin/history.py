"""What happened in the organization, newest first. Nobody can change it here or anywhere."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.history_filters import TableFilter, WhenFilter, WhoFilter
from bookingoffice.accounts.admin.paging import HouseChangeList
from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.admin.told import FOR_OWNERS, lines_of
from bookingoffice.accounts.desk import organization_of, role_of
from bookingoffice.audit.finding import condition_of
from bookingoffice.audit.models import AuditEntry


class ToldChangeList(HouseChangeList):
    """Its rows are told together, so that names are asked for once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        for entry, line in zip(self.result_list, lines_of(request, self.result_list), strict=True):
            entry.line = line


@admin.register(AuditEntry)
class AuditEntryAdmin(TenantAdmin):
    list_display = ("what", "who", "at")
    list_display_links = None
    list_filter = (WhenFilter, WhoFilter, TableFilter)
    search_fields = ("row_label",)
    search_help_text = gettext_lazy("A code, a name or an id")
    ordering = ("-created_at", "-id")
    fields = readonly_fields = ("what", "who", "at")
    writers = frozenset[str]()
    change_form_outer_after_template = None

    def get_queryset(self, request: HttpRequest) -> Any:
        entries = super().get_queryset(request)
        return entries if role_of(request) in OWNERS else entries.exclude(table_name__in=FOR_OWNERS)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return ToldChangeList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        found: Q = condition_of(organization_of(request).pk, term) if term else Q()
        return queryset.filter(found), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        entry: Any = super().get_object(request, object_id, from_field)
        if entry is not None:
            [entry.line] = lines_of(request, [entry])
        return entry

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": _("Changes"), **(extra_context or {})})

    @column(gettext_lazy("What"))
    def what(self, entry: Any) -> str:
        told, page = entry.line.told, entry.line.page
        deed = format_html('<a class="house-change-deed" href="{}">{}</a>', page, told.deed) if page else told.deed
        lines = [*told.lines, *([_("Reason: %(reason)s") % {"reason": told.reason}] if told.reason else [])]
        return format_html("{}{}", deed, format_html_join("", "<div>{}</div>", ((line,) for line in lines)))

    @column(gettext_lazy("Who"), ordering="actor_label")
    def who(self, entry: Any) -> str:
        told = entry.line.told
        address = reverse("admin:audit_auditentry_changelist", query={"who": entry.line.everything_by})
        return format_html('<a href="{}">{}</a><div class="text-subtle">{}</div>', address, told.who, told.door)

    @column(gettext_lazy("When"), ordering="-created_at")
    def at(self, entry: Any) -> str:
        return date_format(entry.line.told.local, "DATETIME_FORMAT")
