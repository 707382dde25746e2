"""What PostgreSQL gives up while a door waits for it is told in that door's own shape, whichever way it was asked."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.audit.writing import witnessed
from bookingoffice.database import pipeline
from bookingoffice.database.pipeline import connection_of, limits
from bookingoffice.database.scope import tenant_scope
from bookingoffice.idempotency import claims
from coupons import services
from coupons.models import Coupon
from tests.bookingoffice.faults.doors import doors
from tests.bookingoffice.faults.locking import locked
from tests.builders import NOON, TESTER, make_coupon, make_organization, make_plan
from tests.contract.doors import Doors

LISTS = {
    "hyperline": "/hyperline/v1/coupons",
    "fynn": "/fynn/coupons",
    "botsubscription": "/botsubscription/v2/projects/{}/coupons",
}
TOO_SLOW = {"hyperline": (504, None), "fynn": (504, None), "botsubscription": (503, "1")}


@pytest.fixture
def asked(committed_db):
    forget_keys()
    made = Doors.of(make_organization("Lakeside", currency="EUR"))
    make_coupon(made.organization, "SPRING", kind="percent", percent=10)
    return made


@pytest.fixture
def impatient(monkeypatch):
    """Statements that end where they would wait for a lock: by their own bound, or by that of locks."""

    def patience(bound):
        monkeypatch.setattr(pipeline, "_settings", lambda *_: [f"SET LOCAL {bound} = '100ms'".encode()])

    return patience


def told(answer):
    return answer.status_code, answer.headers.get("Retry-After")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_takes_too_long(asked, impatient, name):
    impatient("statement_timeout")

    with locked("coupons"):
        answer = asked.ask("GET", LISTS[name].format(asked.organization.pk))

    assert told(answer) == TOO_SLOW[name], answer.content
    assert asked.listed(name)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_in_the_way_of_others(asked, impatient, name):
    impatient("lock_timeout")

    with locked("coupons"):
        answer = asked.ask("GET", LISTS[name].format(asked.organization.pk))

    assert told(answer) == (503, "1"), answer.content


def test_a_verdict_that_is_in_the_way_of_others(asked, impatient):
    impatient("lock_timeout")
    address = LISTS["botsubscription"].format(asked.organization.pk) + "/validate"

    with locked("coupon_uses"):
        answer = asked.ask("POST", address, {"code": "SPRING", "amount": "100", "currency": "EUR", "user_id": "1"})

    assert told(answer) == (503, "1"), answer.content


@pytest.mark.parametrize("name", LISTS)
def test_a_key_that_cannot_be_claimed(asked, monkeypatch, name):
    """A write that may happen once alone is refused before it begins."""
    monkeypatch.setattr(claims, "_hurry", lambda: connection_of().send_ahead(b"SET LOCAL lock_timeout = '100ms'"))
    door = next(door for door in doors(asked.organization.pk) if door.name == name)

    with locked("idempotency_claims"):
        answer = asked.ask("POST", door.path, door.row(1), once="k-1")

    assert told(answer) == (503, "1"), answer.content
    assert len(door.sentence(answer.json())) > 10
    assert asked.ask("POST", door.path, door.row(1), once="k-1").status_code in (200, 201)


def test_history_that_is_in_the_way_of_others(asked, impatient):
    coupon, plan = make_coupon(asked.organization), make_plan(asked.organization, "monthly")
    impatient("lock_timeout")

    with locked("audit_entries"), pytest.raises(OperationalError), tenant_scope(asked.organization.pk), limits():
        services.set_targets(asked.organization, coupon.pk, "plan", [plan.pk], actor=TESTER, moment=NOON)


def test_rows_that_are_in_the_way_of_others_before_they_change(asked, impatient):
    coupon = make_coupon(asked.organization)
    impatient("lock_timeout")

    with locked("coupons"), pytest.raises(OperationalError), tenant_scope(asked.organization.pk), limits():  # noqa: SIM117
        with witnessed(Coupon, asked.organization.pk, [coupon.pk], actor=TESTER, moment=NOON):
            pass
