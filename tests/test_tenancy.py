"""The reader of statements notices what it is there to notice."""

from __future__ import annotations

import pytest
from django.db import connection

from bookingoffice.database.scope import tenant_scope
from coupons.models import Coupon
from tests.builders import make_coupon, make_organization
from tests.tenancy import forgotten


@pytest.mark.parametrize(
    "statement",
    [
        'SELECT "coupons"."id" FROM "coupons" WHERE "coupons"."organization_id" = %s',
        "SELECT id FROM coupons WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)",
        'UPDATE "coupons" SET "name" = %s WHERE ("coupons"."organization_id" = %s AND "coupons"."id" = %s)',
        "INSERT INTO seasons (organization_id, id) SELECT %s, id FROM given",
        'SELECT 1 FROM "coupon_uses" INNER JOIN "coupons" ON ("coupon_uses"."coupon_id" = "coupons"."id" AND '
        '("coupon_uses"."organization_id" = "coupons"."organization_id")) WHERE "coupon_uses"."organization_id" = %s',
    ],
)
def test_a_statement_that_names_its_organization(statement):
    assert forgotten(statement) == []


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ('SELECT "coupons"."id" FROM "coupons" WHERE "coupons"."id" = %s', ["coupons"]),
        ("DELETE FROM seasons", ["seasons"]),
        ("INSERT INTO seasons (id) VALUES (%s)", ["seasons"]),
        (
            'SELECT 1 FROM "coupon_uses" INNER JOIN "coupons" ON ("coupon_uses"."coupon_id" = "coupons"."id")'
            ' WHERE "coupon_uses"."organization_id" = %s',
            ["coupons"],
        ),
    ],
)
def test_a_statement_that_forgets(statement, tables):
    assert forgotten(statement) == tables


@pytest.mark.django_db
@pytest.mark.forgets_the_tenant
def test_a_query_that_forgets_the_tenant_returns_nothing():
    """Past all of our own code: the bare connection of the serving role."""
    mine, theirs = make_organization(), make_organization("Stranger")
    make_coupon(mine, "MINE"), make_coupon(theirs, "THEIRS")

    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM coupons")
        assert cursor.fetchall() == []
        with tenant_scope(mine.pk):
            cursor.execute("SELECT code FROM coupons")
            assert cursor.fetchall() == [("MINE",)]
            cursor.execute("UPDATE coupons SET name = 'x' WHERE organization_id = %s", [theirs.pk])
            assert cursor.rowcount == 0
    assert Coupon.objects.count() == 0
