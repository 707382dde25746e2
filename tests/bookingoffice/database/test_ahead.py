"""Savepoints and settings leave with the statement behind them, and mean what they mean when they leave at once."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, connections, transaction

from bookingoffice.database import pipeline, watched
from bookingoffice.database.batches import Query
from bookingoffice.database.scope import tenant_scope
from bookingoffice.references.models import Product
from tests.builders import make_organization

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def organization():
    return make_organization()


def make(organization, currency="EUR"):
    """By the wire, as services do it."""
    text = b"""INSERT INTO products (organization_id, name, currency) VALUES ($1, '{"default": "Cabin"}', $2) RETURNING id"""
    pipeline.first_row(pipeline.connection_of(), Query(text, [str(organization.pk), currency]))


def made(organization):
    with tenant_scope(organization.pk):
        return sorted(Product.objects.values_list("currency", flat=True))


def test_what_begins_a_savepoint_travels_with_its_first_statement(organization):
    trips = watched.counted_anew()
    with tenant_scope(organization.pk), transaction.atomic(), transaction.atomic():
        make(organization)

    assert trips.number <= 4  # the statement, twice a release, the COMMIT
    assert made(organization) == ["EUR"]


def test_a_savepoint_in_which_nothing_is_asked_is_none(organization):
    with tenant_scope(organization.pk):
        make(organization)
        trips = watched.counted_anew()
        with transaction.atomic():
            pass

        assert trips.number == 0
        assert connection.ahead == []


class Undo(Exception):
    pass


@pytest.mark.parametrize("asks", [True, False])
def test_what_was_done_before_a_savepoint_outlives_its_end(organization, asks):
    with tenant_scope(organization.pk):
        make(organization, "EUR")
        with suppress(Undo), transaction.atomic():
            if asks:
                make(organization, "CHF")
            raise Undo
        make(organization, "USD")

    assert made(organization) == ["EUR", "USD"]


def test_an_error_within_leaves_the_transaction_whole(organization):
    with tenant_scope(organization.pk):
        make(organization, "EUR")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.wrap_database_errors:
            make(organization, "no currency")
        make(organization, "USD")

    assert made(organization) == ["EUR", "USD"]


def test_an_error_in_the_very_first_statement_too(organization):
    with tenant_scope(organization.pk):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.wrap_database_errors:
            make(organization, "no currency")
        make(organization, "USD")

    assert made(organization) == ["USD"]


def test_savepoints_within_savepoints_end_one_by_one(organization):
    with tenant_scope(organization.pk):
        with transaction.atomic():
            make(organization, "EUR")
            with suppress(Undo), transaction.atomic():
                with transaction.atomic():
                    make(organization, "CHF")
                raise Undo
            with transaction.atomic():
                make(organization, "USD")
        with suppress(Undo), transaction.atomic():
            with transaction.atomic():
                pass
            raise Undo

    assert made(organization) == ["EUR", "USD"]


def test_a_cursor_that_was_made_before_the_savepoint_is_behind_it(organization):
    insert = """INSERT INTO products (organization_id, name, currency) VALUES (%s, '{"default": "Cabin"}', 'CHF')"""
    with tenant_scope(organization.pk):
        make(organization, "EUR")
        with connection.cursor() as cursor, suppress(Undo), transaction.atomic():
            cursor.execute(insert, [organization.pk])
            raise Undo

    assert made(organization) == ["EUR"]


def test_a_savepoint_opens_where_nothing_has_begun():
    with transaction.atomic(), transaction.atomic(), connection.cursor() as cursor:
        assert cursor.execute("SELECT 1").fetchone() == (1,)


def shown(using="default"):
    with connections[using].cursor() as cursor:
        return cursor.execute("SELECT current_setting('bookingoffice.organization_id', true)").fetchone()[0]


def test_a_scope_within_one_of_the_same_says_nothing_and_one_of_another_is_undone(organization):
    other = make_organization("Stranger")
    with tenant_scope(organization.pk):
        make(organization)
        trips = watched.counted_anew()
        with tenant_scope(organization.pk):
            pass
        assert trips.number == 0
        with tenant_scope(other.pk):
            assert shown() == str(other.pk)
            with tenant_scope(organization.pk):
                assert shown() == str(organization.pk)
            assert shown() == str(other.pk)
        assert shown() == str(organization.pk)


def test_each_connection_has_a_scope_of_its_own(organization):
    with tenant_scope(organization.pk), transaction.atomic(using="owner"), tenant_scope(organization.pk, using="owner"):
        assert shown("owner") == str(organization.pk)


def test_a_scope_that_an_error_ended_is_opened_anew(organization):
    with suppress(Undo), tenant_scope(organization.pk):
        make(organization)
        raise Undo

    assert made(organization) == []
