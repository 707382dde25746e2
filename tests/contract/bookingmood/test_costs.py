"""What a request costs in statements does not depend on how many rows there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.accounts import authentication
from bookingoffice.accounts.authentication import forget_keys
from tests.builders import make_booking, make_coupon, make_use

LISTS = [
    "/coupons",
    "/coupons?select=*,coupon_uses(*,bookings(*)),products(*)&order=created_at.desc&limit=100",
    "/coupon_uses?select=*,coupons(code)&order=created_at.desc&limit=100",
    "/bookings?select=id,line_items(*)",
]


@pytest.fixture(autouse=True)
def _slow_machine(monkeypatch):
    """However slow it is: a key that is looked up again is no cost of the rows."""
    monkeypatch.setattr(authentication, "REMEMBERED_SECONDS", 600.0)


def statements(api, method, path, body=None, **headers):
    with CaptureQueriesContext(connection) as captured:
        answer = api(method, path, body, **headers)
    assert answer.status_code < 300, answer.content
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("count", ["", "count=exact"])
def test_a_list_is_one_statement_in_a_scope_at_any_size(api, organization, path, count):
    coupon = make_coupon(organization)
    make_use(organization, coupon)
    statements(api, "GET", path)  # the key is remembered now
    at_one = statements(api, "GET", path, Prefer=count)
    for number in range(20):
        make_use(organization, make_coupon(organization, f"MORE {number}"))
    forget_keys()
    statements(api, "GET", path)

    at_many = statements(api, "GET", path, Prefer=count)

    assert len(at_many) == len(at_one)
    asking = [sql for sql in at_many if not sql.startswith("SET LOCAL")]
    assert len(asking) == 1


def test_a_bulk_create_costs_the_same_for_two_rows_and_for_two_hundred(api):
    def rows(number, prefix):
        definition = {"type": "relative", "restrictions": [], "value": -5}
        return [{"code": f"{prefix} {place}", "definition": definition} for place in range(number)]

    statements(api, "GET", "/coupons")
    two = statements(api, "POST", "/coupons", rows(2, "two"))

    two_hundred = statements(api, "POST", "/coupons", rows(200, "many"))

    assert len(two_hundred) == len(two)


@pytest.mark.parametrize("by", ["id", "code"])
def test_a_merge_costs_the_same_for_two_coupons_and_for_forty(api, organization, by):
    coupons = [make_coupon(organization, f"MERGE {place}") for place in range(42)]

    def rows(those, quota):
        known = {"id": "pk", "code": "code"}[by]
        definition = {"type": "relative", "restrictions": [], "value": -5}
        return [
            {"code": one.code, "definition": definition, "quota": quota, by: str(getattr(one, known))} for one in those
        ]

    def merge(those, quota):
        return statements(
            api, "POST", f"/coupons?on_conflict={by}", rows(those, quota), Prefer="resolution=merge-duplicates"
        )

    merge(coupons, 2)
    two = merge(coupons[:2], 5)

    assert len(merge(coupons[2:], 9)) == len(two)
    assert [row["quota"] for row in api("GET", "/coupons?order=created_at&select=quota").json()] == [5, 5, *[9] * 40]


def test_a_merge_costs_the_same_for_two_seasons_or_links_and_for_twenty(api, organization):
    coupon = make_coupon(organization)
    product_ids = [api("POST", "/products", {"name": {"default": "Hut"}}).json()[0]["id"] for _ in range(20)]
    links = [{"coupon_id": str(coupon.pk), "product_id": one} for one in product_ids]
    seasons = [
        {"id": f"00000000-0000-7000-8000-0000000000{place:02}", "name": {"default": str(place)}} for place in range(20)
    ]
    for path, sent in (("/coupon_products", links), ("/seasons", seasons)):
        api("POST", path, sent)
        rows = api("GET", path).json()  # as programs send them back, with their ids
        few, many = (
            statements(api, "POST", path, some, Prefer="resolution=merge-duplicates") for some in (rows[:2], rows)
        )
        assert len(few) == len(many)


@pytest.mark.parametrize("more", [{}, {"id": "00000000-0000-7000-8000-00000000000a"}])
def test_a_redemption_is_four_statements_in_a_scope(api, organization, more):
    coupon = make_coupon(organization, quota=100)
    use = {"coupon_id": str(coupon.pk), "booking_id": str(make_booking(organization).pk)} | more
    statements(api, "GET", "/coupons")

    sent = statements(api, "POST", "/coupon_uses", use)

    assert len([sql for sql in sent if not sql.startswith("SET LOCAL")]) == 4


@pytest.mark.parametrize("spelling", [str.upper, lambda text: "{" + text + "}", lambda text: text.replace("-", "")])
def test_an_id_in_another_spelling_is_redeemed_too(api, organization, spelling):
    coupon, booking = make_coupon(organization), make_booking(organization)
    use = {"coupon_id": spelling(str(coupon.pk)), "booking_id": spelling(str(booking.pk))}

    answer = api("POST", "/coupon_uses", use)

    assert [answer.status_code, answer.json()[0]["coupon_id"]] == [201, str(coupon.pk)]


def test_a_bulk_redemption_costs_the_same_for_two_rows_and_for_forty(api, organization):
    coupon = make_coupon(organization, quota=100)

    def uses(number):
        return [{"coupon_id": str(coupon.pk), "booking_id": str(make_booking(organization).pk)} for _ in range(number)]

    few, many = uses(2), uses(40)
    statements(api, "GET", "/coupons")
    two = statements(api, "POST", "/coupon_uses", few)

    assert len(statements(api, "POST", "/coupon_uses", many)) == len(two)
