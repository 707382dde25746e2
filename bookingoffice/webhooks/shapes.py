"""Remembered rows as the row grammar shows them: PostgreSQL reads each back into its table's type and writes it as on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql

from bookingoffice.database.jsontext import json_text
from bookingoffice.database.rows import execute
from bookingoffice.postgrest.resources import Resource
from bookingoffice.webhooks.tellers import Image

SHOWN = """
SELECT to_json(shown)::text FROM json_array_elements(%(images)s::json) WITH ORDINALITY AS given(image, place),
LATERAL (SELECT {columns} FROM jsonb_populate_record(NULL::{table}, given.image::jsonb) AS {alias}) AS shown ORDER BY place
"""


def shown(resource: Resource, images: Sequence[Image], computed: Mapping[str, str]) -> list[str]:
    """Each image as JSON text, with the columns of `select=*` in their order."""
    if not images:
        return []
    columns = [
        sql.SQL("{} AS {}").format(_expression(column, computed), sql.Identifier(column.name))
        for column in resource.visible
    ]
    statement = sql.SQL(SHOWN).format(
        columns=sql.SQL(", ").join(columns),
        table=sql.Identifier(resource.schema, resource.table),
        alias=sql.Identifier(resource.table),
    )
    return [text for (text,) in execute(statement, images=json_text(list(images)))]


def _expression(column: Any, computed: Mapping[str, str]) -> sql.Composable:
    text = computed.get(column.name) or column.expression
    return sql.SQL(text) if text else sql.Identifier(column.name)
