"""Every address below the admin's, found and not listed, so that a page made tomorrow is walked too."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from bookingoffice.database.scope import tenant_scope

# What a person does to their own log-in, or before there is one, is no organization's business.
OWN = ("account/", "login/", "logout/", "password_change/", "join/", "password/", "organization/", "language/")
_ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")


def addresses(rows: Mapping[str, Any]) -> Iterator[str]:
    """`rows` gives a key for each table's page; what a path wants else is made up."""
    for path in sorted({path for path in _paths(get_resolver().url_patterns, "") if path.startswith("admin/")}):
        below = path.removeprefix("admin/")
        if not below.startswith(OWN):
            yield f"/admin/{_filled(below, rows)}"


def _paths(patterns: Any, before: str) -> Iterator[str]:
    for pattern in patterns:
        text = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _paths(pattern.url_patterns, before + text)
        elif isinstance(pattern, URLPattern):
            yield before + text.removeprefix("^").removesuffix("$").removesuffix(r"\Z")


def _filled(path: str, rows: Mapping[str, Any]) -> str:
    page = "_".join(path.split("/")[:2])
    known = str(rows.get(page) or uuid4())

    def value(argument: re.Match[str]) -> str:
        kind, name = argument.groups()
        if name in ("object_id", "pk") or kind == "uuid":
            return known
        return {"int": "2027"}.get(kind or "", known)

    return re.sub(r"\(\?P<\w+>[^)]*\)", known, _ARGUMENT.sub(value, path))


def pages() -> set[str]:
    return {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}


def print_of(organization: Any) -> dict[str, str]:
    """A finger print of each table's rows, those of one organization and those of nobody."""
    prints: dict[str, str] = {}
    with tenant_scope(organization.pk), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id')"
            " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
            " AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1"
        )
        for table, owned in cursor.fetchall():
            where = "WHERE t.organization_id = %(id)s" if owned else ""
            cursor.execute(
                f"SELECT string_agg(t::text, e'\\n' ORDER BY t::text) FROM \"{table}\" t {where}",
                {"id": organization.pk},
            )
            prints[table] = hashlib.sha256((cursor.fetchone()[0] or "").encode()).hexdigest()
    return prints


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What only keeps watch is none of the rows: who was seen, who was logged in."""
    watching = {"django_session", "staff_sessions", "axes_accessattempt", "staff_languages"}
    return sorted(table for table in before if before[table] != after[table] and table not in watching)
