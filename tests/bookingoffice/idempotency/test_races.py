"""One key sent by twenty callers at once: one of them acts. Each race is shown to be one by taking its guard away."""

from __future__ import annotations

import json

import pytest

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.idempotency import claims
from bookingoffice.idempotency.claims import Held
from bookingoffice.idempotency.refusals import KeyRefused
from bookingoffice.records import uuid7
from tests.bookingoffice.idempotency.callers import LATER, at_once, count_seasons, make_asked
from tests.builders import NOON, make_key, make_organization
from tests.contract.bookingmood.conftest import Api

CALLERS = 20
ROUNDS = 20


@pytest.fixture
def organization(committed_db):
    forget_keys()
    return make_organization()


def post_seasons(organization, rounds):
    """The twenty answers of each round."""
    token = make_key(organization)
    for number in range(rounds):

        def post(_, key=f"key {number}"):
            return Api(token)("POST", "/seasons", {"name": {"default": key}}, Idempotency_Key=key)

        yield at_once(CALLERS, post)


def test_one_key_twenty_times_at_once_acts_once(organization):
    for number, answers in enumerate(post_seasons(organization, ROUNDS), start=1):
        assert count_seasons(organization) == number
        acted = [answer for answer in answers if "Idempotency-Replayed" not in answer.headers]
        created = [answer for answer in answers if answer.status_code == 201]
        running = [answer for answer in answers if answer.status_code == 409]
        assert len({answer.content for answer in created}) == 1
        assert len(created) + len(running) == CALLERS
        assert len(acted) == 1 + len(running)
        assert {answer.headers["Retry-After"] for answer in running} <= {"1"}


def test_without_the_claim_they_all_act(organization, monkeypatch):
    monkeypatch.setattr(claims, "take", lambda asked, moment: Held(asked, uuid7()))
    monkeypatch.setattr(claims, "hold", lambda held: None)
    monkeypatch.setattr(claims, "keep", lambda held, answer: None)

    [answers] = post_seasons(organization, 1)

    assert len({json.loads(answer.content)[0]["id"] for answer in answers}) == CALLERS
    assert count_seasons(organization) == CALLERS


def takers(organization, key):
    """How many of twenty took over one lapsed claim."""
    asked = make_asked(organization, key)
    claims.take(asked, NOON)
    results = at_once(CALLERS, lambda _: claims.take(asked, LATER))
    assert all(isinstance(result, (Held, KeyRefused)) for result in results), results
    return sum(isinstance(result, Held) for result in results)


def test_a_lapsed_claim_is_taken_over_by_exactly_one(organization):
    assert [takers(organization, f"key {number}") for number in range(ROUNDS)] == [1] * ROUNDS


def test_without_looking_at_the_locked_row_several_take_it_over(organization, monkeypatch):
    monkeypatch.setattr(claims, "_locked", lambda rows: True)

    assert max(takers(organization, f"key {number}") for number in range(ROUNDS)) > 1
