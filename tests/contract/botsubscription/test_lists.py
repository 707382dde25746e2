"""Paging, sorting and filtering: what is listed, in which order, and a total that is right beside every filter."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.accounts import authentication
from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.models import Coupon
from tests.builders import FIFTEEN_PERCENT, NOON, TESTER, make_coupon, make_plan, make_use

MODULO = {"type": "sliding-scale", "value": 3}


@pytest.fixture
def plan(organization):
    return make_plan(organization)


@pytest.fixture
def scene(organization, plan):
    """Seven coupons, the oldest first; two more that no list has."""
    rows = [
        {"code": "alpha 100%", "name": "Zulu", "auto_apply": True},
        {"code": "BETA", "name": "Yankee", "expires_at": "2020-01-01T00:00:00Z"},
        {"code": "Gamma_x", "name": "X-ray", "archived_at": NOON, "expires_at": "2020-01-01T00:00:00Z"},
        {"code": "DELTA", "name": "Whiskey", "quota": 0},
        {"code": "EPSILON", "name": "Victor", "valid_from": "2999-01-01T00:00:00Z", "auto_apply": True},
        {"code": "ZETA alpha", "name": "Uniform"},
        {"code": "ETA", "name": "Tango"},
    ]
    for day, row in enumerate(rows, 1):
        make_coupon(organization, created_at=f"2027-01-{day:02}T00:00:00Z", **row)
    make_coupon(organization, "ODD ONE", kind=None, definition=MODULO)
    make_coupon(organization, "DELETED", deleted_at=NOON)
    with tenant_scope(organization.pk):
        ids = dict(Coupon.objects.of(organization.pk).values_list("code", "pk"))
        history = {"actor": TESTER, "moment": NOON}
        other = make_plan(organization, "other").pk
        services.set_targets(organization, ids["ZETA alpha"], "plan", [plan.pk], **history)
        services.set_targets(organization, ids["ETA"], "plan", [other], **history)
        services.set_targets(organization, ids["DELTA"], "plan", [], excluded=[plan.pk], **history)
        make_use(organization, Coupon.objects.get(pk=ids["EPSILON"]), moment=NOON.replace(year=3000))


def codes(answer):
    assert answer.status_code == 200, answer.content
    return [coupon["code"] for coupon in answer.json()["data"]], answer.json()["total"]


NEWEST_FIRST = ["ETA", "ZETA alpha", "EPSILON", "DELTA", "Gamma_x", "BETA", "alpha 100%"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", NEWEST_FIRST),
        ("?color=blue&page=7&format=xml", NEWEST_FIRST),
        ("?order=asc", NEWEST_FIRST[::-1]),
        ("?sort=created_at&order=desc", NEWEST_FIRST),
        ("?sort=display_name&order=asc", NEWEST_FIRST),
        ("?sort=total_redemptions", ["EPSILON", "ETA", "ZETA alpha", "DELTA", "Gamma_x", "BETA", "alpha 100%"]),
        ("?status=active", ["ETA", "ZETA alpha", "EPSILON", "DELTA", "alpha 100%"]),
        ("?status=expired", ["BETA"]),
        ("?status=archived", ["Gamma_x"]),
        ("?auto_apply=true", ["EPSILON", "alpha 100%"]),
        ("?auto_apply=false&status=active", ["ETA", "ZETA alpha", "DELTA"]),
        ("?search=ALPHA", ["ZETA alpha", "alpha 100%"]),
        ("?search=%25", ["alpha 100%"]),
        ("?search=_", ["Gamma_x"]),
        ("?search=", NEWEST_FIRST),
        ("?search=nothing", []),
        ("?search=eta&sort=code&order=asc&status=active", ["ETA", "ZETA alpha"]),
        ("?plan_id={plan}", ["ZETA alpha", "EPSILON", "Gamma_x", "BETA", "alpha 100%"]),
        ("?plan_id={plan}&status=active&auto_apply=true", ["EPSILON", "alpha 100%"]),
        ("?plan_id=00000000-0000-4000-8000-000000000000", ["EPSILON", "DELTA", "Gamma_x", "BETA", "alpha 100%"]),
    ],
)
def test_what_a_list_has(api, scene, plan, query, expected):
    found, total = codes(api("GET", f"/coupons{query.format(plan=plan.pk)}"))

    assert (found, total) == (expected, len(expected))


def test_sorting_by_code(api, scene):
    ascending, _ = codes(api("GET", "/coupons?sort=code&order=asc"))
    descending, _ = codes(api("GET", "/coupons?sort=code"))

    assert ascending == descending[::-1]
    assert sorted(ascending, key=str.lower) == sorted(NEWEST_FIRST, key=str.lower)
    assert ascending.index("BETA") < ascending.index("DELTA") < ascending.index("EPSILON") < ascending.index("ETA")


def test_the_total_counts_all_matches_before_paging(api, scene):
    assert codes(api("GET", "/coupons?limit=2&offset=1")) == (NEWEST_FIRST[1:3], 7)
    assert codes(api("GET", "/coupons?limit=2&offset=1&status=active")) == (["ZETA alpha", "EPSILON"], 5)
    assert codes(api("GET", "/coupons?limit=1000&offset=7")) == ([], 7)


def test_ties_are_broken_by_id_so_that_pages_neither_repeat_nor_skip(api, organization):
    made = [str(make_coupon(organization, f"TIE {n}", created_at=NOON).pk) for n in range(5)]

    pages = [api("GET", f"/coupons?limit=2&offset={offset}").json()["data"] for offset in (0, 2, 4)]

    assert [coupon["coupon_id"] for page in pages for coupon in page] == made[::-1]


def test_fifty_rows_unless_asked_otherwise(api, organization):
    with tenant_scope(organization.pk):
        rows = [{"code": f"N{n}", "definition": FIFTEEN_PERCENT} for n in range(53)]
        services.create_coupons(organization, rows, actor=TESTER, moment=NOON)

    found, total = codes(api("GET", "/coupons"))

    assert (len(found), total) == (50, 53)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=0", ["limit"]),
        ("limit=1001", ["limit"]),
        ("limit=", ["limit"]),
        ("limit=ten", ["limit"]),
        ("limit=1e1", ["limit"]),
        ("limit=%D9%A3", ["limit"]),
        ("offset=-1", ["offset"]),
        ("offset=99999999999999999999999", ["offset"]),
        ("offset=", ["offset"]),
        ("status=used", ["status"]),
        ("status=", ["status"]),
        ("status=Active", ["status"]),
        ("auto_apply=1", ["auto_apply"]),
        ("auto_apply=", ["auto_apply"]),
        ("search=%00", ["search"]),
        ("plan_id=gold", ["plan_id"]),
        ("plan_id=", ["plan_id"]),
        ("sort=quota", ["sort"]),
        ("sort=-code", ["sort"]),
        ("sort=", ["sort"]),
        ("order=up", ["order"]),
        ("limit=0&offset=x&status=x&auto_apply=x&plan_id=x&sort=x&order=x",
         ["limit", "offset", "status", "auto_apply", "plan_id", "sort", "order"]),
    ],
)  # fmt: skip
def test_a_bad_value_of_a_known_parameter(api, scene, query, named):
    answer = api("GET", f"/coupons?{query}")

    assert api.code_of(answer) == (422, "VALIDATION_ERROR")
    message = answer.json()["error"]["message"]
    assert [name for name in named if f"{name}: " in message] == named
    assert message.count(": ") == len(named)
    assert answer.json()["path"] == f"{api.root}/coupons"


@pytest.mark.parametrize("query", ["", "?sort=total_redemptions&plan_id=00000000-0000-4000-8000-000000000000"])
def test_a_list_costs_the_same_at_any_size(api, organization, query, monkeypatch):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert api("GET", f"/coupons{query}").status_code == 200
        return [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"] and "SET LOCAL" not in one["sql"]]

    monkeypatch.setattr(authentication, "REMEMBERED_SECONDS", 600.0)  # however slow the machine

    make_use(organization, make_coupon(organization))
    statements()  # the key is remembered now
    at_one = statements()
    for number in range(20):
        make_use(organization, make_coupon(organization, f"MORE {number}"))

    at_many = statements()

    assert len(at_many) == len(at_one) == 1


def test_a_list_may_be_asked_for_without_its_body(api, scene):
    answer = api("HEAD", "/coupons")

    assert (answer.status_code, answer.content) == (200, b"")
