"""Instants and numbers at the end of what anybody can keep are refused with a sentence, and what is kept can be read."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from bookingoffice.database.scope import tenant_scope
from coupons.models import Coupon, CouponUse
from tests.builders import make_coupon

CART = {"currency": "EUR", "lines": [{"amount_minor": 10000}]}
HUGE = """UPDATE coupons SET metadata = '{"a": 1e5000}' WHERE organization_id = %s AND id = %s"""


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:30:00Z", "9999-12-31T23:59:59-14:00"])
def test_a_moment_without_a_day_everywhere_is_refused(api, moment):
    answer = api("POST", "/rpc/quote", {"cart": CART, "moment": moment})

    assert (answer.status_code, answer.json()["code"]) == (400, "22008")


def test_an_argument_that_is_nested_without_end_is_refused(api):
    answer = api("GET", "/rpc/quote?cart=" + "[" * 2000)

    assert (answer.status_code, answer.json()["code"]) == (400, "22P02")


@pytest.mark.parametrize("currency", [["EUR"], {"code": "EUR"}, 5])
def test_a_currency_that_is_no_text_is_refused(api, currency):
    definition = {
        "type": "absolute",
        "restrictions": [],
        "value": [{"value": -5, "period": None, "occupancy_group_id": None}],
    }
    template = {"definition": definition, "currency": currency}

    assert 400 <= api("POST", "/rpc/generate_coupons", {"count": 1, "coupon": template}).status_code < 500


@pytest.mark.parametrize("number", [b"1e5000", b"-1e5000", b"1e-5000", b"9" * 5000])
def test_a_number_that_nobody_could_read_is_refused(api, number):
    definition = b'{"type": "sliding-scale", "value": [' + number + b"]}"

    answer = api("POST", "/coupons", b'{"code": "BIG", "definition": ' + definition + b"}")

    assert answer.status_code == 400
    assert api("GET", "/coupons").json() == []


def test_a_number_that_was_kept_is_read(api, organization):
    coupon = make_coupon(organization)
    with connection.cursor() as cursor, tenant_scope(organization.pk):
        cursor.execute(HUGE, [organization.pk, coupon.pk])
        [kept] = Coupon.objects.of(organization.pk)

    assert kept.metadata == {"a": 10**5000}
    assert json.loads(api("GET", "/coupons?select=code").content) == [{"code": "QUIET_WEEK"}]


def test_a_hold_is_redeemed_by_a_use_that_is_merged(api, organization):
    coupon = make_coupon(organization)
    [booking] = api("POST", "/bookings?select=id", {}, Prefer="return=representation").json()
    pair = {"coupon_id": str(coupon.pk), "booking_id": booking["id"]}
    held = api("POST", "/rpc/reserve", {**pair, "until": "2999-01-01T00:00:00Z"})
    assert held.status_code == 201, held.content

    ignored = api("POST", "/coupon_uses", pair, Prefer="resolution=ignore-duplicates,return=representation")
    assert states(organization) == ["reserved"]
    merged = api("POST", "/coupon_uses", pair, Prefer="resolution=merge-duplicates,return=representation")

    assert (ignored.status_code, ignored.json()) == (201, [])
    assert merged.json()[0]["booking_id"] == booking["id"]
    assert states(organization) == ["redeemed"]


def states(organization):
    with tenant_scope(organization.pk):
        return list(CouponUse.objects.values_list("state", flat=True))
