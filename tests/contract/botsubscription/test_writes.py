"""What a PATCH does, field by field, what it leaves alone, and writes that happen once."""

from __future__ import annotations

from uuid import UUID

import pytest

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.models import Coupon, CouponPlan
from tests.builders import NOON, TESTER, make_coupon, make_plan, make_use


def row_of(coupon):
    with tenant_scope(coupon.organization_id):
        return Coupon.objects.of(coupon.organization_id).values().get(pk=coupon.pk)


def changed(before, after):
    """The columns that differ."""
    return {name: after[name] for name in after if after[name] != before[name]}


def patch(api, coupon, body):
    answer = api("PATCH", f"/coupons/{coupon.pk}", body)
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


@pytest.mark.parametrize(
    ("body", "columns", "shown"),
    [
        ({"display_name": "New"}, {"name": "New"}, {"display_name": "New"}),
        ({"description": ""}, {"description": ""}, {"description": ""}),
        ({"auto_apply": True}, {"auto_apply": True}, {"auto_apply": True}),
        ({"invitee_mode": "new_users"}, {"invitee_mode": "new_users"}, {"invitee_mode": "new_users"}),
        ({"renewal_constraint": "renewals"}, {"renewal_constraint": "renewals"}, {"renewal_constraint": "renewals"}),
        ({"metadata": {"a": None}}, {"metadata": {"a": None}}, {"metadata": {"a": None}}),
        ({"max_redemptions": "7"}, {"quota": 7}, {}),
        ({"max_redemptions": None}, {"quota": None}, {}),
        ({"max_redemptions": 75.0}, {"quota": 75}, {}),
    ],
)
def test_one_field_is_one_column(api, organization, body, columns, shown):
    coupon = make_coupon(organization, quota=9, description="Old")
    before, seen = row_of(coupon), api("GET", f"/coupons/{coupon.pk}").json()["data"]

    data = patch(api, coupon, body)

    after = changed(before, row_of(coupon))
    assert after.pop("updated_at") > before["updated_at"]
    assert after == columns
    assert data == seen | shown


@pytest.mark.parametrize(
    "body",
    [{}, {"code": "OTHER", "coupon_type": "fixed", "discount_type": "fixed", "currency": "GBP", "coupon_id": "x",
          "payment_count_comparator": "more", "lifetime_revenue_comparator": 1, "total_redemptions": 9, "unknown": []}],
)  # fmt: skip
def test_what_a_change_ignores(api, organization, body):
    coupon = make_coupon(organization)
    before = row_of(coupon)

    patch(api, coupon, body)

    assert row_of(coupon) == before


def test_a_value_and_its_definition_change_together(api, organization):
    percent = make_coupon(organization, "P", kind="percent", percent="7.5")
    amount = make_coupon(organization, "A", kind="amount", amount_minor=1500, currency="KWD")
    before = row_of(percent), row_of(amount)

    assert patch(api, percent, {"discount_value": "12.25"})["percentage"] == "12.25"
    assert patch(api, amount, {"amount": 0.125, "discount_value": 9})["amount"] == "0.125"

    after = changed(before[0], row_of(percent)), changed(before[1], row_of(amount))
    assert set(after[0]) == {"percent", "definition", "updated_at"}
    assert set(after[1]) == {"amount_minor", "definition", "updated_at"}
    assert str(after[0]["definition"]["value"]) == "-12.25"
    assert after[1]["amount_minor"] == 125


def test_a_used_coupon_may_still_be_edited(api, organization):
    coupon = make_coupon(organization, quota=3)
    make_use(organization, coupon)

    data = patch(api, coupon, {"percentage": 20, "max_redemptions": 1})

    assert (data["percentage"], data["total_redemptions"]) == ("20", 1)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2027-06-30T23:59:59Z", "2027-06-30T23:59:59+00:00"),
        ("2027-06-30T23:59:59.5+02:00", "2027-06-30T21:59:59.500000+00:00"),
        ("2027-06-30T23:59", "2027-06-30T21:59:00+00:00"),
        ("2027-06-30", "2027-06-30T22:00:00+00:00"),
    ],
)
def test_the_end_of_validity(api, organization, text, instant):
    coupon = make_coupon(organization, expires_at="2027-01-31T23:00:00Z", expires_text="2027-01-31")

    patch(api, coupon, {"valid_until": text})

    row = row_of(coupon)
    assert (row["expires_at"].isoformat(), row["expires_text"]) == (instant, None)
    patch(api, coupon, {"valid_until": None})
    assert row_of(coupon)["expires_at"] is None


def test_a_bare_date_begins_where_the_organization_is(api, organization):
    coupon = make_coupon(organization)

    patch(api, coupon, {"valid_from": "2027-06-30"})

    assert row_of(coupon)["valid_from"].isoformat() == "2027-06-29T22:00:00+00:00"


