"""A forgotten password, and who may help with it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bookingoffice.accounts.models import Member, StaffSession
from bookingoffice.audit.models import AuditEntry
from tests.bookingoffice.accounts.desks import PASSWORD, make_desk, make_user

pytestmark = pytest.mark.django_db

NEW = {"password": "quiet dunes 27", "again": "quiet dunes 27"}


def link_for(owner, user):
    with owner.scope():
        member = Member.objects.get(user=user)
    made = owner.post("accounts_member_password_link", member.pk)
    [link] = re.findall(r'<pre id="link"[^>]*>http://testserver(/[^<]+)</pre>', made.content.decode())
    return link


def can_log_in(user, password):
    answer = Client().post("/admin/login/?next=/admin/", {"username": user.username, "password": password})
    return answer.status_code == 302


@pytest.fixture
def owner():
    return make_desk()


@pytest.fixture
def noor(owner):
    return make_desk("editor", owner.organization, make_user(username="noor"))


def test_a_link_sets_a_new_password_once_and_ends_every_log_in(owner, noor, django_capture_on_commit_callbacks):
    noor.get("index")
    link = link_for(owner, noor.user)

    shown = Client().get(link)
    with django_capture_on_commit_callbacks(execute=True):
        done = Client().post(link, NEW)
    again = Client().post(link, {"password": "another one 99", "again": "another one 99"})

    assert ("no-store" in shown["Cache-Control"], shown["Referrer-Policy"]) == (True, "same-origin")
    assert (done.status_code, done["Location"]) == (302, "/admin/login/")
    assert again.status_code == 410
    assert noor.get("index").status_code == 302
    assert (can_log_in(noor.user, PASSWORD), can_log_in(noor.user, "quiet dunes 27")) == (False, True)
    with owner.scope():
        deeds = AuditEntry.objects.filter(action__startswith="password").order_by("id")
        assert list(deeds.values_list("action", "actor_label", "row_label")) == [
            ("password_link_made", owner.user.username, "noor"),
            ("password_changed", "noor", "noor"),
        ]


def test_a_link_is_good_for_a_day(owner, noor):
    link = link_for(owner, noor.user)

    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=2)):
        late = Client().post(link, NEW)

    assert late.status_code == 410
    assert can_log_in(noor.user, PASSWORD)


def test_a_log_in_with_the_old_password_closes_the_link(owner, noor):
    link = link_for(owner, noor.user)
    with time_machine.travel(timezone.now() + timedelta(seconds=2)):
        assert can_log_in(noor.user, PASSWORD)

    assert Client().get(link).status_code == 410


def test_a_new_password_ends_the_wait_of_wrong_ones(owner, noor):
    link = link_for(owner, noor.user)
    for _ in range(5):
        can_log_in(noor.user, "wrong")
    Client().post(link, NEW)

    assert can_log_in(noor.user, "quiet dunes 27")


@pytest.mark.parametrize(
    ("values", "field"),
    [({"password": "short", "again": "short"}, "password"), ({"again": "other"}, "again"), ({"again": ""}, "again")],
)
def test_a_poor_password_is_told_and_leaves_the_link_good(owner, noor, values, field):
    link = link_for(owner, noor.user)

    refused = Client().post(link, {**NEW, **values})

    assert list(refused.context["form"].errors) == [field]
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize("path", ["x/y", "MQ/abc-def", "OTk5OTk5OTk5OTk5OTk5OTk5OTk/a-b", "%00/a", "é/é"])
def test_a_made_up_link_is_answered_kindly(path):
    assert Client().get(f"/admin/password/{path}/").status_code == 410


def test_an_owner_takes_over_nobody_who_works_elsewhere_or_runs_the_office(owner):
    shared, root = make_user(), make_user(is_superuser=True)
    for user in (shared, root):
        make_desk("editor", owner.organization, user)
        make_desk("owner", user=user)
        with owner.scope():
            member = Member.objects.get(user=user)
        refused = owner.client.post(f"/admin/accounts/member/{member.pk}/password_link/", follow=True)
        assert "operator" in refused.content.decode()
        assert 'id="link"' not in refused.content.decode()


def test_a_link_dies_when_the_person_begins_to_work_elsewhere(owner, noor):
    link = link_for(owner, noor.user)
    make_desk("editor", user=noor.user)

    late = Client().post(link, NEW)

    assert late.status_code == 410
    assert can_log_in(noor.user, PASSWORD)


def test_a_link_dies_when_the_person_begins_to_run_the_office(owner, noor):
    link = link_for(owner, noor.user)
    User.objects.filter(pk=noor.user.pk).update(is_superuser=True)

    assert Client().get(link).status_code == 410


def test_whoever_runs_the_office_sets_a_password_and_it_is_told(owner, noor, django_capture_on_commit_callbacks):
    noor.get("index")
    root = make_desk(user=make_user(username="root", is_superuser=True))
    root.get("index")

    with django_capture_on_commit_callbacks(execute=True):
        done = root.post(
            "auth_user_password_change", noor.user.pk, password1="quiet dunes 27", password2="quiet dunes 27"
        )

    assert done.status_code == 302
    assert [seen.user_id for seen in StaffSession.objects.all()] == [root.user.pk]
    assert can_log_in(noor.user, "quiet dunes 27")
    with owner.scope():
        told = AuditEntry.objects.filter(action="password_changed").values_list("actor_label", "row_label")
        assert list(told) == [("root", "noor")]


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_an_owner_makes_links(owner, noor, role):
    desk = make_desk(role, owner.organization)
    with owner.scope():
        member = Member.objects.get(user=noor.user)

    assert desk.post("accounts_member_password_link", member.pk).status_code == 403
    assert make_desk().post("accounts_member_password_link", member.pk).status_code == 404
