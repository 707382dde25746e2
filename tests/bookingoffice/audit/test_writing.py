"""History is added to and never changed; a reason and the page a change belongs to are kept with it."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.models import AuditEntry
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.scope import tenant_scope
from coupons.models import Coupon, CouponProduct
from tests.builders import NOON, TESTER, make_coupon, make_organization, make_product

pytestmark = pytest.mark.django_db


def rename(organization: Organization, coupon: Coupon, reason: str | None) -> AuditEntry:
    with (
        tenant_scope(organization.pk),
        witnessed(Coupon, organization.pk, [coupon.pk], actor=TESTER, moment=NOON, reason=reason),
    ):
        Coupon.objects.of(organization.pk).filter(pk=coupon.pk).update(name="Late summer")
    with tenant_scope(organization.pk):
        return AuditEntry.objects.of(organization.pk).get(row_id=coupon.pk, action="changed")


@pytest.mark.parametrize(("given", "kept"), [("The guest called", "The guest called"), ("", None), (None, None)])
def test_a_reason_is_kept_where_one_was_given(given: str | None, kept: str | None):
    organization = make_organization()

    entry = rename(organization, make_coupon(organization, code="SUN"), given)

    assert entry.reason == kept
    assert entry.changes == {"name": ["SUN", "Late summer"]}
    assert entry.subject_id is None


def test_the_change_of_a_target_belongs_to_its_coupon():
    organization = make_organization()
    product, coupon = make_product(organization), make_coupon(organization)
    ids: list[UUID] = []

    with tenant_scope(organization.pk):
        with witnessed(CouponProduct, organization.pk, ids, actor=TESTER, moment=NOON):
            link = CouponProduct.objects.create(organization=organization, coupon_id=coupon.pk, product_id=product.pk)
            ids.append(link.pk)
        entry = AuditEntry.objects.of(organization.pk).get(table_name="coupon_products")

    assert entry.subject_id == coupon.pk


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET reason = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"]
)
@pytest.mark.forgets_the_tenant
def test_nobody_who_serves_can_change_history(statement: str):
    organization = make_organization()
    rename(organization, make_coupon(organization), None)

    with tenant_scope(organization.pk):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

        assert AuditEntry.objects.of(organization.pk).count() > 0
