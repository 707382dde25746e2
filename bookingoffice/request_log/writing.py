"""Rows of the log go into the database: one statement and one transaction for those of one organization."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import connections

from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7s
from bookingoffice.request_log.recorder import Asked

INSERT: Final = """
INSERT INTO api_requests (organization_id, id, api_key_id, created_at, created_on, endpoint, method, search, status)
SELECT %s, id, api_key_id, to_timestamp(at), (to_timestamp(at) AT TIME ZONE 'UTC')::date, endpoint, method, search, status
FROM unnest(%s::uuid[], %s::float8[], %s::int[]) AS asked(id, at, kind)
JOIN json_to_recordset(%s::json) AS
    kinds(kind int, api_key_id uuid, endpoint text, method text, search text, status api_request_status) USING (kind)
"""
"""Most requests are like another one, so what is alike is sent once."""


def write(organization_id: UUID, rows: Sequence[Asked]) -> None:
    """On the connection of the thread that calls, which is given up when it fails."""
    kinds: dict[tuple[object, ...], int] = {}
    places = [kinds.setdefault(asked.kind, len(kinds)) for asked in rows]
    moments = [asked.at for asked in rows]
    given = [
        _array(uuid7s(moments)),
        _array(moments),
        _array(places),
        json.dumps([_words(*kind) for kind in kinds.items()]),
    ]
    try:
        with tenant_scope(organization_id), connections["default"].cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10s'")
            cursor.execute(INSERT, [organization_id, *given])
    except Exception:
        connections["default"].close()
        raise


def _array(values: Sequence[object]) -> str:
    """Of what needs no quotes, in PostgreSQL's words."""
    return f"{{{','.join(map(str, values))}}}"


def _words(kind: tuple[object, ...], place: int) -> dict[str, object]:
    api_key_id, endpoint, method, search, succeeded = kind
    status = "success" if succeeded else "error"
    words = {"endpoint": endpoint, "method": method, "search": search, "status": status}
    return {"kind": place, "api_key_id": str(api_key_id), **words}
