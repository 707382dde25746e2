"""What a request costs in statements does not depend on how many rows there are; a keyed write happens once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.accounts import authentication
from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.models import Coupon
from tests.builders import (
    TESTER,
    make_booking,
    make_coupon,
    make_key,
    make_organization,
    make_plan,
    make_product,
    make_use,
)
from tests.contract.fynn.conftest import Api

PLAIN = {"code": "PLAIN", "name": "Plain", "type": "percentage", "percentage": 10, "frequency": "lifetime"}


@pytest.fixture(autouse=True)
def _slow_machine(monkeypatch):
    """However slow it is: a key that is looked up again is no cost of the rows."""
    monkeypatch.setattr(authentication, "REMEMBERED_SECONDS", 600.0)


def statements(api, method, path, body=None):
    with CaptureQueriesContext(connection) as captured:
        answer = api(method, path, body)
    assert answer.status_code < 300, answer.content
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


def test_a_list_is_one_statement_in_a_scope_at_any_size(api, organization):
    make_use(organization, make_coupon(organization))
    statements(api, "GET", "/coupons")  # the key is remembered now
    at_one = statements(api, "GET", "/coupons?limit=100")
    for number in range(20):
        make_use(organization, make_coupon(organization, f"MORE {number}"))
    forget_keys()
    statements(api, "GET", "/coupons")

    at_many = statements(api, "GET", "/coupons?limit=100")

    assert len(at_many) == len(at_one)
    assert len([sql for sql in at_many if not sql.startswith("SET LOCAL")]) == 1


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_references_cost_the_same_at_any_number(api, organization, method):
    plans = [make_plan(organization, f"p{place}", product=make_product(organization)) for place in range(12)]
    few = {**PLAIN, "limitedToPlans": [str(plan.pk) for plan in plans[:2]]}
    many = {**PLAIN, "code": "MANY", "limitedToPlans": [str(plan.pk) for plan in plans[2:]]}
    paths = [f"/coupons/{api('POST', '/coupons', body).json()['id']}" for body in (few, many)]

    counted = [len(statements(api, method, path, body)) for path, body in zip(paths, ({**few}, {**many}), strict=True)]

    assert counted[0] == counted[1]


def test_a_keyed_write_happens_once(api, organization):
    first = api("POST", "/coupons", PLAIN, Idempotency_Key="one")

    again = api("POST", "/coupons", PLAIN, Idempotency_Key="one")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(api("GET", "/coupons").json()["data"]) == 1


def test_a_key_belongs_to_one_request(api):
    api("POST", "/coupons", PLAIN, Idempotency_Key="one")

    other = api("POST", "/coupons", {**PLAIN, "code": "OTHER"}, Idempotency_Key="one")
    malformed = api("POST", "/coupons", PLAIN, Idempotency_Key="é")

    for answer, status in ((other, 422), (malformed, 400)):
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status


def test_a_keyed_refusal_keeps_its_shape_and_takes_no_key_from_strangers(api, organization):
    refused = api("POST", "/coupons", {**PLAIN, "percentage": 200}, Idempotency_Key="one")
    assert (refused.status_code, refused.json()["violations"][0]["propertyPath"]) == (400, "percentage")
    assert api("POST", "/coupons", {**PLAIN, "percentage": 200}, Idempotency_Key="one").json() == refused.json()

    assert Api(None)("POST", "/coupons", PLAIN, Idempotency_Key="two").status_code == 401
    assert api("POST", "/coupons", PLAIN, Idempotency_Key="two").status_code == 201


def test_history_names_the_key(api, organization):
    created = api("POST", "/coupons", PLAIN).json()
    api("DELETE", f"/coupons/{created['id']}")

    with tenant_scope(organization.pk):
        entries = AuditEntry.objects.filter(row_id=created["id"]).order_by("created_at", "id")
        told = [(entry.actor_kind, entry.action, sorted(entry.changes)) for entry in entries]
    assert [entry[:2] for entry in told] == [("key", "created"), ("key", "changed")]
    assert "deleted_at" in told[1][2]


def test_a_redemption_waits_for_a_change_and_the_other_way_round(committed_db):
    """Whoever comes second sees what the first did: a redeemed coupon is never changed after all."""
    forget_keys()
    organization = make_organization()
    api, now = Api(make_key(organization)), datetime.now(UTC)
    coupon, booking = make_coupon(organization, "PLAIN"), make_booking(organization)
    answers = []

    def put():
        answers.append(api("PUT", f"/coupons/{coupon.pk}", {**PLAIN, "name": "Late"}).status_code)
        connection.close()

    with tenant_scope(organization.pk):
        services.redeem(organization, coupon.pk, booking.pk, actor=TESTER, moment=now)
        late = threading.Thread(target=put)
        late.start()
        late.join(timeout=0.5)
        assert late.is_alive()  # it waits for the redemption to end
    late.join(timeout=10)

    assert answers == [400]
    with tenant_scope(organization.pk):
        assert Coupon.objects.get(pk=coupon.pk).name == "PLAIN"
