"""Members, keys and the organization itself through the staff's door."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User

from bookingoffice.accounts.models import ApiKey, Member, digest_of
from bookingoffice.audit.models import AuditEntry
from tests import builders
from tests.bookingoffice.accounts.desks import errors_of, make_desk, make_user

pytestmark = pytest.mark.django_db

MEMBERS, KEYS = "accounts_member", "accounts_apikey"


def role_of(desk, user):
    with desk.scope():
        return Member.objects.get(user=user).role


def test_people_come_in_by_an_invitation_only():
    desk = make_desk()

    assert desk.get(f"{MEMBERS}_add").status_code == 403
    assert desk.post(f"{MEMBERS}_add", username="noor", role="owner").status_code == 403
    assert "Invite a colleague" in desk.get(f"{MEMBERS}_changelist").content.decode()


def test_a_role_is_changed_but_the_last_owner_stays():
    desk = make_desk()
    person = make_user()
    make_desk("viewer", desk.organization, person)
    with desk.scope():
        member, myself = Member.objects.get(user=person), Member.objects.get(user=desk.user)

    desk.post(f"{MEMBERS}_change", member.pk, role="editor")
    refused = desk.post(f"{MEMBERS}_change", myself.pk, role="viewer")
    desk.post(f"{MEMBERS}_delete", myself.pk, post="yes")
    desk.post(f"{MEMBERS}_changelist", action="delete_selected", _selected_action=[str(myself.pk)], post="yes")

    assert role_of(desk, person) == "editor"
    assert errors_of(refused) == {"role": ["An organization keeps at least one owner."]}
    assert role_of(desk, desk.user) == "owner"


def test_a_member_leaves_and_the_account_stays():
    desk, person = make_desk(), make_user()
    make_desk("viewer", desk.organization, person)
    with desk.scope():
        member = Member.objects.get(user=person)

    desk.post(f"{MEMBERS}_delete", member.pk, post="yes")

    with desk.scope():
        assert not Member.objects.filter(user=person).exists()
    assert User.objects.filter(pk=person.pk).exists()


def test_a_key_is_shown_once_and_kept_as_a_digest():
    desk = make_desk()

    made = desk.post(f"{KEYS}_add", label="channel manager", scopes=["read"])

    [token] = re.findall(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})</pre>", made.content.decode())
    assert "no-store" in made["Cache-Control"]
    with desk.scope():
        key = ApiKey.objects.get()
        assert (bytes(key.digest), key.scopes, key.label) == (digest_of(token), ["read"], "channel manager")
        assert AuditEntry.objects.filter(table_name="api_keys").count() == 1
    for page in (f"{KEYS}_changelist", "audit_auditentry_changelist"):
        assert token not in desk.get(page).content.decode()
    shown = desk.get(f"{KEYS}_change", key.pk).content.decode()
    assert token not in shown
    assert digest_of(token).hex() not in shown


def test_a_key_is_revoked_after_a_question_stays_in_the_list_and_cannot_be_changed():
    desk = make_desk()
    token = builders.make_key(desk.organization)
    with desk.scope():
        key = ApiKey.objects.get()

    assert desk.post(f"{KEYS}_change", key.pk, label="other").status_code == 403
    asked = desk.get(f"{KEYS}_revoke", key.pk).content.decode()
    with desk.scope():
        assert ApiKey.objects.get().revoked_at is None
    desk.post(f"{KEYS}_revoke", key.pk)

    assert f"{token[:8]}…?" in asked
    with desk.scope():
        assert ApiKey.objects.get().revoked_at is not None
        assert AuditEntry.objects.latest("id").action == "revoked"
    shown = desk.get(f"{KEYS}_changelist").content.decode()
    assert "Revoked" in shown
    assert f"{token[:8]}…" in shown
    assert desk.get(f"{KEYS}_change", key.pk).context["acts"] == []


def test_what_a_key_may_is_told_in_words():
    desk = make_desk()
    builders.make_key(desk.organization)

    shown = desk.get(f"{KEYS}_changelist").content.decode()

    assert "read everything, make, change and delete rows, redeem, reserve and release coupons" in shown
    assert shown.count("Never") == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expires_at_0": "2020-01-01"}, "expires_at"),
        ({"label": "a\x00"}, "label"),
    ],
)
def test_a_faulty_key_is_told_beside_its_field(values, field):
    desk = make_desk()

    response = desk.post(f"{KEYS}_add", **{"label": "x", "scopes": ["read"], **values})

    assert field in errors_of(response)
    with desk.scope():
        assert not ApiKey.objects.exists()


def test_an_editor_sees_the_organization_and_only_an_owner_changes_it():
    owner = make_desk()
    editor = make_desk("editor", owner.organization)
    values = {"name": "New name", "default_language": "nl", "currency": "USD", "timezone": "Asia/Tokyo"}
    page = "accounts_organization_change"

    assert editor.get(page, owner.organization.pk).status_code == 200
    assert editor.post(page, owner.organization.pk, **values).status_code == 403
    assert owner.post(page, owner.organization.pk, **values).status_code == 302

    with owner.scope():
        owner.organization.refresh_from_db()
    assert (str(owner.organization), owner.organization.currency) == ("New name", "USD")
    assert list(errors_of(owner.post(page, owner.organization.pk, **{**values, "timezone": "Moon/Base"}))) == [
        "timezone"
    ]


def test_an_owner_manages_nobody_elses_people():
    desk, other = make_desk(), make_desk()
    builders.make_key(other.organization)
    with other.scope():
        member, key = Member.objects.get(), ApiKey.objects.get()

    assert desk.get(f"{MEMBERS}_change", member.pk).status_code == 302
    assert desk.get(f"{KEYS}_change", key.pk).status_code == 302
    assert desk.get("accounts_organization_change", other.organization.pk).status_code == 302
    assert desk.post(f"{KEYS}_revoke", key.pk).status_code == 404
    with other.scope():
        assert ApiKey.objects.get().revoked_at is None
