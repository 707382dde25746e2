"""The organization and its people on the wire."""

from __future__ import annotations

from functools import partial

from bookingoffice.accounts.acting import watched
from bookingoffice.localized import refuse_malformed_names
from bookingoffice.postgrest.resources import Column, ForeignKey, Resource

NOW = "now()"
NEW_ID = "public.uuid7()"
READING = frozenset({"GET", "HEAD"})

ORGANIZATIONS = Resource(
    name="organizations",
    tenant_column="id",
    methods=READING | {"PATCH"},
    columns=(
        Column("id", "uuid", default=NEW_ID, nullable=False),
        Column("created_at", "timestamp with time zone", default=NOW, nullable=False),
        Column("updated_at", "timestamp with time zone", default=NOW, on_update=NOW, nullable=False),
        Column("deleted_at", "timestamp with time zone"),
        Column("name", "jsonb", nullable=False),
        Column("active", "boolean", default="true", nullable=False),
        Column("languages", "text[]", default="'{en-US}'::text[]", nullable=False),
        Column("default_language", "text", default="'en-US'::text", nullable=False),
    ),
    examine=partial(refuse_malformed_names, fields=("name",)),
    witness=watched("organizations"),
    description="The business that the key belongs to.",
)

MEMBERS = Resource(
    name="members",
    methods=READING,
    columns=(
        Column("id", "uuid", default=NEW_ID, nullable=False),
        Column("organization_id", "uuid", nullable=False),
        Column("user_id", "integer", nullable=False),
        Column("role", "member_role", nullable=False, enum=("owner", "editor", "viewer")),
        Column("created_at", "timestamp with time zone", default=NOW, nullable=False),
        Column("updated_at", "timestamp with time zone", default=NOW, nullable=False),
    ),
    foreign_keys=(
        ForeignKey("members_organization_id_fkey", ("organization_id",), "organizations"),
        ForeignKey("members_user_id_fkey", ("user_id",), "user_profiles", ("user_id",)),
    ),
    description="Staff and what they may do.",
)

USER_PROFILES = Resource(
    name="user_profiles",
    primary_key=("user_id",),
    methods=READING,
    columns=(
        Column("user_id", "integer", nullable=False),
        Column("email", "text", nullable=False),
        Column("full_name", "text", nullable=False),
    ),
    description="Who the members are.",
)

RESOURCES = (ORGANIZATIONS, MEMBERS, USER_PROFILES)
