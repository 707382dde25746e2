"""Seasons as Bookingmood's table: six columns, and nothing of what is derived from them."""

from __future__ import annotations

from bookingoffice.postgrest.resources import ORGANIZATION, Column, ForeignKey, Resource
from seasons.api.bookingmood.writer import SeasonWriter

NOW = "now()"

SEASONS = Resource(
    name="seasons",
    columns=(
        Column("id", "uuid", default="public.uuid7()", nullable=False),
        Column("created_at", "timestamp with time zone", default=NOW, nullable=False),
        Column("updated_at", "timestamp with time zone", default=NOW, on_update=NOW, nullable=False),
        Column("organization_id", "uuid", nullable=False, on_insert=ORGANIZATION),
        Column("name", "jsonb", nullable=False),
        Column("value", "jsonb"),
    ),
    foreign_keys=(ForeignKey("seasons_organization_id_fkey", ("organization_id",), "organizations"),),
    service=SeasonWriter(),
    description="Re-usable sets of days of the year.",
)

RESOURCES = (SEASONS,)
