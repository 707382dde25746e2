"""One text for every organization: it names none, and tells each what Django's own way would."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db.models import F, TextField, Value

from bookingoffice.database.remembered import ORGANIZATION, Given, remember
from bookingoffice.database.scope import current_organization_id, tenant_scope
from coupons.models import Coupon
from tests.builders import make_coupon, make_organization

pytestmark = pytest.mark.django_db


def coupons():
    named = Coupon.objects.of(ORGANIZATION).filter(
        code__icontains=Given("part", TextField()), kind__in=["percent", "it's 5 %"]
    )
    return named.order_by("code").values(
        "id", "code", "expires_at", kept=Value("10 %", TextField()), twice=F("percent") * 2
    )


def test_what_was_built_within_one_scope_serves_every_other():
    here, there = make_organization("Here"), make_organization("There")
    for place in (here, there):
        make_coupon(place, f"CODE {place.name['default']}")
    with tenant_scope(here.pk):
        statement = remember(coupons, counted=True)
        assert current_organization_id() == here.pk
        rows, total = statement.page(limit=5, organization_id=here.pk, part="code")

    with tenant_scope(there.pk):
        others, _ = statement.page(limit=5, organization_id=there.pk, part="CODE")

    assert str(here.pk) not in statement.text
    assert ([row["code"] for row in rows], total) == (["CODE Here"], 1)
    assert [row["code"] for row in others] == ["CODE There"]


def test_values_come_as_they_are_kept():
    organization = make_organization()
    coupon = make_coupon(organization, 'A_50% „ü“ \\ "x"', expires_at=datetime(2027, 8, 31, 22, 0, 1, 5000, tzinfo=UTC))
    make_coupon(organization, "A-OTHER", expires_at="infinity")
    with tenant_scope(organization.pk):
        statement = remember(coupons, instants=["expires_at"])
        [row], total = statement.page(limit=5, organization_id=organization.pk, part="a_50%")
        [endless], _ = statement.page(limit=5, offset=0, organization_id=organization.pk, part="other")
        nothing = statement.page(limit=5, offset=10**30, organization_id=organization.pk, part="a")

    assert row == {
        "id": str(coupon.pk),
        "code": coupon.code,
        "expires_at": coupon.expires_at,
        "kept": "10 %",
        "twice": Decimal(30),
    }
    assert str(row["twice"]) == "30.0000"
    assert endless["expires_at"].year == 9999
    assert (total, nothing) == (None, ([], None))


def test_a_statement_for_everybody_names_no_row():
    one = make_coupon(make_organization())

    with pytest.raises(TypeError, match="no single row"):
        remember(lambda: Coupon.objects.of(ORGANIZATION).filter(pk=one.pk).values("id"))
