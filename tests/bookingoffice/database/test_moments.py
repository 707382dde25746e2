"""Instants and days that only PostgreSQL can keep do not break whoever reads the row."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from bookingoffice.database.scope import tenant_scope
from coupons.models import Coupon
from tests.builders import make_coupon, make_organization

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("infinity", datetime(9999, 12, 30, tzinfo=UTC)),
        ("-infinity", datetime(1, 1, 2, tzinfo=UTC)),
        ("12000-01-01 00:00:00+00", datetime(9999, 12, 30, tzinfo=UTC)),
        ("0044-03-15 12:00:00+00 BC", datetime(1, 1, 2, tzinfo=UTC)),
        ("2027-06-15 12:00:00.25+02", datetime(2027, 6, 15, 10, 0, 0, 250000, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_as_the_nearest_that_python_has(kept, read):
    organization = make_organization()
    coupon = make_coupon(organization, created_at=kept)

    with tenant_scope(organization.pk):
        assert Coupon.objects.get(pk=coupon.pk).created_at == read
        with connection.cursor() as cursor:
            cursor.execute("SELECT created_at = %s FROM coupons WHERE organization_id = %s", [kept, organization.pk])
            assert cursor.fetchone() == (True,)


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("infinity", date(9999, 12, 31)),
        ("-infinity", date(1, 1, 1)),
        ("12000-01-01", date(9999, 12, 31)),
        ("0044-03-15 BC", date(1, 1, 1)),
        ("2028-02-29", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_the_nearest_that_python_has(kept, read):
    organization = make_organization()
    coupon = make_coupon(organization, stay_from=kept, blackout_dates=[kept])

    with tenant_scope(organization.pk):
        found = Coupon.objects.get(pk=coupon.pk)

    assert (found.stay_from, found.blackout_dates) == (read, [read])


def test_an_instant_is_the_same_in_whatever_zone_the_transaction_shows_it():
    organization = make_organization()
    coupon = make_coupon(organization, created_at="2027-06-15T12:00:00Z")

    with tenant_scope(organization.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Tokyo'")

        assert Coupon.objects.get(pk=coupon.pk).created_at == datetime(2027, 6, 15, 12, tzinfo=UTC)
