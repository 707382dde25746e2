"""A write with an Idempotency-Key happens once, under either address, and is refused in this dialect's shape."""

from __future__ import annotations

import pytest

from bookingoffice.database.scope import tenant_scope
from coupons.models import Coupon
from tests.contract.hyperline.conftest import HARBOUR, Api


def made(organization):
    with tenant_scope(organization.pk):
        return Coupon.objects.count()


@pytest.mark.parametrize("prefix", ["", "/hyperline"])
def test_a_create_sent_again(token, organization, prefix):
    api = Api(token, prefix)

    first = api("POST", "/v1/coupons", HARBOUR, Idempotency_Key="once")
    again = api("POST", "/v1/coupons", HARBOUR, Idempotency_Key="once")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert made(organization) == 1


def test_a_refusal_is_kept_and_nothing_of_it(api, organization):
    first = api("POST", "/v1/coupons", {**HARBOUR, "currency": "BYN"}, Idempotency_Key="no")
    again = api("POST", "/v1/coupons", {**HARBOUR, "currency": "BYN"}, Idempotency_Key="no")

    assert (first.status_code, again.status_code) == (400, 400)
    assert again.json() == first.json()
    assert made(organization) == 0


def test_a_deletion_sent_again_is_no_404(api):
    place = f"/v1/coupons/{api('POST', '/v1/coupons', HARBOUR).json()['id']}"

    assert api("DELETE", place, Idempotency_Key="gone").status_code == 204
    assert api("DELETE", place, Idempotency_Key="gone").status_code == 204
    assert api("DELETE", place).status_code == 404


@pytest.mark.parametrize(
    ("key", "status", "kind"), [("once", 422, "idempotency_key_reused"), ("", 400, "idempotency_key_malformed")]
)
def test_a_key_that_is_refused(api, organization, key, status, kind):
    api("POST", "/v1/coupons", HARBOUR, Idempotency_Key="once")

    answer = api("POST", "/v1/coupons", {**HARBOUR, "name": "Another"}, Idempotency_Key=key)

    assert answer.status_code == status
    assert answer.json().keys() == {"statusCode", "type", "message"}
    assert (answer.json()["statusCode"], answer.json()["type"]) == (status, kind)
    assert made(organization) == 1


def test_who_is_not_let_in_takes_no_key(db):
    answer = Api("prod_nothing")("POST", "/v1/coupons", HARBOUR, Idempotency_Key="once")

    assert answer.json()["type"] == "unauthorized"
