"""Quote, reserve, redeem and release over the API: what was quoted is what is taken, and a refusal says all of its reasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bookingoffice.accounts.models import Scope
from tests.builders import make_booking, make_coupon, make_key, make_line_item, make_organization, make_product
from tests.contract.bookingmood.conftest import Api

CART = {"currency": "EUR", "lines": [{"amount_minor": 10200, "type": "rent"}]}


def test_a_quote_says_what_each_coupon_takes_and_writes_nothing(api, organization):
    make_coupon(organization, "EIGHTH", kind="percent", percent="12.5")

    answer = api("POST", "/rpc/quote", {"coupons": ["eighth"], "cart": CART})

    assert answer.status_code == 200
    told = answer.json()
    assert (told["taken_minor"], told["before"]["total_minor"], told["after"]["total_minor"]) == (1275, 10200, 8925)
    [coupon] = told["coupons"]
    assert (coupon["code"], coupon["eligible"], coupon["reasons"], coupon["taken_minor"]) == ("EIGHTH", True, [], 1275)
    assert api("GET", "/coupon_uses").json() == []


def test_a_quote_can_be_got(api, organization):
    make_coupon(organization, "AUTO", auto_apply=True)

    answer = api("GET", '/rpc/quote?auto=true&coupons=[]&cart={"currency":"EUR","lines":[{"amount_minor":100}]}')

    assert (answer.status_code, answer.json()["taken_minor"]) == (200, 15)


def test_a_list_in_an_address_may_be_an_array_literal(api, organization):
    make_coupon(organization, "ONE"), make_coupon(organization, "TWO, OR MORE")

    answer = api(
        "GET", """/rpc/quote?coupons={ONE,"TWO, OR MORE"}&cart={"currency":"EUR","lines":[{"amount_minor":100}]}"""
    )

    assert [coupon["code"] for coupon in answer.json()["coupons"]] == ["ONE", "TWO, OR MORE"]


def test_every_reason_is_told(api, organization):
    make_coupon(
        organization, "NARROW", quota=0, expires_at="2026-01-01T00:00:00Z", min_nights=3, min_spend_minor=999999
    )

    [coupon] = api("POST", "/rpc/quote", {"coupons": ["NARROW"], "cart": CART}).json()["coupons"]

    assert set(coupon["reasons"]) == {"coupon_expired", "quota_reached", "stay_too_short", "below_minimum_spend"}


def test_the_price_that_was_quoted_is_the_price_that_is_taken(api, organization):
    coupon, booking = make_coupon(organization, "THIRD", kind="percent", percent="33.3333"), make_booking(organization)
    make_line_item(booking, 10001, product=make_product(organization))
    lines = [{"amount_minor": 10001, "type": "rent"}]
    quoted = api("POST", "/rpc/quote", {"coupons": ["THIRD"], "cart": {"currency": "EUR", "lines": lines}}).json()

    redeemed = api("POST", "/rpc/redeem", {"code": "t h i r d", "booking_id": str(booking.pk)})

    assert redeemed.status_code == 201
    use = redeemed.json()
    assert (use["amount_minor"], use["currency"], use["state"]) == (quoted["taken_minor"], "EUR", "redeemed")
    assert (use["coupon_id"], use["booking_id"]) == (str(coupon.pk), str(booking.pk))


def test_a_hold_is_redeemed_under_its_own_id_and_released(api, organization):
    coupon, booking = make_coupon(organization, quota=1), make_booking(organization)
    pair = {"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)}
    until = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()

    held = api("POST", "/rpc/reserve", {**pair, "until": until})
    assert (held.status_code, held.json()["state"]) == (201, "reserved")
    other = {"coupon_id": str(coupon.pk), "booking_id": str(make_booking(organization).pk)}
    assert api("POST", "/rpc/redeem", other).json()["code"] == "quota_reached"

    redeemed = api("POST", "/coupon_uses", pair)
    assert (redeemed.status_code, redeemed.json()[0]["id"]) == (201, held.json()["id"])
    for _ in range(2):
        released = api("POST", "/rpc/release", pair)
        assert (released.status_code, released.content) == (204, b"")
    assert api("POST", "/rpc/redeem", other).status_code == 201


@pytest.mark.parametrize(
    ("name", "arguments", "status", "code"),
    [
        ("quote", {"coupons": ["X"]}, 404, "PGRST202"),
        ("quote", {"coupons": "X", "cart": CART}, 400, "22P02"),
        ("quote", {"coupons": [], "cart": []}, 400, "23514"),
        ("quote", {"coupons": [], "cart": {"lines": [{"amount_minor": 1.5}], "colour": 1}}, 400, "23514"),
        ("quote", {"coupons": [], "cart": CART, "moment": "someday"}, 400, "22007"),
        ("redeem", {"code": "X"}, 404, "PGRST202"),
        ("redeem", {"booking_id": "x", "code": "X"}, 409, "23503"),
        ("redeem", {"booking_id": "x"}, 400, "22023"),
        ("redeem", {"booking_id": "x", "coupon_id": "x"}, 400, "22P02"),
        ("reserve", {"booking_id": "x", "coupon_id": "x", "until": "2020-01-01"}, 400, "until_in_the_past"),
        ("release", {"booking_id": "x", "coupon_id": "x"}, 400, "22P02"),
        ("nothing", {}, 404, "PGRST202"),
    ],
)
def test_odd_arguments(api, name, arguments, status, code):
    answer = api("POST", f"/rpc/{name}", arguments)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content


def test_writing_functions_need_the_scope_and_a_post(api, organization):
    reader = Api(make_key(organization, scopes=[Scope.READ]))
    arguments = {"coupon_id": str(make_coupon(organization).pk), "booking_id": str(make_booking(organization).pk)}

    assert reader("POST", "/rpc/redeem", arguments).status_code == 403
    assert api("GET", "/rpc/redeem?booking_id=x").status_code == 405
    assert api("DELETE", "/rpc/redeem").status_code == 405


def test_who_may_not_read_is_shown_what_was_written_and_nothing_beside_it(organization):
    till = Api(make_key(organization, scopes=[Scope.WRITE_USES]))
    coupon, booking = make_coupon(organization), make_booking(organization, customer_email="guest@example.com")
    use = {"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)}

    refused = till("POST", "/coupon_uses?select=id,bookings(customer_email)", use)
    assert (refused.status_code, refused.json()["message"]) == (403, "permission denied for table bookings")

    answer = till("POST", "/coupon_uses?select=coupon_id", use)
    assert (answer.status_code, answer.json()) == (201, [{"coupon_id": str(coupon.pk)}])


def test_another_organization_s_coupon_does_not_exist(api, organization):
    stranger = make_organization("Stranger")
    coupon, booking = make_coupon(stranger, "THEIRS"), make_booking(stranger)
    mine = str(make_booking(organization).pk)

    [quoted] = api("POST", "/rpc/quote", {"coupons": [str(coupon.pk)], "cart": CART}).json()["coupons"]
    assert quoted["reasons"] == ["coupon_not_found"]
    assert api("POST", "/rpc/redeem", {"coupon_id": str(coupon.pk), "booking_id": mine}).json()["code"] == "23503"
    assert api("POST", "/rpc/redeem", {"code": "THEIRS", "booking_id": mine}).json()["code"] == "23503"
    make_coupon(organization, "MINE")
    assert api("POST", "/rpc/redeem", {"code": "MINE", "booking_id": str(booking.pk)}).json()["code"] == "23503"


ABROAD = "timezone=Asia/Tokyo"


@pytest.mark.parametrize("verb", ["redeem", "reserve"])
def test_an_instant_is_the_same_in_whatever_zone_it_is_shown(api, organization, verb):
    coupon, booking = make_coupon(organization, "ABROAD"), make_booking(organization)
    until = {"until": "2030-01-01T00:00:00Z"} if verb == "reserve" else {}

    told = api("POST", f"/rpc/{verb}", {"code": "ABROAD", "booking_id": str(booking.pk), **until}, prefer=ABROAD).json()

    [kept] = api("GET", f"/coupon_uses?coupon_id=eq.{coupon.pk}").json()
    assert told["created_at"].endswith("+09:00")
    assert datetime.fromisoformat(told["created_at"]) == datetime.fromisoformat(kept["created_at"])


def test_a_use_that_is_corrected_from_abroad_keeps_its_moment(api, organization):
    coupon, booking, other = make_coupon(organization), make_booking(organization), make_booking(organization)
    [before] = api("POST", "/coupon_uses", {"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)}).json()
    place = f"/coupon_uses?coupon_id=eq.{coupon.pk}"

    api("PATCH", place, {"id": "01a21eb9-8bb6-73a5-bf62-c03848d3dfe3"}, prefer=ABROAD)
    [corrected] = api("GET", place).json()
    api("PATCH", place, {"booking_id": str(other.pk)}, prefer=ABROAD)
    [moved] = api("GET", place).json()

    assert corrected["id"] == "01a21eb9-8bb6-73a5-bf62-c03848d3dfe3"
    assert before["created_at"] == corrected["created_at"] == moved["created_at"]
