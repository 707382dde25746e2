"""Rows of a day that has no partition, in commits that the owner and the serving role both see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import connections, transaction

from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7
from bookingoffice.request_log import partitions
from bookingoffice.request_log.recorder import Asked
from bookingoffice.request_log.writing import write
from tests.builders import make_organization

TODAY = date(2027, 3, 1)


def at(day: date) -> float:
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC).timestamp()


def asked(organization, day):
    return Asked(organization.pk, uuid7(), at(day), "/v1/coupons", "GET", "limit=1", True)


def test_a_row_without_a_day_of_its_own_is_kept_and_pruned_all_the_same(committed_db):
    organization = make_organization()
    write(organization.pk, [asked(organization, TODAY), asked(organization, TODAY + timedelta(days=40))])

    assert TODAY not in partitions.make(TODAY)
    partitions.prune(TODAY + timedelta(days=31), keep_days=30)

    with tenant_scope(organization.pk), connections["default"].cursor() as cursor:
        cursor.execute("SELECT created_on FROM api_requests WHERE organization_id = %s", [organization.pk])
        assert cursor.fetchall() == [(TODAY + timedelta(days=40),)]
    for day in partitions.existing():
        with transaction.atomic(using="owner"):
            connections["owner"].cursor().execute(f"DROP TABLE {partitions.partition_of(day)}")
