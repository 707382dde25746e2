"""The act and its answer are one; whatever goes wrong between them leaves neither."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError, connection

from bookingoffice.database.scope import tenant_scope
from bookingoffice.idempotency import claims
from bookingoffice.idempotency.answers import Answer
from bookingoffice.idempotency.models import KEPT
from bookingoffice.idempotency.once import ATTEMPTS, once
from bookingoffice.idempotency.refusals import KeyRefused
from tests.bookingoffice.idempotency.callers import LATER, add_season, count_seasons, elsewhere, make_asked
from tests.builders import NOON, make_organization

CREATED = Answer(201, {"Content-Type": "application/json"}, b'{"id":1}')
pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def organization(committed_db):
    return make_organization()


def adding(organization, answer=CREATED):
    def act():
        add_season(organization)
        return answer

    return act


def refused_code(asked, act, moment=NOON):
    with pytest.raises(KeyRefused) as refusal:
        once(asked, act, moment=moment)
    return refusal.value.code


def never():
    raise AssertionError("acted twice")


def test_the_second_is_answered_from_what_was_kept(organization):
    asked = make_asked(organization)

    first = once(asked, adding(organization), moment=NOON)
    second = once(asked, never, moment=NOON)

    assert first == CREATED
    assert second == Answer(201, {**CREATED.headers, "Idempotency-Replayed": "true"}, CREATED.body)
    assert count_seasons(organization) == 1


def test_others_see_the_claim_before_the_act_and_nothing_of_the_act_before_its_answer(organization):
    asked, seen = make_asked(organization), []

    def act():
        add_season(organization)
        seen.append(elsewhere(lambda: count_seasons(organization)))
        seen.append(elsewhere(lambda: once(asked, never, moment=NOON)).code)
        return CREATED

    once(asked, act, moment=NOON)

    assert seen == [0, "idempotency_key_running"]


@pytest.mark.parametrize("status", [300, 400, 404, 406, 409, 422])
def test_a_refusal_is_kept_and_its_effect_undone(organization, status):
    asked, refusal = make_asked(organization), Answer(status, {}, b"no")

    assert once(asked, adding(organization, refusal), moment=NOON) == refusal
    assert once(asked, never, moment=NOON) == refusal.replayed()
    assert count_seasons(organization) == 0


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503, 504])
def test_what_may_go_otherwise_is_undone_and_not_kept(organization, status):
    asked, failure = make_asked(organization), Answer(status, {}, b"")

    assert once(asked, adding(organization, failure), moment=NOON) == failure
    assert count_seasons(organization) == 0
    assert once(asked, adding(organization), moment=NOON) == CREATED


def test_an_act_that_raises_frees_its_key(organization):
    asked = make_asked(organization)

    def act():
        add_season(organization)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        once(asked, act, moment=NOON)

    assert count_seasons(organization) == 0
    assert once(asked, adding(organization), moment=NOON) == CREATED


def test_a_connection_lost_between_the_act_and_its_commit_leaves_nothing(organization):
    asked = make_asked(organization)

    def act():
        add_season(organization)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return CREATED

    with pytest.raises(OperationalError):
        once(asked, act, moment=NOON)
    connection.close()

    assert count_seasons(organization) == 0
    assert once(asked, adding(organization), moment=NOON) == CREATED
    assert count_seasons(organization) == 1


def test_the_claim_of_a_server_that_died_before_its_act_lapses(organization):
    asked = make_asked(organization)
    claims.take(asked, NOON)

    assert refused_code(asked, never) == "idempotency_key_running"
    assert once(asked, adding(organization), moment=LATER) == CREATED
    assert once(asked, never, moment=LATER) == CREATED.replayed()


def test_a_lapsed_claim_still_knows_its_request(organization):
    claims.take(make_asked(organization), NOON)

    assert refused_code(make_asked(organization, body=b"[]"), never, LATER) == "idempotency_key_reused"


def test_who_lost_the_claim_does_not_act(organization):
    """A server that slept between its claim and its act, while another took over."""
    asked = make_asked(organization)
    slow = claims.take(asked, NOON)
    once(asked, adding(organization), moment=LATER)

    with tenant_scope(organization.pk):
        with pytest.raises(KeyRefused):
            claims.hold(slow)
        with pytest.raises(KeyRefused):
            claims.keep(slow, CREATED)
    claims.give_up(slow)

    assert once(asked, never, moment=LATER) == CREATED.replayed()


def test_a_claim_is_not_taken_from_one_who_is_at_work(organization):
    asked, late = make_asked(organization), []

    def slow():
        late.append(elsewhere(lambda: once(asked, never, moment=LATER)).code)
        return CREATED

    once(asked, slow, moment=NOON)

    assert late == ["idempotency_key_running"]


@pytest.mark.parametrize("tries", [1, 2, 3])
def test_a_deadlock_is_tried_again_with_all_that_came_before_it(organization, tries):
    asked, told = make_asked(organization), []

    def act():
        add_season(organization)
        told.append("tried")
        if len(told) < tries:
            raise psycopg.errors.DeadlockDetected("chosen by the test")
        return CREATED

    assert once(asked, act, moment=NOON) == CREATED
    assert len(told) == tries
    assert count_seasons(organization) == 1


def test_a_door_that_answers_a_deadlock_is_asked_again(organization):
    asked, told = make_asked(organization), []

    def act():
        told.append("tried")
        return Answer(503, {"Retry-After": "1"}, b"")

    assert once(asked, act, moment=NOON).status == 503
    assert len(told) == ATTEMPTS
    assert once(asked, adding(organization), moment=NOON) == CREATED


def test_who_lost_the_claim_does_not_free_it(organization):
    asked = make_asked(organization)
    slow, quick = claims.take(asked, NOON), claims.take(asked, LATER)

    claims.give_up(slow)
    assert refused_code(asked, never, LATER) == "idempotency_key_running"

    with tenant_scope(organization.pk):
        claims.keep(quick, CREATED)
    claims.give_up(quick)
    assert once(asked, never, moment=LATER) == CREATED.replayed()


def test_clearing_away_waits_for_nobody(organization):
    """An expired key that somebody is at work with stays, and a new key does not wait until they are done."""
    old = claims.take(make_asked(organization, "old"), NOON)

    def another():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        return once(make_asked(organization, "new"), lambda: CREATED, moment=NOON + KEPT)

    with tenant_scope(organization.pk):
        claims.hold(old)
        new = elsewhere(another)
        claims.keep(old, CREATED)

    assert new == CREATED