def test_archiving_and_back(api, organization):
    coupon = make_coupon(organization, expires_at="2020-01-01T00:00:00Z")
    before = row_of(coupon)

    assert patch(api, coupon, {"status": "archived"})["status"] == "archived"
    first = row_of(coupon)["archived_at"]
    patch(api, coupon, {"status": "archived"})

    assert row_of(coupon)["archived_at"] == first
    assert patch(api, coupon, {"status": "active"})["status"] == "expired"
    assert changed(before, row_of(coupon)).keys() == {"updated_at"}


def plans_of(coupon):
    with tenant_scope(coupon.organization_id):
        links = CouponPlan.objects.of(coupon.organization_id).filter(coupon_id=coupon.pk)
        return {(link.plan_id, link.excluded) for link in links}


def test_limits_to_plans(api, organization):
    coupon = make_coupon(organization)
    gold, silver, lead = (make_plan(organization, code).pk for code in ("gold", "silver", "lead"))
    with tenant_scope(organization.pk):
        history = {"actor": TESTER, "moment": NOON}
        services.set_targets(organization, coupon.pk, "plan", [gold], excluded=[lead], **history)

    assert api("GET", f"/coupons/{coupon.pk}").json()["data"]["plan_scope"] == "specific"
    assert patch(api, coupon, {"plan_scope": "specific"})["plan_scope"] == "specific"
    assert plans_of(coupon) == {(gold, False), (lead, True)}
    assert patch(api, coupon, {"plan_ids": [str(silver), str(silver).upper()]})["plan_scope"] == "specific"
    assert plans_of(coupon) == {(silver, False), (lead, True)}
    assert patch(api, coupon, {"plan_scope": "all", "plan_ids": []})["plan_scope"] == "all"
    assert plans_of(coupon) == {(lead, True)}
    assert row_of(coupon)["plan_scope"] == "all"


def test_a_deleted_coupon_keeps_its_row_and_its_uses(api, organization):
    coupon = make_coupon(organization, archived_at=NOON)
    make_use(organization, make_coupon(organization, "USED"))
    before = row_of(coupon)

    assert api("DELETE", f"/coupons/{coupon.pk}").status_code == 204

    assert changed(before, row_of(coupon)).keys() == {"deleted_at", "updated_at"}
    assert api.code_of(api("DELETE", f"/coupons/{coupon.pk}")) == (404, "NOT_FOUND")


def test_defaults_of_what_the_dialect_does_not_know(api, organization):
    made = api("POST", "/coupons", {"code": "NEW", "coupon_type": "fixed", "amount": 20, "currency": "GBP"}).json()

    with tenant_scope(organization.pk):
        coupon = Coupon.objects.of(organization.pk).get(pk=UUID(made["data"]["coupon_id"]))
    assert (coupon.scope, coupon.stackable, coupon.repeat, coupon.description) == ("global", True, "once", None)
    assert (coupon.quota, coupon.max_per_customer, coupon.amount_minor) == (None, None, 2000)


def test_history_names_the_key(api, organization):
    coupon = make_coupon(organization)

    patch(api, coupon, {"display_name": "New"})

    with tenant_scope(organization.pk):
        entry = AuditEntry.objects.of(organization.pk).filter(row_id=coupon.pk).latest("id")
    assert (entry.actor_kind, entry.changes) == ("key", {"name": [coupon.name, "New"]})


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/coupons", {"code": "ONCE", "coupon_type": "percentage", "percentage": 5}, 201),
        ("POST", "/coupons", {"code": "ONCE"}, 422),
        ("DELETE", "/coupons/{archived}", None, 204),
    ],
)
def test_a_retried_write_happens_once_and_answers_the_same(api, organization, method, path, body, status):
    path = path.format(archived=make_coupon(organization, archived_at=NOON).pk)

    first = api(method, path, body, Idempotency_Key="k-1")
    again = api(method, path, body, Idempotency_Key="k-1")

    assert (first.status_code, again.status_code) == (status, status)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    with tenant_scope(organization.pk):
        assert Coupon.objects.of(organization.pk).filter(code="ONCE").count() == (status == 201)


def test_a_key_for_another_request(api, organization):
    body = {"code": "ONCE", "coupon_type": "percentage", "percentage": 5}
    api("POST", "/coupons", body, Idempotency_Key="k-1")

    reused = api("POST", "/coupons", body | {"code": "TWICE"}, Idempotency_Key="k-1")
    malformed = api("POST", "/coupons", body, Idempotency_Key="k" * 256)

    assert api.code_of(reused) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert api.code_of(malformed) == (400, "IDEMPOTENCY_KEY_MALFORMED")
