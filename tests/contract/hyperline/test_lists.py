"""Which coupons a list has, in which order, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.accounts import authentication
from bookingoffice.database.scope import tenant_scope
from bookingoffice.money import EXPONENTS, LONG_LISTED
from coupons.api.hyperline import projection
from coupons.models import Coupon
from tests.builders import make_coupon
from tests.contract.hyperline.conftest import HARBOUR, make_public_products

DAY = datetime(2026, 5, 1, tzinfo=UTC)


def make_many(organization, number):
    return [
        make_coupon(organization, f"DAY {place}", name=f"Day {place}", created_at=DAY + timedelta(days=place))
        for place in range(number)
    ]


def listed(api, query=""):
    answer = api("GET", f"/v1/coupons{query}").json()
    return answer["meta"], [coupon["name"] for coupon in answer["data"]]


def test_windows(api, organization):
    make_many(organization, 55)

    names = [f"Day {place}" for place in reversed(range(55))]
    assert listed(api) == ({"total": 55, "taken": 50, "skipped": 0}, names[:50])
    assert listed(api, "?skip=50") == ({"total": 55, "taken": 5, "skipped": 50}, names[50:])
    assert listed(api, "?take=100") == ({"total": 55, "taken": 55, "skipped": 0}, names)
    assert listed(api, "?take=0") == ({"total": 55, "taken": 0, "skipped": 0}, [])
    assert listed(api, f"?skip={'9' * 40}") == ({"total": 55, "taken": 0, "skipped": 55}, [])
    assert listed(api, "?skip=0010&take=2") == ({"total": 55, "taken": 2, "skipped": 10}, names[10:12])


def test_a_ruby_client_pages_to_the_end(api, organization):
    make_many(organization, 7)
    names, skip = [], 0

    while True:
        meta, page = listed(api, f"?take=3&skip={skip}")
        names += page
        skip = meta["skipped"] + meta["taken"]
        if skip >= meta["total"]:
            break

    assert names == [f"Day {place}" for place in reversed(range(7))]


def test_coupons_made_at_one_moment_come_by_id(api, organization):
    coupons = [make_coupon(organization, f"N{place}", name=f"N{place}", created_at=DAY) for place in range(4)]

    assert listed(api)[1] == [coupon.name for coupon in sorted(coupons, key=lambda coupon: coupon.pk)]


@pytest.mark.parametrize(
    "query", ["?name__contains=x", "?status=active&limit=1&offset=3", "?order=name", "?deletedAt=x"]
)
def test_other_parameters_are_ignored(api, organization, query):
    make_many(organization, 2)

    assert listed(api, query) == ({"total": 2, "taken": 2, "skipped": 0}, ["Day 1", "Day 0"])


def test_a_list_counts_what_it_can_tell(api, organization):
    make_coupon(organization, "A", kind="percent", percent="12.5", name="twelve and a half")
    make_coupon(organization, "B", archived_at=DAY, name="archived")
    make_coupon(organization, "C", expires_at=DAY, name="expired")
    make_coupon(organization, "D", definition={"type": "tiered"}, name="strange")
    make_coupon(organization, "E", kind="amount", amount_minor=50, currency="BYN", name="unlisted")
    make_coupon(organization, "F", deleted_at=DAY, name="deleted")

    meta, names = listed(api)

    assert meta == {"total": 3, "taken": 3, "skipped": 0}
    assert sorted(names) == ["archived", "expired", "twelve and a half"]


def test_the_two_judges_of_what_can_be_told_agree(organization):
    coupons = [make_coupon(organization, "P"), make_coupon(organization, "X", definition={"type": "tiered"})]
    coupons += [
        make_coupon(organization, code, kind="amount", amount_minor=1, currency=code) for code in sorted(EXPONENTS)
    ]

    with tenant_scope(organization.pk):
        shown = set(projection.visible(organization.pk).values_list("code", flat=True))
        assert shown == {coupon.code for coupon in Coupon.objects.all() if projection.is_expressible(coupon)}
    assert shown == {"P", *LONG_LISTED}


def statements(api, path):
    with CaptureQueriesContext(connection) as captured:
        assert api("GET", path).status_code == 200
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


def test_a_list_costs_the_same_for_one_coupon_and_for_forty(api, organization, monkeypatch):
    monkeypatch.setattr(authentication, "REMEMBERED_SECONDS", 600.0)  # however slow the machine
    products = make_public_products(organization, 3)
    api("POST", "/v1/coupons", {**HARBOUR, "product_ids": products})
    one = statements(api, "/v1/coupons?take=100")
    for place in range(39):
        api("POST", "/v1/coupons", {**HARBOUR, "name": str(place), "product_ids": products})

    forty = statements(api, "/v1/coupons?take=100")

    assert len(forty) == len(one)
    assert len([sql for sql in forty if not sql.startswith("SET LOCAL")]) == 1
