"""Reads SQL as it was sent and finds the tenant tables in it whose organization it forgot to name."""

from __future__ import annotations

import re

TENANT_TABLES = (
    "members", "invitations", "api_keys", "products", "services", "plans", "bookings", "line_items", "coupons", "coupon_products",
    "coupon_services", "coupon_plans", "coupon_uses", "coupon_batches", "coupon_counters", "coupon_batch_counters",
    "coupon_budgets", "coupon_customers",
    "seasons", "season_years", "season_feeds", "audit_entries", "idempotency_claims",
    "file_imports", "file_import_parts", "file_import_faults",
    "webhooks", "webhook_notifications", "webhook_cursors", "webhook_told",
    "api_requests",
)  # fmt: skip

_TABLE = "|".join(TENANT_TABLES)
_WORDS = r"(?!(?:WHERE|SET|ON|USING|JOIN|LEFT|INNER|CROSS|FULL|ORDER|GROUP|FOR|LIMIT|SELECT|VALUES|AS|RETURNING|UNION|OFFSET)\b)"
_REFERENCE = re.compile(
    rf'\b(FROM|JOIN|UPDATE|INTO)\s+(?:ONLY\s+)?(?:"?public"?\.)?"?({_TABLE})"?(?![\w."(])'
    rf'(?:\s+(?:AS\s+)?"?({_WORDS}\w+)"?)?',
    re.IGNORECASE,
)
_NEW_ROW = re.compile(r'\(\s*[^)]*"?organization_id"?', re.IGNORECASE)


def forgotten(statement: str) -> list[str]:
    """Tables that the statement touches without an equality on their organization."""
    return [found[2] for found in _REFERENCE.finditer(statement) if not _named(statement, found)]


def _named(statement: str, found: re.Match[str]) -> bool:
    word, table, alias = found[1].upper(), found[2], found[3] or found[2]
    if word == "INTO":
        return bool(_NEW_ROW.match(statement[found.end() :].lstrip()))
    name = rf'(?:"?{re.escape(alias)}"?\.|"?{re.escape(table)}"?\.)"?organization_id"?'
    qualified = re.search(rf"{name}\s*=|=\s*\(?{name}", statement)
    unqualified = re.search(r'(?<![\w."])"?organization_id"?\s*=', statement[found.end() :])
    return bool(qualified or unqualified)
