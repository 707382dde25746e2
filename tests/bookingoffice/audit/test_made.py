"""What is kept of a new row column by column is what comparing its image with nothing would say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from psycopg import sql

from bookingoffice.audit.made import of_made
from bookingoffice.audit.models import AuditEntry
from bookingoffice.audit.rows import LABELS, SECRETS, image_of, owner_of, subject_of
from bookingoffice.audit.writing import recording
from bookingoffice.database import pipeline
from bookingoffice.database.scope import tenant_scope
from bookingoffice.demo import create_demo
from tests.builders import NOON, TESTER

pytestmark = pytest.mark.django_db

MODELS = {
    model._meta.db_table: model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.db_table in LABELS
}
IMAGES = """
SELECT id, public.audit_difference(NULL, image), coalesce({label}, ''), {subject}
FROM (SELECT id, {image} AS image FROM {table} AS rows WHERE {owner} = %s) AS told ORDER BY id
"""


def by_images(model: Any, organization_id: Any) -> list[tuple[Any, ...]]:
    table = model._meta.db_table
    parts = {"label": LABELS[table], "subject": subject_of(table), "image": image_of(table)}
    statement = sql.SQL(IMAGES).format(
        table=sql.Identifier(table), owner=owner_of(model), **{name: sql.SQL(part) for name, part in parts.items()}
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.cursor), [organization_id])
        return [(row_id, json.loads(changes), *rest) for row_id, changes, *rest in cursor.fetchall()]


def test_every_table_of_a_busy_house_is_told_alike():
    organization_id = create_demo(NOON).organization_id
    kept = {}
    with tenant_scope(organization_id):
        for table, model in MODELS.items():
            expected = by_images(model, organization_id)
            ids = [row_id for row_id, *_ in expected]
            told: Any = {"actor": TESTER, "moment": NOON, "action": "made for this test", "images": {}}
            pipeline.first_row(pipeline.connection_of(), recording(model, organization_id, ids, **told))
            entries = AuditEntry.objects.filter(table_name=table, action="created", actor_label=TESTER.label)
            found = list(entries.order_by("id").values_list("row_id", "changes", "row_label", "subject_id"))
            assert found == expected, table
            kept[table] = len(found)

    assert MODELS.keys() >= SECRETS.keys()
    assert {"coupons", "coupon_uses", "bookings", "line_items", "seasons", "members"} <= {
        table for table, number in kept.items() if number
    }


def test_it_is_said_of_rows_alone():
    assert not [table for table, model in MODELS.items() if "image" in of_made(model)]
