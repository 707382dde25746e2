"""The codes of a batch as a file, streamed as PostgreSQL writes it."""

from __future__ import annotations

from collections.abc import Generator
from uuid import UUID

from django.db import connection
from psycopg import sql

from bookingoffice.accounts.models import Organization

CODES = """
COPY (SELECT code, id, public_id FROM coupons WHERE organization_id = {organization_id} AND batch_id = {batch_id} ORDER BY id)
TO STDOUT (FORMAT csv, HEADER)
"""


def batch_csv(organization: Organization, batch_id: UUID) -> Generator[bytes, None, None]:
    """In the order of making. Runs in the organization's scope."""
    statement = sql.SQL(CODES).format(organization_id=sql.Literal(organization.pk), batch_id=sql.Literal(batch_id))
    with connection.cursor() as cursor, cursor.copy(statement.as_string(cursor.cursor)) as copy:
        for piece in copy:
            yield bytes(piece)
