"""Upserts of rows that have rules: which unique rule is meant, and what a key that comes twice is."""

from __future__ import annotations

import pytest

from tests.builders import make_booking, make_coupon, make_product

MERGE, IGNORE = "resolution=merge-duplicates", "resolution=ignore-duplicates"
DEFINITION = {"type": "relative", "value": -10}
HOOK = {"endpoint": "https://hooks.example.com/in", "events": ["coupons.created"]}


def rows_of(organization):
    """For every table a row that may be created."""
    coupon, product, booking = make_coupon(organization), make_product(organization), make_booking(organization)
    return {
        "coupons": {"code": "NEW", "definition": DEFINITION},
        "coupon_products": {"coupon_id": str(coupon.pk), "product_id": str(product.pk)},
        "coupon_uses": {"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)},
        "seasons": {"name": {"default": "High"}},
        "webhooks": HOOK,
    }


@pytest.mark.parametrize("prefer", [MERGE, IGNORE])
@pytest.mark.parametrize(
    ("place", "status", "code"),
    [
        ("coupons?on_conflict=quota", 400, "42P10"),
        ("coupons?on_conflict=id,code", 400, "42P10"),
        ("coupons?on_conflict=batch_id", 400, "42703"),
        ("coupons?on_conflict=code", 201, None),
        ("coupons?on_conflict=organization_id,code", 201, None),
        ("coupons?on_conflict=organization_id", 400, "42P10"),
        ("coupon_products?on_conflict=id", 400, "42P10"),
        ("coupon_products?on_conflict=product_id,coupon_id", 201, None),
        ("coupon_uses?on_conflict=coupon_id", 400, "42P10"),
        ("coupon_uses?on_conflict=coupon_id,booking_id", 201, None),
        ("seasons?on_conflict=nope", 400, "42703"),
        ("seasons?on_conflict=name", 400, "42P10"),
        ("webhooks?on_conflict=endpoint", 400, "42P10"),
        ("webhooks?on_conflict=id", 201, None),
    ],
)
def test_the_target_is_a_unique_rule(api, organization, place, status, code, prefer):
    table = place.partition("?")[0]

    answer = api("POST", f"/{place}", rows_of(organization)[table], Prefer=prefer)

    told = answer.json()
    assert (answer.status_code, None if isinstance(told, list) else told["code"]) == (status, code), told
