"""A page's history is ours: Django's own log knows no organization and is never written."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from bookingoffice.accounts.desk import organization_of
from bookingoffice.audit.models import AuditEntry

MOST_SHOWN = 200


class WithHistory:
    """For a page of the admin; stands before its ModelAdmin."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any: ...

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        page: Any = self
        record = page.get_object(request, object_id)
        if record is None:
            return page._get_obj_does_not_exist_redirect(request, page.opts, object_id)  # type: ignore[no-any-return]
        if not page.has_view_permission(request, record):
            raise PermissionDenied
        entries = AuditEntry.objects.of(organization_of(request).pk).filter(
            table_name=page.opts.db_table, row_id=record.pk
        )
        context = {
            **page.admin_site.each_context(request),
            "title": f"History of {record}",
            "entries": entries[:MOST_SHOWN],
            "object": record,
            "opts": page.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)
