"""Where a person is logged in, and how that ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingoffice.accounts import sessions
from bookingoffice.accounts.devices import device_in_words
from bookingoffice.accounts.models import Member, StaffSession
from bookingoffice.audit.models import AuditEntry
from tests.bookingoffice.accounts.desks import PASSWORD, make_desk, make_user

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1"
)


def logged_in(user, agent=FIREFOX, address="198.51.100.7"):
    browser = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    browser.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    return browser


def is_in(browser):
    return browser.get("/admin/").status_code == 200


def deeds(desk):
    with desk.scope():
        return list(
            AuditEntry.objects.filter(table_name="members", action__contains="_").values_list("action", "row_label")
        )


def test_a_person_sees_every_log_in_and_which_is_this():
    desk = make_desk()
    here, phone = logged_in(desk.user), logged_in(desk.user, PHONE, "203.0.113.9")

    page = here.get("/admin/account/")

    told = [(words, session.address, this) for session, words, this in page.context["sessions"]]
    assert sorted(told) == [
        ("Firefox on Linux", "198.51.100.7", True),
        ("Safari on iPhone", "203.0.113.9", False),
    ]
    assert is_in(phone)


def test_one_is_ended_and_the_others_stay():
    desk = make_desk()
    here, phone = logged_in(desk.user), logged_in(desk.user, PHONE)
    [ending] = [session for session, _, this in here.get("/admin/account/").context["sessions"] if not this]

    here.post(f"/admin/account/sessions/{ending.pk}/end/")

    assert (is_in(here), is_in(phone)) == (True, False)
    assert deeds(desk) == [("session_ended", desk.user.username)]


def test_all_others_are_ended():
    desk = make_desk()
    here, others = logged_in(desk.user), [logged_in(desk.user, PHONE), desk.client]
    desk.get("index")

    here.post("/admin/account/sessions/end/")

    assert [is_in(browser) for browser in (here, *others)] == [True, False, False]
    assert deeds(desk) == [("sessions_ended", desk.user.username)]


def test_nobody_ends_the_session_of_another():
    desk, other = make_desk(), make_desk()
    other.get("index")
    theirs = StaffSession.objects.get(user=other.user)

    desk.client.post(f"/admin/account/sessions/{theirs.pk}/end/")
    desk.client.post("/admin/account/sessions/end/")

    assert is_in(other.client)
    assert desk.client.get(f"/admin/account/sessions/{theirs.pk}/end/").status_code == 405


def test_a_new_password_ends_the_other_log_ins():
    desk = make_desk()
    here, phone = logged_in(desk.user), logged_in(desk.user, PHONE)
    words = {"old_password": PASSWORD, "new_password1": "quiet dunes 27", "new_password2": "quiet dunes 27"}

    wrong = here.post("/admin/password_change/", {**words, "old_password": "x"})
    assert (wrong.status_code, is_in(phone)) == (200, True)
    changed = here.post("/admin/password_change/", words)

    assert changed.status_code == 302
    assert (is_in(here), is_in(phone)) == (True, False)
    assert StaffSession.objects.filter(user=desk.user).count() == 1
    assert deeds(desk) == [("password_changed", desk.user.username)]


def test_an_owner_ends_the_log_ins_of_a_member():
    owner, person = make_desk(), make_user(first_name="Noor")
    member_desk = make_desk("editor", owner.organization, person)
    browser = logged_in(person)
    with owner.scope():
        member = Member.objects.get(user=person)

    asked = owner.get("accounts_member_end_sessions", member.pk).content.decode()
    owner.post("accounts_member_end_sessions", member.pk)

    assert "End all log-ins of Noor?" in asked
    assert not is_in(browser)
    assert deeds(owner) == [("sessions_ended", "Noor")]
    assert "Ended the log-ins of Noor" in owner.get("accounts_member_history", member.pk).content.decode()
    assert member_desk.post("accounts_member_end_sessions", member.pk).status_code in (302, 403)


def test_whoever_leaves_is_logged_out():
    owner, person = make_desk(), make_user()
    make_desk("editor", owner.organization, person)
    browser = logged_in(person)
    with owner.scope():
        member = Member.objects.get(user=person)

    owner.post("accounts_member_delete", member.pk, post="yes")

    assert browser.get("/admin/account/").status_code == 302
    assert not StaffSession.objects.filter(user=person).exists()


def test_logging_out_and_running_out_leave_no_row():
    desk = make_desk()
    browser, forgotten = logged_in(desk.user), logged_in(desk.user)
    browser.post("/admin/logout/")
    assert StaffSession.objects.filter(user=desk.user).count() == 1

    Session.objects.filter(pk=forgotten.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))

    assert sessions.sessions_of(desk.user.pk, timezone.now()) == []


def test_a_page_costs_no_statement_more_for_being_noted():
    desk = make_desk()
    desk.get("index")

    with CaptureQueriesContext(connection) as captured:
        desk.get("index")

    assert not [query for query in captured.captured_queries if "staff_sessions" in query["sql"]]


def test_the_page_asks_as_much_for_many_as_for_two():
    desk = make_desk()
    counts = []
    for more in (1, 6):
        for _ in range(more):
            logged_in(desk.user)
        desk.client.get("/admin/account/")
        with CaptureQueriesContext(connection) as captured:
            desk.client.get("/admin/account/")
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_a_session_that_ends_in_the_same_moment_is_no_error():
    desk = make_desk()
    desk.get("index")
    request = desk.get("index").wsgi_request
    sessions.end_sessions(desk.user.pk)
    sessions._noted.clear()

    sessions.note_seen(request, timezone.now())

    assert not StaffSession.objects.filter(user=desk.user).exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Version/17.0 Safari/605.1.15", "Safari on macOS"),
        ("curl/8.5", "A program"),
        ("", "A program"),
    ],
)
def test_a_browser_is_told_in_words(agent, words):
    assert device_in_words(agent) == words
