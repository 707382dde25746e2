"""`/rpc/generate_coupons` and `/rpc/coupon_statistics`."""

from __future__ import annotations

import pytest

from bookingoffice.database.scope import tenant_scope
from coupons.models import Coupon, CouponBatch
from tests.builders import make_booking, make_coupon, make_key, make_line_item, make_use
from tests.contract.bookingmood.conftest import Api

TEMPLATE = {"definition": {"type": "relative", "restrictions": [], "value": -15}, "quota": 1, "description": "Spring"}


def test_codes_are_made_and_read_by_their_batch(api):
    made = api(
        "POST", "/rpc/generate_coupons", {"count": 25, "coupon": TEMPLATE, "prefix": "SPA-", "pattern": "??####"}
    )

    assert made.status_code == 201
    assert made.json().keys() == {"batch_id", "count"}
    assert made.json()["count"] == 25
    answer = api("GET", f"/coupons?batch_id=eq.{made.json()['batch_id']}&select=code,quota,description")
    rows = answer.json()
    assert len(rows) == 25
    assert {(row["quota"], row["description"]) for row in rows} == {(1, "Spring")}
    assert all(row["code"].startswith("SPA-") for row in rows)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"count": 0}, 400, "count_out_of_range"),
        ({"count": "many"}, 400, "22P02"),
        ({"count": 1.5}, 400, "22P02"),
        ({"count": True}, 400, "22P02"),
        ({"count": 10**12}, 400, "22P02"),
        ({"count": None}, 400, "count_out_of_range"),
        ({"pattern": "##"}, 400, "pattern_too_small"),
        ({"pattern": "ABC"}, 400, None),
        ({"pattern": 7}, 400, "22P02"),
        ({"prefix": "\u202e"}, 400, None),
        ({"prefix": "x\x00"}, 400, "22P02"),
        ({"label": "x\x00"}, 400, "22P02"),
        ({"label": ["x"]}, 400, "22P02"),
        ({"quota": -1}, 400, "23514"),
        ({"coupon": []}, 400, "22P02"),
        ({"coupon": {}}, 400, None),
        ({"coupon": {**TEMPLATE, "code": "MINE"}}, 400, None),
        ({"coupon": {**TEMPLATE, "quota": "many"}}, 400, "22P02"),
        ({"coupon": {**TEMPLATE, "quota": -1}}, 400, "23514"),
        ({"coupon": {**TEMPLATE, "scope": "galaxy"}}, 400, "22P02"),
        ({"coupon": {**TEMPLATE, "description": "nul\x00"}}, 400, "22P05"),
        ({"coupon": {**TEMPLATE, "definition": {"type": "relative", "value": "x"}}}, 400, None),
        ({"coupon": {"kind": "percent", "percent": "1e999999"}}, 400, None),
        ({"other": 1}, 404, "PGRST202"),
    ],
)
def test_what_makes_no_codes_is_refused_and_leaves_nothing(api, organization, changes, status, code):
    answer = api("POST", "/rpc/generate_coupons", {"count": 5, "coupon": TEMPLATE, **changes})

    assert answer.status_code == status, answer.content
    assert code is None or answer.json()["code"] == code
    with tenant_scope(organization.pk):
        assert Coupon.objects.count() == CouponBatch.objects.count() == 0


def test_making_codes_needs_the_write_scope(organization):
    reader = Api(make_key(organization, scopes=["read"]))

    answer = reader("POST", "/rpc/generate_coupons", {"count": 5, "coupon": TEMPLATE})

    assert (answer.status_code, answer.json()["code"]) == (403, "42501")
    assert reader("GET", "/rpc/generate_coupons?count=5&coupon={}").status_code == 405


def test_statistics_are_rows_to_select_from(api, organization):
    coupon = make_coupon(organization)
    booking = make_booking(organization, customer_id="7")
    make_line_item(booking, 10000)
    make_use(organization, coupon, booking)
    make_use(organization, make_coupon(organization, "OTHER"))

    got = api("GET", f"/rpc/coupon_statistics?coupon_id={coupon.pk}&period=month")
    assert got.status_code == 200
    assert got.json() == [
        {
            "coupon_id": str(coupon.pk),
            "batch_id": None,
            "period": "2027-06-01",
            "currency": "EUR",
            "uses": 1,
            "live_holds": 0,
            "customers": 1,
            "discount_minor": 1500,
            "revenue_minor": 10000,
            "first_use_at": "2027-06-15T12:00:00+00:00",
            "last_use_at": "2027-06-15T12:00:00+00:00",
        }
    ]
    posted = api(
        "POST", "/rpc/coupon_statistics?select=currency,uses.sum()", {"from": "2027-06-01", "to": "2027-07-01"}
    )
    assert posted.json() == [{"currency": "EUR", "sum": 2}]
    assert api("POST", "/rpc/coupon_statistics", {"to": "2027-06-01"}).json() == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("coupon_id=x", "22P02"),
        ("batch_id=x", "22P02"),
        ("from=someday", "22007"),
        ("period=hour", "22023"),
        ("by=moon", "22023"),
    ],
)
def test_statistics_that_cannot_be_asked_for(api, query, code):
    answer = api("GET", f"/rpc/coupon_statistics?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, code)
