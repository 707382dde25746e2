"""An index gets another definition under its name while the table is in use, and a try that ended early does no harm."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import DatabaseError, connections, models
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from bookingoffice.database.indexes import ReplaceIndex

pytestmark = pytest.mark.usefixtures("committed_db")

NAME = "coupons_newest_idx"
AS_IT_IS = models.Index(fields=["organization", "created_at", "id"], name=NAME)
DESCENDING = models.Index(fields=["organization", "-created_at", "-id"], name=NAME)


def ask(statement: str) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def found() -> dict[str, str]:
    """Indexes of that name and of what is being built, each with what it orders by; one that is not valid is none."""
    return dict(
        ask(
            "SELECT indexrelid::regclass::text, substring(pg_get_indexdef(indexrelid) FROM '[(].*') FROM pg_index"
            f" WHERE indrelid = 'coupons'::regclass AND indisvalid AND indexrelid::regclass::text LIKE '{NAME}%'"
        )
    )


def replace(index: models.Index) -> None:
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation = ReplaceIndex("coupon", index)
    operation.state_forwards("coupons", after)
    with connections["owner"].schema_editor(atomic=False) as editor:
        operation.database_forwards("coupons", editor, before, after)


@pytest.fixture(autouse=True)
def put_back(committed_db):
    yield
    ask(f"DROP INDEX IF EXISTS {NAME}_new, {NAME}_old")
    replace(AS_IT_IS)
    assert found() == {NAME: "(organization_id, created_at, id)"}


def test_the_definition_changes_and_the_name_stays():
    replace(DESCENDING)

    assert found() == {NAME: "(organization_id, created_at DESC, id DESC)"}


@pytest.mark.parametrize(
    "left",
    [
        [f"CREATE INDEX {NAME}_new ON coupons (id)"],
        [f"CREATE INDEX {NAME}_new ON coupons (id)", f"DROP INDEX {NAME}"],
        [f"ALTER INDEX {NAME} RENAME TO {NAME}_old", f"CREATE INDEX {NAME} ON coupons (id)"],
        [f"DROP INDEX {NAME}"],
    ],
    ids=["half built", "not renamed yet", "not cleared away", "gone"],
)
def test_it_can_come_again(left):
    for statement in left:
        ask(statement)

    replace(DESCENDING)

    assert found() == {NAME: "(organization_id, created_at DESC, id DESC)"}


@pytest.mark.parametrize("ends_before", ["ADD", "RENAME", "DROP"])
def test_there_is_a_whole_one_whenever_it_ends(monkeypatch, ends_before):
    """The server may be killed before any of its statements; those that clear away come before."""
    run = DatabaseSchemaEditor.execute
    building: list[str] = []
    marks = {"ADD": "CREATE INDEX", "RENAME": "RENAME TO", "DROP": f'DROP INDEX CONCURRENTLY IF EXISTS "{NAME}_old"'}

    def dying(editor, statement, *args, **values):
        if marks[ends_before] in str(statement) and (ends_before == "ADD" or building):
            raise KeyboardInterrupt
        building.extend(["built"] if "CREATE INDEX" in str(statement) else [])
        return run(editor, statement, *args, **values)

    monkeypatch.setattr(DatabaseSchemaEditor, "execute", dying)
    with pytest.raises(KeyboardInterrupt):
        replace(DESCENDING)

    assert NAME in found()
    monkeypatch.undo()


@contextmanager
def a_long_report():
    """A transaction that reads the table and does not end."""
    reader = connections["default"].copy()
    try:
        with reader.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT count(*) FROM coupons")
            yield
    finally:
        reader.close()


def test_what_waits_too_long_leaves_the_old_one_at_work_and_comes_again():
    with a_long_report():
        ask("SET lock_timeout = '100ms'")
        with pytest.raises(DatabaseError, match="lock timeout"):
            replace(DESCENDING)
        assert found() == {NAME: "(organization_id, created_at, id)"}
    ask("RESET lock_timeout")

    replace(DESCENDING)

    assert found() == {NAME: "(organization_id, created_at DESC, id DESC)"}
