"""An owner invites, a person follows the link once, and joins as what the invitation says."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from bookingoffice.accounts import inviting
from bookingoffice.accounts.models import Invitation, Member, digest_of
from bookingoffice.audit.models import AuditEntry
from bookingoffice.errors import RuleViolation
from bookingoffice.mail import MailServer
from tests.bookingoffice.accounts.desks import PASSWORD, errors_of, make_desk, make_user

pytestmark = pytest.mark.django_db

PAGE = "accounts_invitation"
ANSWERS = {"name": "Noor de Wit", "username": "noor", "password": "quiet dunes 27", "again": "quiet dunes 27"}


def invited(desk, email="noor@example.com", role="viewer", moment=None):
    with desk.scope():
        return inviting.invite(
            desk.organization.pk, email=email, role=role, actor=desk.act["actor"], moment=moment or timezone.now()
        )


def role_of(desk, user):
    with desk.scope():
        return Member.objects.filter(user=user).values_list("role", flat=True).first()


def link_in(response):
    [link] = re.findall(r'<pre id="link"[^>]*>http://testserver(/[^<]+)</pre>', response.content.decode())
    return link


def deeds(desk):
    with desk.scope():
        entries = AuditEntry.objects.filter(table_name="invitations").order_by("id")
        return list(entries.values_list("action", "actor_label", "row_label"))


def test_a_person_without_an_account_follows_the_link_and_is_in():
    desk, browser = make_desk(), Client()

    made = desk.post(f"{PAGE}_add", email="noor@example.com", role="viewer")
    link = link_in(made)
    shown = browser.get(link)
    joined = browser.post(link, ANSWERS)

    assert "no-store" in made["Cache-Control"]
    assert "no-store" in shown["Cache-Control"]
    assert shown["Referrer-Policy"] == "same-origin"
    assert (joined.status_code, joined["Location"]) == (302, "/admin/")
    person = User.objects.get(username="noor")
    assert (person.email, person.get_full_name(), person.is_superuser) == ("noor@example.com", "Noor de Wit", False)
    assert role_of(desk, person) == "viewer"
    assert browser.get("/admin/").wsgi_request.organization == desk.organization
    assert Client().login(username="noor", password="quiet dunes 27")
    me = desk.user.get_username()
    assert deeds(desk) == [("created", me, "noor@example.com"), ("accepted", "Noor de Wit", "noor@example.com")]


def test_the_secret_is_kept_nowhere():
    desk = make_desk()

    secret = link_in(desk.post(f"{PAGE}_add", email="noor@example.com", role="viewer")).split("/")[-2]

    with desk.scope():
        [invitation] = Invitation.objects.all()
        assert bytes(invitation.digest) == digest_of(secret)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT string_agg(i::text, '') FROM invitations i WHERE organization_id = %(id)s)"
                " || (SELECT string_agg(a::text, '') FROM audit_entries a WHERE organization_id = %(id)s)",
                {"id": desk.organization.pk},
            )
            assert secret not in cursor.fetchone()[0]
    for page in (f"{PAGE}_changelist", "audit_auditentry_changelist"):
        assert secret not in desk.get(page).content.decode()
    assert secret not in desk.get(f"{PAGE}_change", invitation.pk).content.decode()


def test_somebody_with_an_account_joins_as_they_are():
    desk, elsewhere = make_desk(), make_desk("owner")
    _, secret = invited(desk, role="editor")

    shown = elsewhere.client.get(f"/admin/join/{secret}/").content.decode()
    joined = elsewhere.client.post(f"/admin/join/{secret}/")

    assert f"You are logged in as {elsewhere.user.username}" in shown
    assert "Password" not in shown
    assert joined.status_code == 302
    assert role_of(desk, elsewhere.user) == "editor"
    assert elsewhere.get("index").wsgi_request.organization == desk.organization
    assert Client().login(username=elsewhere.user.username, password=PASSWORD)


def test_a_link_works_once():
    desk = make_desk()
    _, secret = invited(desk)
    Client().post(f"/admin/join/{secret}/", ANSWERS)

    again = Client().post(f"/admin/join/{secret}/", {**ANSWERS, "username": "second"})

    assert again.status_code == 410
    assert "accepted already" in again.content.decode()
    assert not User.objects.filter(username="second").exists()


@pytest.mark.parametrize("days", [7, 8])
def test_a_link_expires_after_seven_days(days):
    desk = make_desk()
    _, secret = invited(desk, moment=timezone.now() - timedelta(days=days))

    late = Client().post(f"/admin/join/{secret}/", ANSWERS)

    assert late.status_code == 410
    assert "has expired" in late.content.decode()
    assert not User.objects.filter(username="noor").exists()
    assert invited(desk)[0].email == "noor@example.com"


def test_a_revoked_invitation_lets_nobody_in_and_stays_in_the_list():
    desk = make_desk()
    invitation, secret = invited(desk)

    asked = desk.get(f"{PAGE}_revoke", invitation.pk).content.decode()
    revoked = desk.post(f"{PAGE}_revoke", invitation.pk)

    assert "Revoke the invitation of noor@example.com?" in asked
    assert revoked.status_code == 302
    assert Client().post(f"/admin/join/{secret}/", ANSWERS).status_code == 410
    assert "Revoked" in desk.get(f"{PAGE}_changelist").content.decode()
    assert [action for action, *_ in deeds(desk)] == ["created", "revoked"]
    assert desk.post(f"{PAGE}_revoke", invitation.pk).status_code == 302
    assert [action for action, *_ in deeds(desk)] == ["created", "revoked"]


def test_sent_again_the_old_link_is_dead_and_the_new_one_lives_longer():
    desk = make_desk()
    invitation, old = invited(desk, moment=timezone.now() - timedelta(days=8))

    link = link_in(desk.post(f"{PAGE}_send_again", invitation.pk))

    assert Client().post(f"/admin/join/{old}/", ANSWERS).status_code == 404
    assert Client().post(link, ANSWERS).status_code == 302
    assert [action for action, *_ in deeds(desk)] == ["created", "renewed", "accepted"]


def test_an_address_is_invited_once_at_a_time_and_no_member_is():
    desk = make_desk()
    invited(desk)
    make_desk("viewer", desk.organization, make_user(email="mia@example.com"))

    twice = desk.post(f"{PAGE}_add", email="NOOR@example.com", role="owner")
    member = desk.post(f"{PAGE}_add", email="Mia@example.com", role="owner")

    assert "has an open invitation" in errors_of(twice)["email"][0]
    assert "works here already" in errors_of(member)["email"][0]


def test_a_member_who_follows_a_link_keeps_the_role_and_leaves_it_open():
    desk = make_desk("owner")
    invitation, secret = invited(desk, role="viewer")

    refused = desk.client.post(f"/admin/join/{secret}/")

    assert refused.status_code == 409
    assert role_of(desk, desk.user) == "owner"
    with desk.scope():
        assert Invitation.objects.get(pk=invitation.pk).state_at(timezone.now()) == "open"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "no spaces"}, "username"),
        ({"username": "a\x00b"}, "username"),
        ({"username": "TAKEN"}, "username"),
        ({"name": ""}, "name"),
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "noor1234567", "again": "noor1234567", "username": "noor123456"}, "password"),
        ({"again": "another one 99"}, "again"),
    ],
)
def test_a_faulty_answer_is_told_beside_its_field_and_leaves_the_link_open(values, field):
    desk = make_desk()
    make_user(username="taken")
    invitation, secret = invited(desk)

    response = Client().post(f"/admin/join/{secret}/", {**ANSWERS, **values})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    with desk.scope():
        assert Invitation.objects.get(pk=invitation.pk).accepted_at is None
        assert Member.objects.count() == 1


@pytest.mark.parametrize("secret", ["nothing", "a" * 2000, "%00", "%2e%2e"])
def test_a_made_up_link_is_answered_kindly(secret):
    response = Client().get(f"/admin/join/{secret}/")

    assert response.status_code == 404
    assert "leads to no invitation" in response.content.decode()


def test_reading_a_link_changes_nothing():
    desk = make_desk()
    invitation, secret = invited(desk)

    Client().get(f"/admin/join/{secret}/")
    Client().head(f"/admin/join/{secret}/")
    desk.client.get(f"/admin/join/{secret}/")

    with desk.scope():
        assert Invitation.objects.get(pk=invitation.pk).accepted_at is None


def test_two_invitations_never_share_a_digest_even_of_two_organizations():
    first, second = make_desk(), make_desk()
    invitation, _ = invited(first)

    with pytest.raises(IntegrityError, match="invitations_digest_key"), transaction.atomic(), second.scope():
        Invitation.objects.create(
            organization=second.organization,
            email="x@example.com",
            digest=invitation.digest,
            expires_at=timezone.now(),
        )


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_an_owner_invites(role):
    owner = make_desk()
    desk = make_desk(role, owner.organization)
    invitation, secret = invited(owner)

    assert desk.get(f"{PAGE}_changelist").status_code == 403
    assert desk.post(f"{PAGE}_add", email="x@example.com", role="owner").status_code == 403
    assert desk.post(f"{PAGE}_revoke", invitation.pk).status_code == 403
    assert desk.post(f"{PAGE}_send_again", invitation.pk).status_code == 403
    assert Client().get(f"/admin/join/{secret}/").status_code == 200


def test_an_owner_does_nothing_to_the_invitations_of_another_organization():
    desk, other = make_desk(), make_desk()
    invitation, secret = invited(other)

    assert desk.post(f"{PAGE}_revoke", invitation.pk).status_code == 404
    assert desk.post(f"{PAGE}_send_again", invitation.pk).status_code == 404
    assert Client().get(f"/admin/join/{secret}/").status_code == 200


def test_a_letter_leaves_after_the_transaction_where_there_is_a_mail_server(
    settings, django_capture_on_commit_callbacks
):
    settings.MAIL = MailServer("mail.example.com", 587, "starttls", "", "", "office@example.com")
    desk = make_desk()

    with django_capture_on_commit_callbacks() as callbacks:
        link = link_in(desk.post(f"{PAGE}_add", email="noor@example.com", role="viewer"))
    before = len(mail.outbox)
    for callback in callbacks:
        callback()

    assert before == 0
    [letter] = mail.outbox
    assert letter.to == ["noor@example.com"]
    assert f"http://testserver{link}" in letter.body
    with desk.scope():
        assert Invitation.objects.get().mailed_at is not None


def test_without_a_mail_server_nothing_is_sent(django_capture_on_commit_callbacks):
    desk = make_desk()

    with django_capture_on_commit_callbacks(execute=True):
        made = desk.post(f"{PAGE}_add", email="noor@example.com", role="viewer")

    assert mail.outbox == []
    assert "by e-mail too" not in made.content.decode()


def test_accepting_again_is_refused_by_the_service_and_writes_nothing():
    desk, person = make_desk(), make_user()
    _, secret = invited(desk)
    with desk.scope():
        inviting.accept_invitation(desk.organization.pk, secret, person, moment=timezone.now())
        with pytest.raises(RuleViolation) as refusal:
            inviting.accept_invitation(desk.organization.pk, secret, make_user(), moment=timezone.now())

    assert refusal.value.code == "invitation_not_open"
    with desk.scope():
        assert Member.objects.count() == 2


def test_a_user_name_in_wide_letters_is_the_one_that_logs_in():
    desk = make_desk()
    _, secret = invited(desk)

    joined = Client().post(f"/admin/join/{secret}/", {**ANSWERS, "username": "ｎｏｏｒ"})
    back = Client().post("/admin/login/", {"username": "ｎｏｏｒ", "password": ANSWERS["password"]})

    assert (joined.status_code, back.status_code) == (302, 302)
    assert User.objects.filter(username="noor").exists()
