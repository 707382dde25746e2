"""A page's history is ours: Django's own log knows no organization and is never written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bookingoffice.accounts.admin.paging import CappedPaginator
from bookingoffice.accounts.admin.told import entries_about, lines_of, visible_entries
from bookingoffice.audit.rows import LABELS

SHOWN_ON_PAGE = 5
SHOWN_IN_HISTORY = 50


class WithHistory:
    """For a page of the admin; stands before its ModelAdmin. The page ends with its last changes."""

    change_form_outer_after_template: str | None = "admin/parts/last_changes.html"

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any: ...

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        page: Any = self
        record = kwargs.get("obj")
        if record is not None and page.opts.db_table in LABELS:
            entries = list(entries_about(request, record)[: SHOWN_ON_PAGE + 1])
            name = f"admin:{page.opts.app_label}_{page.opts.model_name}_history"
            context |= {
                "last_changes": lines_of(request, entries[:SHOWN_ON_PAGE]),
                "more_changes": len(entries) > SHOWN_ON_PAGE,
                "history_page": reverse(name, args=[record.pk]),
            }
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        page: Any = self
        record = page.get_object(request, object_id)
        if record is None:
            return page._get_obj_does_not_exist_redirect(request, page.opts, object_id)  # type: ignore[no-any-return]
        if not page.has_view_permission(request, record):
            raise PermissionDenied
        shown = _shown(request, record)
        context = {
            **page.admin_site.each_context(request),
            "title": _("History of %(name)s") % {"name": record},
            "lines": lines_of(request, shown.object_list),
            "shown": shown,
            "object": record,
            "opts": page.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


def _shown(request: HttpRequest, record: Any) -> Any:
    """A page of the history; accounts of people, which belong to no organization, have none."""
    known = isinstance(record.pk, UUID)
    entries = entries_about(request, record) if known else visible_entries(request).none()
    return CappedPaginator(entries, SHOWN_IN_HISTORY).get_page(request.GET.get("page"))
