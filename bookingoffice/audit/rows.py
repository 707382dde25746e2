"""What history calls a row, on whose page a change belongs, and what it keeps nothing of."""

from __future__ import annotations

from django.db import models
from psycopg import sql

SUBJECTS = {
    "coupon_products": "coupon_id",
    "coupon_services": "coupon_id",
    "coupon_plans": "coupon_id",
    "season_years": "season_id",
    "line_items": "booking_id",
}
"""Tables whose rows have no page of their own: their changes belong to that of the row they point at."""

SECRETS = {"webhooks": "signing_secret"}
"""Columns that history keeps nothing of."""

LABELS = {
    "webhooks": "coalesce(nullif(image ->> 'description', ''), image ->> 'endpoint')",
    "coupons": "image ->> 'code'",
    "coupon_batches": "coalesce(nullif(image ->> 'label', ''), image ->> 'id')",
    "seasons": "image -> 'name' ->> 'default'",
    "season_years": "image ->> 'year'",
    "season_feeds": "''",
    "invitations": "image ->> 'email'",
    "members": "(SELECT coalesce(nullif(btrim(concat_ws(' ', first_name, last_name)), ''), username) FROM auth_user"
    " WHERE auth_user.id = (image ->> 'user_id')::int)",
    "api_keys": "concat_ws(' ', image ->> 'label', image ->> 'prefix')",
    "coupon_uses": "image ->> 'booking_id'",
    "coupon_products": "image ->> 'product_id'",
    "coupon_services": "image ->> 'service_id'",
    "coupon_plans": "image ->> 'plan_id'",
    "products": "image -> 'name' ->> 'default'",
    "services": "image -> 'label' ->> 'default'",
    "plans": "image ->> 'name'",
    "bookings": "coalesce(nullif(image ->> 'reference', ''), image ->> 'id')",
    "line_items": "image -> 'name' ->> 'default'",
    "organizations": "image -> 'name' ->> 'default'",
}


def image_of(table: str) -> str:
    """SQL over `rows`: what history may know of one."""
    return f"to_jsonb(rows) - '{SECRETS[table]}'" if table in SECRETS else "to_jsonb(rows)"


def owner_of(model: type[models.Model]) -> sql.Identifier:
    """The column that says whose a row is: an organization is its own."""
    return sql.Identifier("id" if model._meta.db_table == "organizations" else "organization_id")


def subject_of(table: str) -> str:
    """SQL over `image`: the row on whose page a change belongs, null for its own."""
    column = SUBJECTS.get(table)
    return f"(image ->> '{column}')::uuid" if column else "NULL::uuid"
