"""The log on the wire: a program reads what its organization's programs asked."""

from __future__ import annotations

from bookingoffice.postgrest.resources import Column, Resource

API_REQUESTS = Resource(
    name="api_requests",
    primary_key=("created_on", "id"),
    methods=frozenset({"GET", "HEAD"}),
    columns=(
        Column("id", "uuid", nullable=False),
        Column("api_key_id", "uuid", nullable=False),
        Column("created_at", "timestamp with time zone", nullable=False),
        Column("created_on", "date", nullable=False),
        Column("endpoint", "text", nullable=False),
        Column("method", "text", nullable=False),
        Column("search", "text", nullable=False),
        Column("status", "api_request_status", nullable=False, enum=("success", "error")),
    ),
    description="What was asked with the organization's keys, a second or two ago at the latest.",
)
