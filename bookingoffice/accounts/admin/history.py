"""What happened in the organization, newest first. Nobody can change it here or anywhere."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.audit.models import AuditEntry
from bookingoffice.audit.words import TABLES, changes_in_words, deed


class TableFilter(admin.SimpleListFilter):
    title = "what"
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(TABLES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(table_name=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(TenantAdmin):
    list_display = ("created_at", "who", "what", "changed")
    list_filter = ("actor_kind", TableFilter)
    search_fields = ("row_label", "actor_label")
    ordering = ("-created_at", "-id")
    fields = readonly_fields = ("created_at", "who", "what", "changed")
    writers = frozenset[str]()

    @column("Who", ordering="actor_label")
    def who(self, entry: AuditEntry) -> str:
        return entry.actor_label or entry.actor_kind

    @column("What")
    def what(self, entry: AuditEntry) -> str:
        return deed(entry.action, entry.table_name, entry.row_label)

    @column("Changes")
    def changed(self, entry: AuditEntry) -> str:
        return format_html_join("", "<div>{}</div>", ((words,) for words in changes_in_words(entry.changes)))
