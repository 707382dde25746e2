"""An upgrade without a pause: while it is under way, the release before goes on writing to the tables of this one."""

from __future__ import annotations

from io import StringIO
from threading import Timer

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections, migrations, models
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import make_conninfo

from bookingoffice.database.server.trouble import ServerTrouble
from tests.releases import contract
from tests.releases.expanding import takings
from tests.releases.writes import EXPECTED, WRITES

CONTRACTIONS: dict[str, str] = {}
"""Migrations that take something away, by the release from which on nothing uses it any more: it has to be out already, so it is the
previous one or older. Everybody upgrades to that release first."""


both = pytest.mark.django_db(databases=["default", "owner"])


def planted(statement: str) -> None:
    """By the owner, in a transaction that is rolled back."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


@both
def test_the_previous_release_finds_everything_that_it_names():
    before = contract.frozen()

    assert list(contract.broken(before, contract.found(before.release))) == []


@pytest.mark.django_db
def test_the_previous_releases_writes_go_through():
    with connections["default"].cursor() as cursor:
        for statement in WRITES:
            cursor.execute(statement)
        for question, answer in EXPECTED.items():
            cursor.execute(question)
            assert cursor.fetchall() == answer, question


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("ALTER TABLE coupons DROP COLUMN description", "The column coupons.description is gone."),
        ("ALTER TABLE coupons RENAME COLUMN metadata TO more", "The column coupons.metadata is gone."),
        ("ALTER TABLE coupons ADD COLUMN colour text NOT NULL", "The new column coupons.colour has to be given"),
        (
            "ALTER TABLE products ALTER COLUMN code DROP DEFAULT, ALTER COLUMN code SET NOT NULL",
            "products.code has to be given now",
        ),
        ("ALTER TABLE bookings ALTER COLUMN reference TYPE varchar(9)", "The column bookings.reference was text"),
        ("DROP TABLE coupon_products", "The table coupon_products is gone."),
        ("DROP FUNCTION public.uuid7() CASCADE", "The function uuid7() is gone"),
        (
            "ALTER FUNCTION public.ledger_release(uuid, uuid, uuid) RENAME TO give_back",
            "ledger_release(uuid,uuid,uuid) is gone",
        ),
        ("REVOKE EXECUTE ON FUNCTION public.api_key_caller(bytea) FROM bookingoffice", "api_key_caller(bytea) is gone"),
        ("REVOKE UPDATE ON seasons FROM bookingoffice", "A right to seasons."),
        (
            "ALTER TABLE webhook_notifications DROP CONSTRAINT webhook_notifications_organization_id_cause_key",
            "Nothing is unique on",
        ),
    ],
)
@both
def test_what_is_taken_away_is_found(statement, told):
    planted(statement)

    assert any(told in each for each in contract.broken(contract.frozen(), contract.found("planted")))


@both
def test_what_is_added_is_no_fault():
    planted("ALTER TABLE coupons ADD COLUMN colour text NOT NULL DEFAULT 'red', ADD COLUMN note text")
    planted("CREATE TABLE news (id uuid NOT NULL)")

    assert list(contract.broken(contract.frozen(), contract.found("planted"))) == []


def test_migrations_since_the_previous_release_only_add():
    loader, before = MigrationLoader(None), contract.frozen()
    nodes = loader.graph.leaf_nodes()
    plan = [node for leaf in nodes for node in loader.graph.forwards_plan(leaf)]
    new = [node for node in dict.fromkeys(plan) if ".".join(node) not in before.migrations]
    known = [node for node in dict.fromkeys(plan) if node not in new]
    state = loader.project_state(known, at_end=True) if known else loader.project_state()

    taken = {".".join(node): list(takings(loader.get_migration(*node), state)) for node in new}

    undeclared = {name: told for name, told in taken.items() if told and name not in CONTRACTIONS}
    assert undeclared == {}, "Expand first; contract in a later release, and say so in CONTRACTIONS."


def bad(*operations):
    migration = migrations.Migration("0999_bad", "coupons")
    migration.operations = list(operations)  # type: ignore[misc]  # Django's own class attribute, as makemigrations sets it
    return migration


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("coupon", "description"),
        migrations.RenameField("coupon", "description", "about"),
        migrations.DeleteModel("couponproduct"),
        migrations.RenameModel("coupon", "voucher"),
        migrations.AddField("coupon", "colour", models.TextField()),
        migrations.AlterField("coupon", "quota", models.IntegerField()),
        migrations.AlterField("coupon", "quota", models.TextField(null=True)),
        migrations.RunSQL("ALTER TABLE coupons DROP COLUMN description"),
        migrations.RunSQL(["SELECT 1", "drop function\n public.uuid7()"]),
        migrations.RunSQL([("ALTER TABLE coupons ALTER COLUMN quota SET NOT NULL", None)]),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL("ALTER TABLE a RENAME TO b")]),
    ],
    ids=lambda operation: operation.__class__.__name__,
)
def test_a_migration_that_takes_something_away_is_found(operation):
    assert list(takings(bad(operation), MigrationLoader(None).project_state()))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("coupon", "colour", models.TextField(db_default="red")),
        migrations.AddField("coupon", "colour", models.TextField(null=True)),
        migrations.CreateModel("paint", [("id", models.UUIDField(primary_key=True)), ("colour", models.TextField())]),
        migrations.RunSQL("CREATE OR REPLACE FUNCTION public.f() RETURNS int LANGUAGE sql RETURN 1"),
        migrations.RunSQL("REVOKE ALL ON FUNCTION public.f() FROM PUBLIC"),
    ],
    ids=lambda operation: operation.__class__.__name__,
)
def test_one_that_adds_is_let_through(operation):
    assert list(takings(bad(operation), MigrationLoader(None).project_state())) == []


@pytest.fixture
def reader(committed_db):
    """Somebody who reads webhooks in a long transaction."""
    settings = connections["owner"].get_connection_params()
    words = {name: settings[name] for name in ("host", "port", "user", "password", "dbname") if settings.get(name)}
    with psycopg.connect(make_conninfo(**words)) as link:
        link.execute("SELECT count(*) FROM webhooks")
        yield link
    call_command("migrate", database="owner", verbosity=0)


def test_a_migration_gives_up_behind_a_long_reader_instead_of_holding_everybody_up(reader):
    with pytest.raises(ServerTrouble, match="in use"):
        call_command("migrate", "webhooks", "0001", database="owner", verbosity=0, lock_timeout=0.2, tries=2)

    shown = StringIO()
    call_command("showmigrations", "webhooks", database="owner", stdout=shown)
    assert "[X] 0002_replays" in shown.getvalue()


def test_it_comes_again_and_succeeds_once_the_reader_is_gone(reader):
    Timer(0.5, reader.rollback).start()

    call_command("migrate", "webhooks", "0001", database="owner", verbosity=0, lock_timeout=0.2, tries=20)

    shown = StringIO()
    call_command("showmigrations", "webhooks", database="owner", stdout=shown)
    assert "[ ] 0002_replays" in shown.getvalue()
