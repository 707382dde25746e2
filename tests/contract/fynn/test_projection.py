"""The projection never lies and never clobbers: random coupons of the house, read and written through this dialect."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.forms.models import model_to_dict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookingoffice import money
from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.api.fynn import rows
from coupons.models import Coupon, CouponPlan, CouponProduct, CouponService
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_plan, make_product, make_service, make_use

OWNED = {
    "code", "code_key", "fts", "code_generated", "name", "kind", "percent", "amount_minor", "currency", "definition",
    "repeat", "repeat_count", "repeat_unit", "max_per_customer", "quota", "expires_at", "expires_text", "scope",
    "archived_at", "updated_at",
}  # fmt: skip
MANY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
PLAIN = {"code": "PLAIN", "name": "Plain", "type": "percentage", "percentage": 10, "frequency": "lifetime"}

counts = st.none() | st.integers(0, 2**31 - 1)
currencies = st.sampled_from(["EUR", "JPY", "KWD", "BYN", "VEF"])
amounts = st.fixed_dictionaries(
    {"kind": st.just("amount"), "amount_minor": st.integers(0, 2**63 - 1), "currency": currencies}
)
percents = st.fixed_dictionaries(
    {"kind": st.just("percent"), "percent": st.integers(0, 100) | st.decimals(0, 100, places=4)}
)
expressions = st.just({"definition": {"type": "house_rule", "value": [1]}})
repeats = st.one_of(
    st.fixed_dictionaries({"repeat": st.sampled_from(["once", "forever"])}),
    st.fixed_dictionaries(
        {"repeat": st.just("limited"), "repeat_count": st.integers(1, 60),
         "repeat_unit": st.sampled_from(["days", "weeks", "months", "years", "billing_period"])}
    ),
)  # fmt: skip
others = st.fixed_dictionaries(
    {
        "name": st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(str.strip),
        "description": st.none() | st.sampled_from(["", "Quiet"]),
        "scope": st.sampled_from(["global", "product", "service", "rent"]),
        "stackable": st.booleans(),
        "auto_apply": st.booleans(),
        "hot": st.booleans(),
        "invitee_mode": st.sampled_from(["all", "new_users"]),
        "plan_scope": st.sampled_from(["all", "specific"]),
        "metadata": st.sampled_from([{}, {"season": [1, None]}]),
        "min_nights": counts,
        "min_spend_minor": counts,
        "priority": st.integers(-5, 5),
        "quota": counts,
        "max_per_customer": counts,
        "code_generated": st.booleans(),
        "valid_from": st.none() | st.just(NOON),
        "expires_at": st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
        "expires_text": st.none() | st.just("30.4.2027"),
        "archived_at": st.none() | st.just(NOON),
        "deleted_at": st.none() | st.none() | st.just(NOON),
    }
)
coupons = st.builds(
    lambda value, repeat, rest: value | repeat | rest, amounts | percents | expressions, repeats, others
)

writes = st.builds(
    lambda value, repeat, rest: PLAIN | value | repeat | rest,
    st.one_of(
        st.fixed_dictionaries({"type": st.just("percentage"), "percentage": st.integers(0, 100)}),
        st.builds(
            lambda amount, currency: {
                "type": "fixed_amount", "percentage": None,
                "fixedAmount": {"amount": amount, "currencyCode": currency, "precision": money.exponent(currency)},
            },
            st.integers(0, 2**63 - 1), currencies,
        ),
    ),
    st.one_of(
        st.fixed_dictionaries({"frequency": st.sampled_from(["once", "lifetime"])}),
        st.fixed_dictionaries({"frequency": st.just("limited"), "frequencyInterval": st.integers(1, 2**31 - 1)}),
    ),
    st.fixed_dictionaries(
        {"name": st.sampled_from(["Ten", "Zehn für Östliche"])},
        optional={
            "maxRedemptions": counts, "maxRedemptionsPerCustomer": counts, "isEnabled": st.booleans(),
            "expiresAt": st.none() | st.sampled_from(["2030-01-01T00:00:00+00:00", "2030-06-01T12:30:00+00:00"]),
        },
    ),
)  # fmt: skip


def made(organization, row):
    """Codes are unique, and hypothesis repeats itself within one transaction."""
    return make_coupon(organization, f"C{uuid4().hex}", **row)


def image(coupon):
    """The row as PostgreSQL keeps it, links to services included."""
    with tenant_scope(coupon.organization_id):
        row = Coupon.objects.filter(pk=coupon.pk).values().get()
        links = list(CouponService.objects.filter(coupon=coupon).values_list("service_id", "excluded"))
    return row | {"services": links}


@MANY
@given(row=coupons)
def test_what_is_shown_is_what_can_be_told(api, organization, row):
    coupon = made(organization, row)

    with tenant_scope(organization.pk):
        shown = rows.shown(organization.pk).filter(pk=coupon.pk).exists()
    answer = api("GET", f"/coupons/{coupon.pk}")

    assert shown == rows.is_expressible(coupon) == (answer.status_code == 200)
    if shown:
        assert_says(answer.json(), coupon)


def assert_says(told, coupon):
    percent, amount = coupon.kind == "percent", coupon.kind == "amount"
    precision = {"EUR": 2, "JPY": 0, "KWD": 3, "BYN": 2, "VEF": 2}
    fixed = amount and {
        "amount": coupon.amount_minor, "currencyCode": coupon.currency, "precision": precision[coupon.currency]
    }  # fmt: skip
    assert told["percentage"] == (coupon.percent if percent else None)
    assert told["fixedAmount"] == (fixed or None)
    assert told["type"] == {"percent": "percentage", "amount": "fixed_amount"}[coupon.kind]
    assert told["frequency"] == {"once": "once", "limited": "limited", "forever": "lifetime"}[coupon.repeat]
    assert told["frequencyInterval"] == coupon.repeat_count
    assert (told["maxRedemptions"], told["maxRedemptionsPerCustomer"]) == (coupon.quota, coupon.max_per_customer)
    assert told["isEnabled"] is (coupon.archived_at is None)
    expires = coupon.expires_at and coupon.expires_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    assert told["expiresAt"] == expires
    assert (told["id"], told["code"], told["name"]) == (str(coupon.pk), coupon.code, coupon.name)


@MANY
@given(row=coupons, body=writes)
def test_a_write_touches_only_what_this_dialect_owns(api, organization, row, body):
    coupon = made(organization, row | {"deleted_at": None})
    service = make_service(organization)
    with tenant_scope(organization.pk):
        services.set_targets(organization, coupon.pk, "service", [service.pk], actor=TESTER, moment=NOON)
    before = image(coupon)

    answer = api("PUT", f"/coupons/{coupon.pk}", body | {"code": coupon.code})

    after = image(coupon)
    assert {name for name in before if before[name] != after[name]} <= (OWNED if answer.status_code == 200 else set())
    assert (answer.status_code == 200) is rows.is_expressible(coupon)
    if answer.status_code == 200:
        told = answer.json()
        assert {name: told[name] for name in body if name != "code"} == {k: v for k, v in body.items() if k != "code"}
        assert_says(told, Coupon(**after_columns(after)))


def after_columns(after):
    return {name: after[name] for name in after if name not in ("services", "code_key", "fts")}


@MANY
@given(row=coupons)
def test_a_body_copied_from_an_answer_changes_nothing_at_all(api, organization, row):
    """To the shape of the definition, the unit of a duration and the text of a deadline."""
    coupon = made(organization, row | {"scope": "rent", "code_generated": False})
    told = api("GET", f"/coupons/{coupon.pk}")
    if told.status_code == 404:
        return
    before = image(coupon)

    answer = api("PUT", f"/coupons/{coupon.pk}", told.json())

    assert answer.status_code == 200, answer.content
    after = image(coupon)
    assert [name for name in before if before[name] != after[name]] == ["updated_at"]


@pytest.mark.parametrize(
    ("fixed", "stored", "precision"),
    [
        ({"amount": 1250, "currencyCode": "EUR", "precision": 2}, 1250, 2),
        ({"amount": 1250, "currencyCode": "EUR"}, 1250, 2),
        ({"amount": 1250, "currencyCode": "EUR", "precision": None}, 1250, 2),
        ({"amount": 10, "currencyCode": "EUR", "precision": 0}, 1000, 2),
        ({"amount": 12340, "currencyCode": "EUR", "precision": 3}, 1234, 2),
        ({"amount": 10, "currencyCode": "JPY", "precision": 0}, 10, 0),
        ({"amount": 1000, "currencyCode": "JPY", "precision": 2}, 10, 0),
        ({"amount": 1500, "currencyCode": "KWD", "precision": 3}, 1500, 3),
        ({"amount": 15, "currencyCode": "KWD", "precision": 1}, 1500, 3),
        ({"amount": 50, "currencyCode": "BYN"}, 50, 2),
        ({"amount": 0, "currencyCode": "EUR", "precision": 100}, 0, 2),
        ({"amount": 2**63 - 1, "currencyCode": "KWD"}, 2**63 - 1, 3),
    ],
)
def test_amounts_are_exact_in_every_precision(api, organization, fixed, stored, precision):
    body = {"code": "X", "name": "X", "type": "fixed_amount", "frequency": "once", "fixedAmount": fixed}

    answer = api("POST", "/coupons", body)

    assert answer.status_code == 201, answer.content
    expected = {"amount": stored, "currencyCode": fixed["currencyCode"], "precision": precision}
    assert answer.json()["fixedAmount"] == expected
    coupon = kept(organization, answer.json()["id"])
    assert (coupon.amount_minor, coupon.currency) == (stored, fixed["currencyCode"])
    [variant] = coupon.definition["value"]
    assert Decimal(variant["value"]) == Decimal(stored).scaleb(-precision)


def test_every_currency_of_the_house_goes_in_and_out(api):
    body = {"name": "X", "type": "fixed_amount", "frequency": "once"}
    for currency, precision in money.EXPONENTS.items():
        fixed = {"amount": 1234, "currencyCode": currency, "precision": precision}
        answer = api("POST", "/coupons", {**body, "code": currency, "fixedAmount": fixed})
        assert (answer.status_code, answer.json().get("fixedAmount")) == (201, fixed)


def test_what_is_not_owned_takes_its_default(api, organization):
    coupon = kept(organization, api("POST", "/coupons", PLAIN).json()["id"])

    fields = model_to_dict(coupon)
    expected: dict[str, Any] = {
        "description": None, "metadata": {}, "scope": "global", "stackable": True, "plan_scope": "all",
        "auto_apply": False, "invitee_mode": "all", "renewal_constraint": "any", "hot": False, "valid_from": None,
    }  # fmt: skip
    assert {name: fields[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("scope", "named", "expected"),
    [("global", True, "product"), ("product", False, "global"), ("product", True, "product"), ("rent", True, "rent"),
     ("rent", False, "rent"), ("service", True, "service")],
)  # fmt: skip
def test_the_scope_follows_the_products_it_is_limited_to(api, organization, scope, named, expected):
    product, coupon = make_product(organization), make_coupon(organization, scope=scope)

    api("PUT", f"/coupons/{coupon.pk}", PLAIN | {"limitedToProducts": [str(product.pk)] if named else []})

    assert kept(organization, coupon.pk).scope == expected
    if scope == "global":
        body = PLAIN | {"code": "NEW", "limitedToProducts": [str(product.pk)]}
        assert kept(organization, api("POST", "/coupons", body).json()["id"]).scope == "product"


@pytest.mark.parametrize(
    ("plan_scope", "linked", "excluded", "sent", "expected"),
    [
        ("specific", True, False, False, "all"),
        ("specific", True, False, True, "specific"),
        ("specific", False, False, False, "specific"),  # its plans were deleted, and it was not opened to others
        ("specific", True, True, False, "specific"),
        ("all", True, False, False, "all"),
    ],
)
def test_lifting_the_limit_to_plans_opens_the_coupon_to_all(
    api, organization, plan_scope, linked, excluded, sent, expected
):
    plan, coupon = make_plan(organization, "a"), make_coupon(organization, plan_scope=plan_scope)
    included, others = ([], [plan.pk]) if excluded else ([plan.pk] if linked else [], [])
    with tenant_scope(organization.pk):
        services.set_targets(organization, coupon.pk, "plan", included, excluded=others, actor=TESTER, moment=NOON)

    answer = api("PUT", f"/coupons/{coupon.pk}", PLAIN | {"limitedToPlans": [str(plan.pk)] if sent else []})

    assert answer.status_code == 200, answer.content
    assert kept(organization, coupon.pk).plan_scope == expected
    with tenant_scope(organization.pk):
        assert CouponPlan.objects.filter(coupon=coupon, excluded=False).exists() is sent


def test_a_discount_that_stays_the_same_keeps_its_definition(api, organization):
    """As the vendor of another dialect wrote it: shorter than ours would be, and saying the same."""
    written = {"type": "absolute", "value": [{"value": Decimal("12.50")}]}
    coupon = make_coupon(organization, "PLAIN", definition=written)
    fixed = {"amount": 1250, "currencyCode": "EUR"}
    body = {"code": "PLAIN", "name": "Plain", "type": "fixed_amount", "frequency": "once", "fixedAmount": fixed}

    api("PUT", f"/coupons/{coupon.pk}", body)
    assert kept(organization, coupon.pk).definition == written

    api("PUT", f"/coupons/{coupon.pk}", {**body, "fixedAmount": {**fixed, "amount": 1300}})
    variant = {"value": 13, "period": None, "occupancy_group_id": None}
    assert kept(organization, coupon.pk).definition == {"type": "absolute", "restrictions": [], "value": [variant]}


def test_references_are_include_and_exclude_rows(api, organization):
    plans = [make_plan(organization, code) for code in "ab"]
    products = [make_product(organization, name) for name in "ab"]
    body = {
        **PLAIN, "limitedToPlans": [str(plans[0].pk)], "excludedFromPlans": [str(plans[1].pk)],
        "limitedToProducts": [str(products[0].pk)], "excludedFromProducts": [str(products[1].pk)],
    }  # fmt: skip
    created = api("POST", "/coupons", body).json()

    def links(model, column):
        with tenant_scope(organization.pk):
            return set(model.objects.filter(coupon_id=created["id"]).values_list(column, "excluded"))

    assert links(CouponPlan, "plan_id") == {(plans[0].pk, False), (plans[1].pk, True)}
    assert links(CouponProduct, "product_id") == {(products[0].pk, False), (products[1].pk, True)}
    turned = {**body, "limitedToPlans": body["excludedFromPlans"], "excludedFromPlans": body["limitedToPlans"]}
    assert api("PUT", f"/coupons/{created['id']}", turned).status_code == 200
    assert links(CouponPlan, "plan_id") == {(plans[0].pk, True), (plans[1].pk, False)}


def test_disabled_is_archived_and_keeps_its_moment(api, organization):
    coupon = make_coupon(organization, archived_at=NOON)

    api("PUT", f"/coupons/{coupon.pk}", {**PLAIN, "isEnabled": False})
    assert kept(organization, coupon.pk).archived_at == NOON

    api("PUT", f"/coupons/{coupon.pk}", {**PLAIN, "isEnabled": True})
    assert kept(organization, coupon.pk).archived_at is None

    api("PUT", f"/coupons/{coupon.pk}", {**PLAIN, "isEnabled": False})
    assert kept(organization, coupon.pk).archived_at is not None


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("2027-04-30", "2027-04-30T22:00:00+00:00"),  # midnight in Amsterdam, in summer
        ("2027-12-31", "2027-12-31T23:00:00+00:00"),
        ("2027-12-31T22:59:59Z", "2027-12-31T22:59:59+00:00"),
        ("2027-12-31T22:59:59.999999+00:00", "2027-12-31T22:59:59+00:00"),
        ("2027-12-31t22:59:59+0100", "2027-12-31T21:59:59+00:00"),
        ("2027-12-31T22:59:59", "2027-12-31T21:59:59+00:00"),
        ("2027-12-31 22:59-05:00", "2028-01-01T03:59:00+00:00"),
    ],
)
def test_deadlines_are_instants(api, sent, told):
    answer = api("POST", "/coupons", {**PLAIN, "expiresAt": sent})

    assert (answer.status_code, answer.json()["expiresAt"]) == (201, told)


def test_another_deadline_clears_the_text_of_the_old_one(api, organization):
    coupon = make_coupon(organization, expires_at=NOON, expires_text="15 June", code_generated=True)
    body = {**PLAIN, "expiresAt": NOON.isoformat()}

    api("PUT", f"/coupons/{coupon.pk}", body)
    assert kept(organization, coupon.pk).expires_text == "15 June"
    assert kept(organization, coupon.pk).code_generated is False

    api("PUT", f"/coupons/{coupon.pk}", {**body, "expiresAt": "2027-06-16"})
    assert kept(organization, coupon.pk).expires_text is None


def test_a_duration_in_months_is_a_number_of_periods(api, organization):
    coupon = make_coupon(organization, "PLAIN", repeat="limited", repeat_count=2, repeat_unit="months")
    limited = {**PLAIN, "frequency": "limited", "frequencyInterval": 2}

    told = api("GET", f"/coupons/{coupon.pk}").json()
    assert (told["frequency"], told["frequencyInterval"]) == ("limited", 2)

    api("PUT", f"/coupons/{coupon.pk}", limited)
    assert kept(organization, coupon.pk).repeat_unit == "months"

    api("PUT", f"/coupons/{coupon.pk}", {**limited, "frequencyInterval": 3})
    assert (kept(organization, coupon.pk).repeat_count, kept(organization, coupon.pk).repeat_unit) == (
        3,
        "billing_period",
    )


def test_a_hold_is_no_redemption_and_a_released_use_unlocks(api, organization):
    coupon, booking = make_coupon(organization, "PLAIN"), make_booking(organization)
    now = datetime.now(UTC)
    with tenant_scope(organization.pk):
        until = now.replace(year=now.year + 1)
        services.reserve(organization, coupon.pk, booking.pk, until=until, actor=TESTER, moment=now)
    assert api("PUT", f"/coupons/{coupon.pk}", PLAIN).json()["reedemptions"] is False

    make_use(organization, coupon, booking, moment=now)
    assert api("PUT", f"/coupons/{coupon.pk}", PLAIN).status_code == 400
    assert api("DELETE", f"/coupons/{coupon.pk}").status_code == 400

    with tenant_scope(organization.pk):
        services.release(organization, coupon.pk, booking.pk, actor=TESTER, moment=now)
    assert api("PUT", f"/coupons/{coupon.pk}", PLAIN).json()["reedemptions"] is False
    assert api("DELETE", f"/coupons/{coupon.pk}").status_code == 204


def test_names_of_products_are_in_the_language_of_the_organization(api, organization):
    with tenant_scope(organization.pk):
        organization.default_language = "nl"
        organization.save()
    product = make_product(organization)
    with tenant_scope(organization.pk):
        product.name = {"default": "Boathouse", "nl": "Boothuis"}
        product.save()
    plan = make_plan(organization, product=product)

    told = api("POST", "/coupons", {**PLAIN, "limitedToPlans": [str(plan.pk)], "limitedToProducts": [str(product.pk)]})

    assert told.json()["limitedToProducts"][0]["name"] == "Boothuis"
    assert told.json()["limitedToPlans"][0]["originProduct"] == {"id": str(product.pk), "name": "Boothuis"}


def kept(organization, coupon_id):
    with tenant_scope(organization.pk):
        return Coupon.objects.get(pk=coupon_id)
