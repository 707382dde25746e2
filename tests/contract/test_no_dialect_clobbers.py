"""Random coupons, random writes through each dialect: whatever the dialect does not own stays as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.models import Coupon, CouponPlan, CouponProduct, CouponService
from tests.builders import NOON, TESTER, make_coupon, make_organization, make_plan, make_product, make_service
from tests.contract.doors import Doors
from tests.lengths import LONG

MANY = settings(max_examples=25 if LONG else 12, deadline=None, suppress_health_check=list(HealthCheck))
VALUE: Final = {"kind", "amount_minor", "currency", "percent", "definition"}
CODE: Final = {"code", "code_key", "fts", "code_generated"}
REPEAT: Final = {"repeat", "repeat_count", "repeat_unit"}
UNTIL: Final = {"expires_at", "expires_text"}
MODES: Final = {"auto_apply", "invitee_mode", "renewal_constraint", "plan_scope", "metadata"}
OWNED: Final = {
    "bookingmood": {*CODE, *VALUE, "description", "scope", "stackable", "quota", "deleted_at"},
    "hyperline": {*VALUE, *REPEAT, *UNTIL, "name", "description", "quota", "scope", "deleted_at", "products"},
    "fynn": {
        *CODE, *VALUE, *REPEAT, *UNTIL, "name", "max_per_customer", "quota", "scope", "archived_at", "deleted_at",
        "plans", "products", "plans excluded", "products excluded", "plan_scope",
    },
    "botsubscription": {
        *VALUE, *UNTIL, *MODES, "name", "description", "quota", "archived_at", "valid_from", "deleted_at", "plans",
    },
}  # fmt: skip
"""Columns and links that a dialect writes; `updated_at` follows every change. Fynn owns `plan_scope` with its plans, since
whoever lifts that limit opens the coupon to all of them."""

PAST, FUTURE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
moments = st.sampled_from([None, PAST, FUTURE])
limits = st.none() | st.integers(0, 9)
codes = count()

percents = st.fixed_dictionaries({"kind": st.just("percent"), "percent": st.sampled_from([0, 15, 100, "12.5"])})
amounts = st.fixed_dictionaries(
    {
        "kind": st.just("amount"),
        "amount_minor": st.integers(0, 2**63 - 1),
        "currency": st.sampled_from(["EUR", "EUR", "JPY", "KWD", "BYN"]),
    }
)
expressions = st.just({"definition": {"type": "sliding-scale", "value": [1, 2]}})
coupons = st.builds(
    lambda value, repeat, rest: {**value, **repeat, **rest},
    st.sampled_from([percents, percents, amounts, amounts, expressions]).flatmap(lambda values: values),
    st.sampled_from(
        [
            {},
            {"repeat": "forever"},
            {"repeat": "limited", "repeat_count": 3, "repeat_unit": "months"},
            {"repeat": "limited", "repeat_count": 3, "repeat_unit": "billing_period"},
            {"repeat": "limited", "repeat_count": 3, "repeat_unit": "days"},
        ]
    ),
    st.fixed_dictionaries(
        {"name": st.sampled_from(["Quiet week", "Ruhige Woche für zwei"])},
        optional={
            "description": st.sampled_from([None, "", "kept"]),
            "scope": st.sampled_from(["global", "product", "service", "rent"]),
            "stackable": st.booleans(),
            "priority": st.integers(-5, 5),
            "quota": limits,
            "max_per_customer": limits,
            "budget_minor": limits,
            "max_discount_minor": limits,
            "limit_currency": st.sampled_from(["EUR", "JPY"]),
            "hot": st.booleans(),
            "min_nights": limits,
            "max_nights": limits,
            "min_spend_minor": limits,
            "stay_from": st.just("2027-01-01"),
            "blackout_dates": st.just(["2027-12-31"]),
            "arrival_weekdays": st.just([1, 7]),
            "min_lead_days": limits,
            "auto_apply": st.booleans(),
            "invitee_mode": st.sampled_from(["all", "new_users", "existing_users"]),
            "renewal_constraint": st.sampled_from(["any", "first_payment", "renewals"]),
            "plan_scope": st.sampled_from(["all", "specific"]),
            "metadata": st.just({"kept": [1, {"deep": None}]}),
            "valid_from": moments,
            "expires_at": moments,
            "expires_text": st.just("2999-01-01"),
            "archived_at": moments,
            "deleted_at": st.sampled_from([None, None, None, None, PAST]),
            "code_generated": st.booleans(),
        },
    ),
)

others = st.fixed_dictionaries(
    {}, optional={"min_nights": st.just(2), "hot": st.just(True), "priority": st.just(9), "id": st.just("mine")}
)
"""What no dialect but Bookingmood has a word against: keys of nobody."""

WRITES: Final = {
    "bookingmood": st.fixed_dictionaries(
        {},
        optional={
            "code": st.sampled_from(["RENAMED", "Re named"]),
            "description": st.sampled_from(["", "other", None]),
            "quota": limits,
            "definition": st.sampled_from(
                [
                    {"type": "relative", "restrictions": [], "value": -20},
                    {"type": "absolute", "restrictions": [],
                     "value": [{"value": 12.5, "period": None, "occupancy_group_id": None}]},
                ]
            ),
            "scope": st.sampled_from(["global", "product", "service", "rent"]),
            "stackable": st.booleans(),
            "deleted_at": st.sampled_from([None, "2027-06-15T12:00:00Z"]),
        },
    ),
    "hyperline": st.builds(
        lambda value, repeat, told, rest: {**value, **repeat, **told, **rest},
        st.sampled_from(
            [
                {},
                {"type": "percent", "discount_percent": 7.5},
                {"type": "amount", "discount_amount": 1005, "currency": "JPY"},
            ]
        ),
        st.sampled_from(
            [{}, {"repeat": "forever"}, {"repeat": "duration", "duration": {"count": 2, "period": "weeks"}}]
        ),
        others,
        st.fixed_dictionaries(
            {},
            optional={
                "name": st.sampled_from(["", "Renamed"]),
                "description": st.sampled_from([None, "other"]),
                "expiration_date": st.sampled_from([None, "2027-10-31", "2030-01-01T00:00:00Z"]),
                "redemption_limit": limits,
                "product_ids": st.sampled_from([None, []]),
            },
        ),
    ),
    "fynn": st.builds(
        lambda value, told, rest: {"code": "FYNN", "name": "Renamed", "frequency": "once", **value, **told, **rest},
        st.sampled_from(
            [
                {"type": "percentage", "percentage": 20},
                {"type": "fixed_amount", "fixedAmount": {"amount": 1000, "currencyCode": "SEK"}},
            ]
        ),
        others,
        st.fixed_dictionaries(
            {},
            optional={
                "frequency": st.sampled_from(["once", "lifetime"]),
                "maxRedemptions": limits,
                "maxRedemptionsPerCustomer": limits,
                "expiresAt": st.sampled_from([None, "2030-01-01T00:00:00+00:00"]),
                "isEnabled": st.booleans(),
            },
        ),
    ),
    "botsubscription": st.builds(
        lambda told, rest: {**told, **rest},
        others,
        st.fixed_dictionaries(
            {},
            optional={
                "display_name": st.sampled_from(["Renamed", "Umbenannt"]),
                "description": st.sampled_from(["", "other"]),
                "discount_value": st.sampled_from([0, 5, "7"]),
                "auto_apply": st.booleans(),
                "status": st.sampled_from(["active", "archived"]),
                "invitee_mode": st.sampled_from(["all", "new_users"]),
                "renewal_constraint": st.sampled_from(["any", "renewals"]),
                "plan_scope": st.sampled_from(["all", "specific"]),
                "max_redemptions": limits,
                "valid_from": st.sampled_from([None, "2027-01-01T00:00:00Z"]),
                "valid_until": st.sampled_from([None, "2027-04-30"]),
                "metadata": st.sampled_from([{}, {"other": 1}]),
            },
        ),
    ),
}  # fmt: skip
METHODS: Final = {"bookingmood": "PATCH", "hyperline": "PUT", "fynn": "PUT", "botsubscription": "PATCH"}


@pytest.fixture
def doors(db):
    forget_keys()
    return Doors.of(make_organization(currency="EUR", timezone="Europe/Amsterdam"))


@pytest.fixture
def targets(doors):
    """An included and an excluded one of each."""
    makers = {"product": make_product, "service": make_service}
    found = {name: [make(doors.organization).pk for _ in range(2)] for name, make in makers.items()}
    return found | {"plan": [make_plan(doors.organization, f"plan-{number}").pk for number in range(2)]}


def made(doors: Doors, columns: dict[str, Any], targets: dict[Any, list[Any]]) -> Any:
    coupon = make_coupon(doors.organization, f"RANDOM {next(codes)}", **columns)
    with tenant_scope(doors.organization.pk):
        for target, (included, excluded) in targets.items():
            services.set_targets(
                doors.organization, coupon.pk, target, [included], excluded=[excluded], actor=TESTER, moment=NOON
            )
    return coupon


def image(coupon: Any) -> dict[str, Any]:
    """Every column of the row, and its links."""
    with tenant_scope(coupon.organization_id):
        row = Coupon.objects.filter(pk=coupon.pk).values().get()
        for name, model in (("product", CouponProduct), ("service", CouponService), ("plan", CouponPlan)):
            links = list(model.objects.filter(coupon_id=coupon.pk).order_by("id").values_list(f"{name}_id", "excluded"))
            row[f"{name}s"] = [target for target, excluded in links if not excluded]
            row[f"{name}s excluded"] = [target for target, excluded in links if excluded]
    return row


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before if before[name] != after[name]} - {"updated_at"}


@pytest.mark.parametrize("name", METHODS)
@MANY
@given(data=st.data())
def test_a_write_changes_nothing_that_another_owns(doors, targets, name, data):
    coupon, body = made(doors, data.draw(coupons), targets), data.draw(WRITES[name])
    if body.get("code"):
        body["code"] += f" {next(codes)}"  # examples share a transaction, and a taken code would be refused
    before, told = image(coupon), doors.told(name, coupon)

    answer = doors.ask(METHODS[name], doors.address(name, coupon), body)

    differing = changed(before, image(coupon))
    assert answer.status_code < 500, answer.content
    written = answer.status_code < 300 and told is not None
    assert differing <= (OWNED[name] - ({"deleted_at"} if name != "bookingmood" else set()) if written else set())


@pytest.mark.parametrize("name", [name for name in METHODS if name != "bookingmood"])
@MANY
@given(columns=coupons)
def test_a_deletion_marks_the_row_and_nothing_else(doors, targets, name, columns):
    coupon = made(doors, columns, targets)
    before, told = image(coupon), doors.told(name, coupon)

    answer = doors.ask("DELETE", doors.address(name, coupon))

    assert changed(before, image(coupon)) == ({"deleted_at"} if answer.status_code == 204 else set())
    assert told is not None or answer.status_code == 404
