"""A projection never lies and never clobbers: random coupons, whoever made them, and random writes through this dialect."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookingoffice.database.scope import tenant_scope
from bookingoffice.money import EXPONENTS
from coupons import services
from coupons.api.botsubscription.shown import visible
from coupons.models import Coupon, CouponPlan, CouponProduct, CouponService
from tests.builders import NOON, TESTER, make_coupon, make_plan, make_product, make_service

CODES = (f"CODE {number}" for number in count())
MANY = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

PAST, FUTURE = "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
maybe = st.none() | st.sampled_from([PAST, FUTURE])
percents = st.decimals(0, 100, places=4)
values = st.one_of(
    percents.map(lambda percent: {"kind": "percent", "percent": percent}),
    st.tuples(st.integers(0, 2**63 - 1), st.sampled_from(["EUR", "JPY", "KWD", "BYN", "CLP", "BHD", "HRK"])).map(
        lambda pair: {"kind": "amount", "amount_minor": pair[0], "currency": pair[1]}
    ),
    st.just({"definition": {"type": "sliding-scale", "value": [1, 2]}}),
)
foreign = st.fixed_dictionaries(
    {},
    optional={
        "scope": st.sampled_from(["global", "product", "service", "rent"]),
        "stackable": st.booleans(),
        "priority": st.integers(-5, 5),
        "max_per_customer": st.none() | st.integers(0, 9),
        "min_nights": st.none() | st.integers(0, 9),
        "min_spend_minor": st.none() | st.integers(0, 10**9),
        "budget_minor": st.none() | st.integers(0, 10**9),
        "max_discount_minor": st.none() | st.integers(0, 10**9),
        "limit_currency": st.sampled_from([None, "EUR", "JPY"]),
        "blackout_dates": st.sampled_from([None, ["2027-06-15"]]),
        "arrival_weekdays": st.sampled_from([None, [1, 7]]),
    },
)
repeats = st.sampled_from(
    [{}, {"repeat": "forever"}, {"repeat": "limited", "repeat_count": 3, "repeat_unit": "months"}]
)
owned = st.fixed_dictionaries(
    {},
    optional={
        "archived_at": maybe,
        "deleted_at": st.none() | st.just(PAST),
        "valid_from": maybe,
        "expires_at": maybe,
        "quota": st.none() | st.integers(0, 9),
        "plan_scope": st.sampled_from(["all", "specific"]),
        "description": st.none() | st.just("") | st.just("words"),
        "created_at": st.sampled_from([PAST, "infinity", "4713-01-01T00:00:00Z BC", "2027-03-08T06:00:00.0009Z"]),
    },
)
coupons = st.tuples(values, foreign, repeats, owned).map(
    lambda parts: {k: v for part in parts for k, v in part.items()}
)

COLUMNS = {
    "display_name": {"name"},
    "description": {"description"},
    "discount_value": {"percent", "amount_minor", "definition"},
    "auto_apply": {"auto_apply"},
    "status": {"archived_at"},
    "invitee_mode": {"invitee_mode"},
    "renewal_constraint": {"renewal_constraint"},
    "plan_scope": {"plan_scope"},
    "plan_ids": {"plan_scope"},
    "max_redemptions": {"quota"},
    "valid_from": {"valid_from"},
    "valid_until": {"expires_at", "expires_text"},
    "metadata": {"metadata"},
}
"""Which columns a key of a PATCH may change."""

writes = st.fixed_dictionaries(
    {},
    optional={
        "display_name": st.sampled_from(["Name", ""]),
        "description": st.sampled_from(["", "Text"]),
        "discount_value": st.sampled_from([0, 5, "7.5", 100, 101]),
        "auto_apply": st.booleans(),
        "status": st.sampled_from(["active", "archived", "expired"]),
        "invitee_mode": st.sampled_from(["all", "new_users", "existing_users"]),
        "renewal_constraint": st.sampled_from(["any", "first_payment", "renewals"]),
        "plan_scope": st.sampled_from(["all", "specific"]),
        "max_redemptions": st.none() | st.integers(0, 99),
        "valid_from": maybe,
        "valid_until": maybe | st.just("2027-04-30"),
        "metadata": st.dictionaries(st.text(max_size=3).filter(lambda key: "\0" not in key), st.integers(), max_size=2),
        "code": st.just("ANOTHER"),
        "currency": st.just("GBP"),
        "unknown": st.integers(),
    },
)

NO_DATES = ("created_at", "updated_at", "archived_at", "deleted_at", "valid_from", "expires_at")


def row_of(organization, coupon_id) -> dict[str, Any]:
    """Instants as PostgreSQL writes them, which go further than Python's."""
    with tenant_scope(organization.pk):
        casts = {f"{name}_text": f"{name}::text" for name in NO_DATES}
        rows = Coupon.objects.of(organization.pk).defer(*NO_DATES).extra(select=casts)
        columns = [field.attname for field in Coupon._meta.concrete_fields if field.name not in NO_DATES]
        row = rows.values(*columns, *casts).get(pk=coupon_id)
    return {name.removesuffix("_text") if name in casts else name: value for name, value in row.items()}


def links_of(organization):
    with tenant_scope(organization.pk):
        models = (CouponProduct, CouponService, CouponPlan)
        links = [link for model in models for link in model.objects.of(organization.pk).values()]
    kept = [link for link in links if link["excluded"] or "plan_id" not in link]
    included = [link for link in links if link not in kept]
    return kept, included


