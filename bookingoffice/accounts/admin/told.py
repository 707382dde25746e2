"""History as pages of the admin show it: told in words, with a link to what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.desk import organization_of, role_of
from bookingoffice.audit.models import AuditEntry
from bookingoffice.audit.telling import Told, told

FOR_OWNERS: Final = ("members", "invitations", "api_keys", "webhooks")
"""Tables whose pages only owners open; nor are their changes for others."""


@dataclass(frozen=True, slots=True)
class Line:
    """`page` is the address of what was changed, None where it is gone or has no page."""

    told: Told
    page: str | None
    everything_by: str
    """Query of the list of changes that shows all that this person, key or command did."""


def visible_entries(request: HttpRequest) -> Any:
    entries = AuditEntry.objects.of(organization_of(request).pk)
    return entries if role_of(request) in OWNERS else entries.exclude(table_name__in=FOR_OWNERS)


def entries_about(request: HttpRequest, record: Any) -> Any:
    """Of the row, and of the rows that have no page but its own."""
    own = Q(table_name=record._meta.db_table, row_id=record.pk)
    return visible_entries(request).filter(own | Q(subject_id=record.pk)).order_by("-created_at", "-id")


def lines_of(request: HttpRequest, entries: Iterable[AuditEntry]) -> list[Line]:
    kept, organization = list(entries), organization_of(request)
    tellings = told(organization.pk, kept, currency=organization.currency)
    pages = _pages()
    return [Line(telling, _page(pages, telling), who(entry)) for entry, telling in zip(kept, tellings, strict=True)]


def who(entry: AuditEntry) -> str:
    return f"{entry.actor_kind}:{entry.actor_id}"


def _page(pages: dict[str, str], telling: Told) -> str | None:
    name = pages.get(telling.table)
    return reverse(f"admin:{name}_change", args=[telling.row_id]) if name and not telling.gone else None


def _pages() -> dict[str, str]:
    """Tables that have a page, by the name of its address."""
    options = [model._meta for model in admin.site._registry]
    return {each.db_table: f"{each.app_label}_{each.model_name}" for each in options}
