"""`Idempotency-Key` on the writes of the row grammar: what a client sees that sends a request again."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.accounts import authentication
from bookingoffice.accounts.models import Scope
from bookingoffice.database import pipeline
from bookingoffice.database.scope import tenant_scope
from bookingoffice.idempotency import claims
from coupons.models import Coupon
from seasons.models import Season
from tests.builders import make_booking, make_coupon, make_key, make_organization
from tests.contract.bookingmood.conftest import Api

SUMMER = {"name": {"default": "Summer"}}
TEN_PERCENT = {"type": "relative", "restrictions": [], "value": -10}
KEPT_HEADERS = ("Content-Type", "Content-Range", "Location", "Preference-Applied", "Content-Profile")


def sent_twice(api, method, path, body=None, **headers):
    key = str(uuid4())
    first, second = (api(method, path, body, Idempotency_Key=key, **headers) for _ in range(2))
    return first, second


def assert_replayed(first, second):
    assert second.headers.get("Idempotency-Replayed") == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert (second.status_code, second.content) == (first.status_code, first.content)
    kept = [[answer.headers.get(name) for name in KEPT_HEADERS] for answer in (first, second)]
    assert kept[0] == kept[1]


def count(organization, model):
    with tenant_scope(organization.pk):
        return model.objects.count()


def test_a_create_sent_twice_creates_once(api, organization):
    first, second = sent_twice(api, "POST", "/seasons", SUMMER)

    assert first.status_code == 201
    assert_replayed(first, second)
    assert count(organization, Season) == 1


def test_the_headers_of_the_first_answer_come_again(api):
    prefer = "return=headers-only,count=exact,missing=default"
    first, second = sent_twice(api, "POST", "/seasons", SUMMER, Prefer=prefer)

    assert first.headers["Location"].startswith("/seasons?id=eq.")
    assert first.headers["Content-Range"] == "*/1"
    assert_replayed(first, second)


def test_an_answer_is_shown_to_the_origin_that_asks_for_it_again(api):
    asked = {"Idempotency_Key": "one", "Prefer": "return=minimal"}
    api("POST", "/seasons", SUMMER, Origin="https://first.example", **asked)

    again = api("POST", "/seasons", SUMMER, Origin="https://second.example", **asked)

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Access-Control-Allow-Origin"] == "https://second.example"


def test_a_change_and_a_deletion_sent_twice_answer_alike(api, organization):
    coupon = make_coupon(organization)
    path = f"/coupons?id=eq.{coupon.pk}"

    assert_replayed(*sent_twice(api, "PATCH", path, {"code": "QUIET"}, Prefer="return=representation"))
    deleted, again = sent_twice(api, "DELETE", path, Prefer="return=representation")

    assert deleted.json()[0]["code"] == "QUIET"  # a second deletion would have found nothing
    assert_replayed(deleted, again)


def test_a_put_and_a_row_without_rules_of_its_own(api):
    booking_id = str(uuid4())
    first, second = sent_twice(api, "PUT", f"/bookings?id=eq.{booking_id}", {"id": booking_id})

    assert first.status_code == 204
    assert_replayed(first, second)


def test_a_function_called_twice_acts_once(api, organization):
    coupon, booking = make_coupon(organization, quota=5), make_booking(organization)
    arguments = {"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)}

    first, second = sent_twice(api, "POST", "/rpc/redeem", arguments)

    assert first.status_code < 300, first.content
    assert_replayed(first, second)
    assert api("GET", "/coupon_uses").json()[1:] == []


def test_a_refusal_is_answered_again_although_its_reason_is_gone(api, organization):
    make_coupon(organization, "TAKEN")
    row = {"code": "TAKEN", "definition": TEN_PERCENT}
    refused = api("POST", "/coupons", row, Idempotency_Key="one")
    api("DELETE", "/coupons?code=eq.TAKEN")

    again = api("POST", "/coupons", row, Idempotency_Key="one")

    assert refused.status_code == 409
    assert_replayed(refused, again)
    assert count(organization, Coupon) == 0


def test_what_is_rolled_back_leaves_its_refusal_alone(api, organization):
    singular = "application/vnd.pgrst.object+json"
    first, second = sent_twice(api, "POST", "/seasons", [SUMMER, SUMMER], Accept=singular)

    assert first.status_code == 406
    assert first.json()["code"] == "PGRST116"
    assert_replayed(first, second)
    assert count(organization, Season) == 0


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/seasons", {"name": {"default": "Winter"}}),
        ("POST", "/seasons?select=id", SUMMER),
        ("POST", "/bookings", SUMMER),
        ("PATCH", "/seasons", SUMMER),
    ],
)
def test_a_key_of_another_request_is_refused(api, organization, method, path, body):
    api("POST", "/seasons", SUMMER, Idempotency_Key="one")

    refused = api(method, path, body, Idempotency_Key="one")

    assert refused.status_code == 422
    assert refused.json() == {
        "code": "idempotency_key_reused",
        "details": None,
        "hint": "Send a new key for a new request",
        "message": "This Idempotency-Key was sent with another method, path or body",
    }
    assert count(organization, Season) == 1


def test_a_running_one_is_told_to_come_again(api, organization, monkeypatch):
    """The second request comes while the first is at its act, which is where it looks its key up."""
    answers = []
    change = pipeline.change

    def and_meanwhile(*arguments, **named):
        answers.append(api("POST", "/bookings", {}, Idempotency_Key="one"))
        return change(*arguments, **named)

    monkeypatch.setattr(pipeline, "change", and_meanwhile)
    created = api("POST", "/bookings", {}, Idempotency_Key="one")

    assert created.status_code == 201
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(409, "1")]
    assert answers[0].json()["code"] == "idempotency_key_running"


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "caf\u00e9"])
def test_a_key_is_1_to_255_printable_characters(api, organization, key):
    refused = api("POST", "/seasons", SUMMER, Idempotency_Key=key)

    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_malformed")
    assert count(organization, Season) == 0


def test_the_longest_key_is_taken(api):
    assert_replayed(*(api("POST", "/seasons", SUMMER, Idempotency_Key="x" * 255) for _ in range(2)))


def test_another_organizations_same_key_is_its_own(api, organization):
    stranger = make_organization("Stranger")
    theirs = Api(make_key(stranger))

    answers = [asking("POST", "/seasons", SUMMER, Idempotency_Key="one") for asking in (api, theirs)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert "Idempotency-Replayed" not in answers[1].headers
    assert count(organization, Season) == count(stranger, Season) == 1


def test_another_api_keys_same_key_is_its_own(api, organization):
    other = Api(make_key(organization))
    api("POST", "/seasons", SUMMER, Idempotency_Key="one")

    answer = other("POST", "/seasons", {"name": {"default": "Winter"}}, Idempotency_Key="one")

    assert answer.status_code == 201


@pytest.mark.parametrize(("hours", "seasons"), [(23.9, 1), (24, 2)])
def test_an_answer_is_kept_for_a_day(api, organization, hours, seasons):
    with time_machine.travel(datetime(2027, 6, 15, 12, tzinfo=UTC), tick=False) as clock:
        api("POST", "/seasons", SUMMER, Idempotency_Key="one")
        clock.shift(hours * 3600)

        answer = api("POST", "/seasons", SUMMER, Idempotency_Key="one")

    assert answer.status_code == 201
    assert count(organization, Season) == seasons


def test_a_key_of_yesterday_may_be_used_for_anything(api):
    with time_machine.travel(datetime(2027, 6, 15, 12, tzinfo=UTC), tick=False) as clock:
        api("POST", "/seasons", SUMMER, Idempotency_Key="one")
        clock.shift(24 * 3600)

        assert api("POST", "/bookings", {}, Idempotency_Key="one").status_code == 201


def test_a_failure_of_ours_may_be_tried_again(api, organization, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(pipeline, "change", lambda *_, **__: 1 / 0)
        failed = api("POST", "/bookings", {}, Idempotency_Key="one")

    again = api("POST", "/bookings", {}, Idempotency_Key="one")

    assert (failed.status_code, again.status_code) == (500, 201)
    assert "Idempotency-Replayed" not in again.headers


def test_what_postgresql_gave_up_is_tried_as_a_whole(api, monkeypatch):
    deadlocks = [psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable]
    change = pipeline.change

    def unlucky(*arguments, **named):
        if deadlocks:
            raise genuine(deadlocks.pop())
        return change(*arguments, **named)

    monkeypatch.setattr(pipeline, "change", unlucky)

    assert api("POST", "/bookings", {}, Idempotency_Key="one").status_code == 201
    assert deadlocks == []


def test_what_postgresql_keeps_giving_up_is_503_and_the_key_is_free(api, monkeypatch):
    with monkeypatch.context() as unlucky:
        unlucky.setattr(pipeline, "change", lambda *_, **__: raise_(genuine(psycopg.errors.DeadlockDetected)))
        failed = api("POST", "/bookings", {}, Idempotency_Key="one")

    assert (failed.status_code, failed.headers["Retry-After"]) == (503, "1")
    assert api("POST", "/bookings", {}, Idempotency_Key="one").status_code == 201


def genuine(kind):
    return kind("chosen by the test")


def raise_(error):
    raise error


def test_who_is_not_let_in_takes_no_key(api):
    nobody, wrong = Api(None), Api(str(uuid4()))

    assert nobody("POST", "/seasons", SUMMER, Idempotency_Key="one").json()["code"] == "PGRST302"
    assert wrong("POST", "/seasons", SUMMER, Idempotency_Key="one").json()["code"] == "PGRST301"
    assert api("POST", "/seasons", SUMMER, Idempotency_Key="one").status_code == 201


def test_a_missing_right_is_not_remembered(organization):
    reader = Api(make_key(organization, scopes=[Scope.READ]))
    first, second = sent_twice(reader, "POST", "/seasons", SUMMER)

    assert first.status_code == second.status_code == 403
    assert "Idempotency-Replayed" not in second.headers


def test_an_answer_too_long_to_keep_undoes_what_was_done(api, organization, monkeypatch):
    monkeypatch.setattr(claims, "LARGEST_ANSWER", 100)

    refused = api("POST", "/seasons", SUMMER, Idempotency_Key="one")

    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_answer_too_large")
    assert count(organization, Season) == 0
    assert api("POST", "/seasons", SUMMER, Prefer="return=minimal", Idempotency_Key="one").status_code == 201


def test_a_body_too_long_to_read_is_refused_as_ever(api):
    refused = api("POST", "/seasons", b"[" + b" " * 9_000_000 + b"]", Idempotency_Key="one")

    assert refused.status_code == 413


def test_reads_pay_no_heed_to_a_key(api):
    for _ in range(2):
        answer = api("GET", "/seasons", Idempotency_Key="\t")
        assert answer.status_code == 200
        assert "Idempotency-Replayed" not in answer.headers


def test_a_write_without_a_key_costs_nothing_more(api):
    api("GET", "/seasons")

    with CaptureQueriesContext(connection) as captured:
        api("POST", "/bookings", {})

    assert not [query for query in captured if "idempotency" in query["sql"]]


def test_a_write_with_a_key_costs_the_same_for_two_rows_and_for_two_hundred(api, monkeypatch):
    monkeypatch.setattr(authentication, "REMEMBERED_SECONDS", 600.0)  # however slow the machine

    def statements(number):
        with CaptureQueriesContext(connection) as captured:
            answer = api("POST", "/coupons", rows(number), Idempotency_Key=f"{number} rows")
        assert answer.status_code == 201
        return len(captured)

    def rows(number):
        return [{"code": f"{number}-{place}", "definition": TEN_PERCENT} for place in range(number)]

    api("GET", "/coupons")

    assert statements(2) == statements(200)