def make_any(organization, columns):
    """Through the service that every door calls; only its id, because Python cannot read every instant."""
    with tenant_scope(organization.pk):
        row = {"code": next(CODES), **columns}
        [coupon_id] = services.create_coupons(organization, [row], actor=TESTER, moment=NOON)
    return coupon_id


def status_of(row: dict[str, Any]) -> str:
    if row["archived_at"]:
        return "archived"
    return "expired" if row["expires_at"] and row["expires_at"].startswith("2020") else "active"


@MANY
@given(coupons)
def test_what_is_shown_is_what_is_there(organization, api, columns):
    coupon_id = make_any(organization, columns)
    row = row_of(organization, coupon_id)

    answer = api("GET", f"/coupons/{coupon_id}")
    listed = api("GET", f"/coupons?limit=1000&search={row['code']}").json()["data"]

    expressible = row["kind"] != "expression" and row["deleted_at"] is None
    assert answer.status_code == (200 if expressible else 404)
    mine = [coupon for coupon in listed if coupon["coupon_id"] == str(coupon_id)]
    if not expressible:
        assert mine == []
        return
    data = answer.json()["data"]
    assert mine == [data]
    assert data["status"] == status_of(row)
    assert (data["display_name"], data["description"]) == (row["name"], row["description"] or "")
    assert data["plan_scope"] == row["plan_scope"]
    if row["kind"] == "percent":
        assert Decimal(data["percentage"]) == row["percent"]
        assert not data.keys() & {"amount", "currency"}
    else:
        assert Decimal(data["amount"]).scaleb(EXPONENTS[row["currency"]]) == row["amount_minor"]
        assert (data["currency"], "percentage" in data) == (row["currency"], False)


@MANY
@given(coupons, st.lists(writes, min_size=1, max_size=3))
def test_a_write_changes_only_columns_of_this_dialect(organization, api, columns, sent):
    coupon_id = make_any(organization, columns)
    with tenant_scope(organization.pk):
        history = {"actor": TESTER, "moment": NOON}
        for target, thing in (("product", make_product), ("service", make_service), ("plan", make_plan)):
            kept, excluded = thing(organization).pk, thing(organization).pk
            services.set_targets(organization, coupon_id, target, [kept], excluded=[excluded], **history)

    for body in sent:
        before, links = row_of(organization, coupon_id), links_of(organization)
        answer = api("PATCH", f"/coupons/{coupon_id}", body)
        after = row_of(organization, coupon_id)

        assert answer.status_code in (200, 404, 422), answer.content
        allowed = {name for key in body for name in COLUMNS.get(key, ())} | {"updated_at"}
        differing = {name for name in after if after[name] != before[name]}
        assert differing <= (allowed if answer.status_code == 200 else set())
        assert links_of(organization)[0] == links[0]
        if answer.status_code != 200 or "plan_scope" not in body:
            assert links_of(organization)[1] == links[1]


@MANY
@given(coupons)
def test_a_delete_needs_an_archived_coupon_and_marks_it(organization, api, columns):
    coupon_id = make_any(organization, columns)
    before = row_of(organization, coupon_id)

    status = api("DELETE", f"/coupons/{coupon_id}").status_code

    after = row_of(organization, coupon_id)
    hidden = before["kind"] == "expression" or before["deleted_at"]
    assert status == (404 if hidden else 204 if before["archived_at"] else 400)
    differing = {name for name in after if after[name] != before[name]}
    assert differing == ({"deleted_at", "updated_at"} if status == 204 else set())


def test_a_currency_without_known_decimals_is_not_told_of(organization, api):
    """Rows that a restored dump or a later version may hold."""
    coupon = make_coupon(organization, kind="amount", amount_minor=5, currency="EUR")

    with tenant_scope(organization.pk):
        assert visible(organization.pk).filter(pk=coupon.pk).exists()
        known = {"EUR": EXPONENTS.pop("EUR")}
        try:
            assert not visible(organization.pk).filter(pk=coupon.pk).exists()
        finally:
            EXPONENTS.update(known)


def test_every_currency_there_and_back(organization, api):
    for currency, places in EXPONENTS.items():
        text = format(Decimal(12345).scaleb(-places), "f")
        body = {"code": currency, "coupon_type": "fixed", "amount": text, "currency": currency}

        data = api("POST", "/coupons", body).json()["data"]

        assert (data["amount"], data["currency"]) == (text, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(0, "EUR", "0"), (1, "EUR", "0.01"), (50, "BYN", "0.5"), (2000, "EUR", "20"), (10, "JPY", "10"),
     (1500, "KWD", "1.5"), (2**63 - 1, "KWD", "9223372036854775.807"), (2**63 - 1, "JPY", "9223372036854775807")],
)  # fmt: skip
def test_amounts_in_major_units(organization, api, minor, currency, text):
    coupon = make_coupon(organization, kind="amount", amount_minor=minor, currency=currency)

    assert api("GET", f"/coupons/{coupon.pk}").json()["data"]["amount"] == text
    assert api("PATCH", f"/coupons/{coupon.pk}", {"discount_value": text}).json()["data"]["amount"] == text


def test_moments_are_told_in_utc_with_three_decimals(organization, api):
    coupon = make_coupon(organization, created_at=datetime(2027, 3, 8, 6, 0, 0, 999999, tzinfo=UTC))

    data = api("GET", f"/coupons/{coupon.pk}").json()["data"]

    assert data["created_at"] == "2027-03-08T06:00:00.999Z"
