"""A projection never lies and never clobbers, whatever is kept and whatever is written."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.database.scope import tenant_scope
from bookingoffice.money import LONG_LISTED
from coupons.models import Coupon, CouponProduct
from tests.builders import make_coupon
from tests.contract.hyperline.conftest import HARBOUR, OPENING, make_public_products

OWNED = {
    "name": {"name"},
    "description": {"description"},
    "expiration_date": {"expires_at", "expires_text"},
    "redemption_limit": {"quota"},
    "type": {"kind", "amount_minor", "currency", "percent", "definition"},
    "discount_amount": {"amount_minor", "definition"},
    "currency": {"currency", "definition"},
    "discount_percent": {"percent", "definition"},
    "product_ids": {"scope"},
    "repeat": {"repeat", "repeat_count", "repeat_unit"},
    "duration": {"repeat_count", "repeat_unit"},
}
FLOWING = {"updated_at"}

AMOUNT = st.fixed_dictionaries(
    {
        "kind": st.just("amount"),
        "amount_minor": st.integers(0, 2**63 - 1),
        "currency": st.sampled_from(sorted(LONG_LISTED)),
    }
)
PERCENT = st.fixed_dictionaries(
    {"kind": st.just("percent"), "percent": st.decimals(0, 100, places=4).map(lambda number: number.normalize())}
)
REPEAT: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.just({"repeat": "forever"}),
    st.fixed_dictionaries(
        {
            "repeat": st.just("limited"),
            "repeat_count": st.integers(1, 40),
            "repeat_unit": st.sampled_from(["days", "weeks", "months", "years", "billing_period"]),
        }
    ),
)
OTHERS = st.fixed_dictionaries(
    {},
    optional={
        "description": st.none() | st.just("kept"),
        "quota": st.none() | st.integers(0, 100),
        "expires_at": st.datetimes(datetime(1990, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC)),
        "scope": st.sampled_from(["global", "product", "service", "rent"]),
        "stackable": st.booleans(),
        "max_per_customer": st.integers(0, 9),
        "auto_apply": st.booleans(),
        "invitee_mode": st.sampled_from(["all", "new_users", "existing_users"]),
        "renewal_constraint": st.sampled_from(["any", "first_payment", "renewals"]),
        "plan_scope": st.sampled_from(["all", "specific"]),
        "metadata": st.just({"kept": [1, {"deep": None}]}),
        "valid_from": st.just("2020-01-01T00:00:00.000001Z"),
        "archived_at": st.just("2020-01-01T00:00:00.000001Z"),
        "min_nights": st.integers(0, 9),
        "stay_from": st.just("2027-01-01"),
        "blackout_dates": st.just(["2027-12-31"]),
        "arrival_weekdays": st.just([1, 7]),
        "max_discount_minor": st.integers(0, 9999),
        "budget_minor": st.integers(0, 9999),
        "limit_currency": st.just("JPY"),
        "priority": st.integers(-5, 5),
    },
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=5),
        "description": st.none() | st.just("other"),
        "expiration_date": st.sampled_from([None, "2027-10-31", "2030-01-01T00:00:00Z"]),
        "redemption_limit": st.none() | st.integers(0, 100),
        "type": st.sampled_from(["amount", "percent"]),
        "discount_amount": st.integers(0, 10**6),
        "currency": st.sampled_from(["EUR", "JPY", "KWD", "BYN"]),
        "discount_percent": st.sampled_from([0, 7.5, 100, 101]),
        "product_ids": st.sampled_from([None, [], [0], [0, 1], ["itm_nobody"]]),
        "repeat": st.sampled_from(["once", "forever", "duration"]),
        "duration": st.sampled_from([None, {"count": 2, "period": "months"}, {"count": 3, "period": "days"}]),
        "metadata": st.just({}),
        "code": st.just("MINE"),
        "stackable": st.just(False),
    },
)
codes = count()


def image(organization, coupon) -> dict[str, Any]:
    with tenant_scope(organization.pk):
        row = Coupon.objects.get(pk=coupon.pk)
        links = CouponProduct.objects.filter(coupon_id=coupon.pk).order_by("product_id")
        targets = {
            excluded: [link.product_id for link in links if link.excluded == excluded] for excluded in (True, False)
        }
    columns = {field.attname: getattr(row, field.attname) for field in Coupon._meta.concrete_fields}
    return {**columns, "excluded": targets[True], "included": targets[False]}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=AMOUNT | PERCENT, repeat=REPEAT, others=OTHERS, body=BODIES)
def test_a_write_touches_only_what_it_names(api, organization, value, repeat, others, body):
    coupon = make_coupon(organization, f"RANDOM {next(codes)}", **value, **repeat, **others)
    products = make_public_products(organization, 2)
    sent = {**body, "product_ids": _named(body.get("product_ids"), products)} if "product_ids" in body else body
    before = image(organization, coupon)
    told = api("GET", f"/v1/coupons/{coupon.pk}").json()

    answer = api("PUT", f"/v1/coupons/{coupon.pk}", sent)

    after = image(organization, coupon)
    changed = {name for name in before if before[name] != after[name]}
    if answer.status_code == 400:
        assert changed == set()
        return
    assert answer.status_code == 200, answer.content
    named = sent.keys() & OWNED.keys()
    assert changed <= set().union(
        *(OWNED[name] for name in named), {"included"} if "product_ids" in named else set(), FLOWING
    )
    _agrees(answer.json(), sent, told)


def _named(places: Any, products: list[str]) -> Any:
    return places and [products[place] if isinstance(place, int) else place for place in places]


def _agrees(answered: dict[str, Any], sent: dict[str, Any], told: dict[str, Any]) -> None:
    """What was sent is answered; what was not is answered as before."""
    silent = {"repeat": "once", "duration": None, "product_ids": None}
    for name in OWNED:
        before = {**silent, **told}.get(name, ...)
        expected = sent.get(name, before)
        if name in ("discount_amount", "currency", "discount_percent") and name not in sent and "type" in sent:
            continue
        if name == "duration" and answered.get("repeat") != "duration":
            expected = None
        found = {**silent, **answered}.get(name, ...)
        if name == "product_ids":
            found, expected = sorted(found or ()), sorted(expected or ())
        assert found == expected, name


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=AMOUNT | PERCENT, repeat=REPEAT, others=OTHERS)
def test_an_echo_is_no_change(api, organization, value, repeat, others):
    coupon = make_coupon(organization, f"ECHO {next(codes)}", **value, **repeat, **others)
    told = api("GET", f"/v1/coupons/{coupon.pk}")
    before = image(organization, coupon)

    answer = api("PUT", f"/v1/coupons/{coupon.pk}", told.content)

    assert answer.status_code == 200
    assert image(organization, coupon) == before


@pytest.mark.parametrize("currency", sorted(LONG_LISTED))
def test_every_listed_currency_in_and_out(api, organization, currency):
    made = api("POST", "/v1/coupons", {**HARBOUR, "discount_amount": 1005, "currency": currency})

    assert made.status_code == 201
    with tenant_scope(organization.pk):
        coupon = Coupon.objects.get(public_id=made.json()["id"])
    [variant] = coupon.definition["value"]
    assert (coupon.amount_minor, coupon.currency) == (1005, currency)
    assert variant["value"] == Decimal(1005).scaleb(-LONG_LISTED[currency])
    assert (made.json()["discount_amount"], made.json()["currency"]) == (1005, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "major"),
    [
        (10, "JPY", "10"),
        (1500, "KWD", "1.5"),
        (2000, "EUR", "20"),
        (2**63 - 1, "EUR", "92233720368547758.07"),
    ],
)
def test_minor_units_are_exact(api, organization, minor, currency, major):
    body = b'{"name":"x","description":null,"expiration_date":null,"redemption_limit":null,"type":"amount",'

    answer = api("POST", "/v1/coupons", body + f'"currency":"{currency}","discount_amount":{minor}.0}}'.encode())

    assert f'"discount_amount":{minor},' in answer.content.decode()
    with tenant_scope(organization.pk):
        [coupon] = Coupon.objects.all()
    assert coupon.definition["value"][0]["value"] == Decimal(major)


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("30", "30"),
        ("30.0", "30"),
        ("7.50", "7.5"),
        ("0.0001", "0.0001"),
        ("1e2", "100"),
        ("0", "0"),
        ("-0.0", "0"),
        ("0e999999", "0"),
    ],
)
def test_percentages_keep_their_digits(api, organization, sent, answered):
    body = b'{"name":"x","description":null,"expiration_date":null,"redemption_limit":null,"type":"percent",'

    answer = api("POST", "/v1/coupons", body + f'"discount_percent":{sent}}}'.encode())

    assert f'"discount_percent":{answered}}}' in answer.content.decode()
    with tenant_scope(organization.pk):
        assert Coupon.objects.get().definition["value"] == -Decimal(answered)


def test_another_organizations_time_zone_prints_another_instant(api, organization):
    """A date that has come to mean another day's end is printed as the instant that is kept."""
    made = api("POST", "/v1/coupons", {**OPENING, "expiration_date": "2027-07-31"}).json()

    with tenant_scope(organization.pk):
        organization.timezone = "Asia/Tokyo"
        organization.save()
    forget_keys()

    told = api("GET", f"/v1/coupons/{made['id']}").json()
    assert told["expiration_date"] == "2027-07-31T22:00:00.000Z"


@pytest.mark.parametrize(
    ("zone", "sent"),
    [
        ("America/Santiago", "2027-09-04"),  # midnight is skipped that night
        ("Africa/Cairo", "2027-04-29"),
        ("Europe/Amsterdam", "2027-10-31T02:30:00"),  # comes twice that night
        ("Europe/Amsterdam", "2027-03-28T02:30:00"),
    ],
)
def test_a_deadline_is_told_as_it_was_sent_when_the_clocks_change(api, organization, zone, sent):
    with tenant_scope(organization.pk):
        organization.timezone = zone
        organization.save()
    forget_keys()

    made = api("POST", "/v1/coupons", {**OPENING, "expiration_date": sent}).json()

    assert made["expiration_date"] == sent
    assert api("GET", f"/v1/coupons/{made['id']}").json()["expiration_date"] == sent
