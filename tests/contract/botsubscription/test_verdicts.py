"""`validate`: the quote's own answer, with every reason, and nothing written."""

from __future__ import annotations

import pytest

from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.models import CouponUse
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_plan

QUESTION = {"code": "SPRING", "user_id": "u-118", "amount": 19.95, "currency": "EUR"}


def ask(api, **changes):
    answer = api("POST", "/coupons/validate", QUESTION | changes)
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def test_the_documented_verdict(any_api, organization):
    plan = make_plan(organization)
    coupon = make_coupon(organization, "SPRING", kind="percent", percent=18, plan_scope="specific")
    with tenant_scope(organization.pk):
        services.set_targets(organization, coupon.pk, "plan", [plan.pk], actor=TESTER, moment=NOON)

    answer = any_api("POST", "/coupons/validate", QUESTION | {"plan_id": str(plan.pk)})

    assert answer.json() == {
        "ok": True,
        "request_id": answer.json()["request_id"],
        "method": "POST",
        "path": f"{any_api.root}/coupons/validate",
        "code": 200,
        "data": {
            "coupon_id": str(coupon.pk),
            "eligible": True,
            "reasons": [],
            "original_amount": "19.95",
            "applied_amount": "3.59",
            "final_amount": "16.36",
            "currency": "EUR",
        },
    }


@pytest.mark.parametrize(
    ("value", "amount", "currency", "applied", "final"),
    [
        ({"percent": 18}, "19.95", "EUR", "3.59", "16.36"),
        ({"percent": "12.5"}, 10.2, "EUR", "1.28", "8.92"),
        ({"percent": 15}, 1990, "JPY", "299", "1691"),
        ({"percent": 10}, 1.235, "KWD", "0.124", "1.111"),
        ({"percent": 100}, "0", "EUR", "0", "0"),
        ({"amount_minor": 500, "currency": "EUR"}, 4, "EUR", "4", "0"),
        ({"amount_minor": 10, "currency": "JPY"}, 100, "JPY", "10", "90"),
        ({"amount_minor": 1500, "currency": "KWD"}, "2", "KWD", "1.5", "0.5"),
        ({"amount_minor": 50, "currency": "BYN"}, 2, "BYN", "0.5", "1.5"),
        ({"amount_minor": 1, "currency": "EUR"}, "92233720368547758.07", "EUR", "0.01", "92233720368547758.06"),
    ],
)
def test_amounts_are_exact(api, organization, value, amount, currency, applied, final):
    make_coupon(organization, "SPRING", kind="percent" if "percent" in value else "amount", **value)

    data = ask(api, amount=amount, currency=currency)

    assert (data["eligible"], data["applied_amount"], data["final_amount"]) == (True, applied, final)
    assert data["currency"] == currency


@pytest.mark.parametrize(
    ("columns", "reasons"),
    [
        ({"archived_at": NOON}, ["coupon_archived"]),
        ({"valid_from": "2999-01-01T00:00:00Z"}, ["coupon_not_started"]),
        ({"expires_at": "2020-01-01T00:00:00Z"}, ["coupon_expired"]),
        ({"quota": 0}, ["quota_reached"]),
        ({"max_per_customer": 0}, ["customer_limit_reached"]),
        ({"scope": "product"}, ["product_not_eligible"]),
        ({"scope": "service"}, ["service_not_eligible"]),
        ({"plan_scope": "specific"}, ["plan_not_eligible"]),
        ({"invitee_mode": "new_users"}, ["new_customers_only"]),
        ({"invitee_mode": "existing_users"}, ["existing_customers_only"]),
        ({"renewal_constraint": "first_payment"}, ["first_payment_only"]),
        ({"renewal_constraint": "renewals"}, ["renewals_only"]),
        ({"kind": "amount", "amount_minor": 5, "currency": "GBP"}, ["currency_mismatch"]),
        ({"min_spend_minor": 1996}, ["below_minimum_spend"]),
        ({"min_nights": 2}, ["stay_too_short"]),
        ({"budget_minor": 0}, ["budget_exhausted"]),
        (
            {"archived_at": NOON, "expires_at": "2020-01-01T00:00:00Z", "quota": 0, "invitee_mode": "new_users"},
            ["coupon_archived", "coupon_expired", "quota_reached", "new_customers_only"],
        ),
    ],
)
def test_every_reason_is_told(api, organization, columns, reasons):
    make_coupon(organization, "SPRING", **columns)

    data = ask(api)

    assert (data["eligible"], data["reasons"]) == (False, reasons)
    assert (data["original_amount"], data["applied_amount"], data["final_amount"]) == ("19.95", "0", "19.95")


def test_the_user_is_the_customer_whose_uses_count(api, organization):
    coupon = make_coupon(organization, "SPRING", max_per_customer=1)
    with tenant_scope(organization.pk):
        booking = make_booking(organization, customer_id="u-118")
        services.redeem(organization, coupon.pk, booking.pk, actor=TESTER, moment=NOON)
        uses = CouponUse.objects.of(organization.pk).count()

    assert ask(api)["reasons"] == ["customer_limit_reached"]
    assert ask(api, user_id="u-119")["eligible"]
    with tenant_scope(organization.pk):
        assert CouponUse.objects.of(organization.pk).count() == uses == 1


def test_codes_are_compared_by_their_key(api, organization):
    coupon = make_coupon(organization, "SPRING")

    assert ask(api, code="sp ri-ng")["coupon_id"] == str(coupon.pk)


@pytest.mark.parametrize("code", ["AUTUMN", "-", "x" * 65, "DELETED", "ODD", "{id}"])
def test_a_code_that_nobody_knows_here(api, organization, code):
    coupon = make_coupon(organization, "SPRING")
    make_coupon(organization, "DELETED", deleted_at=NOON)
    make_coupon(organization, "ODD", definition={"type": "sliding-scale"})

    answer = api("POST", "/coupons/validate", QUESTION | {"code": code.format(id=coupon.pk)})

    assert api.code_of(answer) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["code", "user_id", "amount", "currency"]),
        (QUESTION | {"code": ""}, ["code"]),
        (QUESTION | {"code": None}, ["code"]),
        (QUESTION | {"user_id": 118}, ["user_id"]),
        (QUESTION | {"user_id": ""}, ["user_id"]),
        (QUESTION | {"amount": "much"}, ["amount"]),
        (QUESTION | {"amount": -1}, ["amount"]),
        (QUESTION | {"amount": 19.955}, ["amount"]),
        (QUESTION | {"amount": 10**20}, ["amount"]),
        (QUESTION | {"amount": 10.5, "currency": "JPY"}, ["amount"]),
        (QUESTION | {"currency": "eur"}, ["currency"]),
        (QUESTION | {"currency": "XXX", "amount": "x"}, ["currency", "amount"]),
        (QUESTION | {"plan_id": "gold"}, ["plan_id"]),
    ],
)
def test_a_question_that_cannot_be_answered(api, organization, body, named):
    make_coupon(organization, "SPRING")

    answer = api("POST", "/coupons/validate", body)

    assert api.code_of(answer) == (422, "VALIDATION_ERROR")
    assert [name for name in named if f"{name}: " in answer.json()["error"]["message"]] == named
