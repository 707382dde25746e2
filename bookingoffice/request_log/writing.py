"""Rows of the log go into the database: one statement and one transaction for those of one organization."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import connections

from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7
from bookingoffice.request_log.recorder import Asked

INSERT: Final = """
INSERT INTO api_requests (organization_id, id, api_key_id, created_at, created_on, endpoint, method, search, status)
SELECT %s, id, api_key_id, to_timestamp(at), (to_timestamp(at) AT TIME ZONE 'UTC')::date, endpoint, method, search, status
FROM json_to_recordset(%s::json) AS
    given(id uuid, api_key_id uuid, at float8, endpoint text, method text, search text, status api_request_status)
"""


def write(organization_id: UUID, rows: Sequence[Asked]) -> None:
    """On the connection of the thread that calls, which is given up when it fails."""
    given = json.dumps([_row(asked) for asked in rows])
    try:
        with tenant_scope(organization_id), connections["default"].cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10s'")
            cursor.execute(INSERT, [organization_id, given])
    except Exception:
        connections["default"].close()
        raise


def _row(asked: Asked) -> dict[str, object]:
    return {
        "id": str(uuid7()),
        "api_key_id": str(asked.api_key_id),
        "at": asked.at,
        "endpoint": asked.endpoint,
        "method": asked.method,
        "search": asked.search,
        "status": "success" if asked.succeeded else "error",
    }
