"""Guessing passwords: how many tries, how long a wait, and whom it may not hit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.management import call_command
from django.test import Client, RequestFactory

from bookingoffice.accounts.clients import address_of, household_of
from tests.bookingoffice.accounts.desks import PASSWORD, make_desk, make_user

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


def tried(username="mia", password="wrong", address=HERE, browser=None, **headers):
    fields = {"username": username, "password": password}
    return (browser or Client()).post("/admin/login/?next=/admin/", fields, REMOTE_ADDR=address, **headers)


@pytest.fixture
def mia():
    return make_desk(user=make_user(username="mia"))


def test_the_fifth_wrong_password_locks_and_says_how_long(mia):
    with time_machine.travel(NOON, tick=False):
        answers = [tried() for _ in range(5)]
        right = tried(password=PASSWORD)

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "do not go together" in answers[3].content.decode()
    for answer in (answers[4], right):
        assert "You can try again in 15 minutes." in answer.content.decode()
        assert answer["Retry-After"] == "900"
    assert right.status_code == 429


def test_the_wait_ends_and_trying_meanwhile_does_not_lengthen_it(mia):
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            tried()
        clock.shift(timedelta(minutes=14, seconds=30))
        still = tried(password=PASSWORD)
        clock.shift(timedelta(seconds=31))
        then = tried(password=PASSWORD)

    assert "in 1 minute." in still.content.decode()
    assert then.status_code == 302


def test_nobody_is_locked_out_everywhere(mia):
    for _ in range(5):
        tried()

    assert tried(password=PASSWORD).status_code == 429
    assert tried(password=PASSWORD, address=ELSEWHERE).status_code == 302


def test_another_person_at_the_same_address_goes_on(mia):
    make_desk(user=make_user(username="noor"))
    for _ in range(5):
        tried()

    assert tried("noor", PASSWORD).status_code == 302


def test_an_address_that_tries_many_names_waits_too(mia, settings):
    settings.LOG_IN_FAILURES_PER_ADDRESS = 6
    for number in range(6):
        tried(f"guess{number}")

    assert tried(password=PASSWORD).status_code == 429
    assert tried(password=PASSWORD, address=ELSEWHERE).status_code == 302


def test_a_log_in_forgives_its_own_user_name_only(mia, settings):
    settings.LOG_IN_FAILURES_PER_ADDRESS = 6
    for _ in range(4):
        tried()
    tried("somebody"), tried(password=PASSWORD)

    assert list(AccessAttempt.objects.values_list("username", "failures_since_start")) == [("somebody", 1)]


def test_another_browser_is_the_same_person(mia):
    for number in range(5):
        tried(HTTP_USER_AGENT=f"browser {number}")

    assert tried(password=PASSWORD).status_code == 429


@pytest.mark.parametrize("words", [["axes_reset"], ["axes_reset_username", "mia"], ["axes_reset_ip", HERE]])
def test_an_operator_opens_the_door_at_once(mia, words):
    for _ in range(5):
        tried()

    call_command(*words)

    assert tried(password=PASSWORD).status_code == 302


def test_the_word_of_a_proxy_counts_only_where_there_is_one(mia, settings):
    for number in range(5):
        tried(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    assert tried(password=PASSWORD).status_code == 429

    settings.PROXIES = 1
    assert tried(password=PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.99").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "192.0.2.1", "198.51.100.7"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "10.9.9.9, 192.0.2.1", "192.0.2.1"),
        (2, "10.9.9.9, 192.0.2.1, 192.0.2.2", "192.0.2.1"),
        (2, "192.0.2.2", "192.0.2.2"),
        (1, "", "198.51.100.7"),
        (1, "nonsense", None),
        (1, "[2001:db8::5]", "2001:db8::5"),
        (1, "::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_an_address_is_that_of_the_nearest_stranger(settings, proxies, forwarded, address):
    settings.PROXIES = proxies

    assert address_of(RequestFactory().get("/", REMOTE_ADDR=HERE, HTTP_X_FORWARDED_FOR=forwarded)) == address


def test_one_household_counts_as_one():
    request = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2:3:4:5:6")

    assert household_of(request) == "2001:db8:1:2::"


def test_a_password_is_not_kept_with_the_failure(mia):
    tried(password="nearly my password")

    assert "nearly my password" not in str(AccessAttempt.objects.values().get())
