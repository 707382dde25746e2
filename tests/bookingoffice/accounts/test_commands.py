"""The operator's commands for organizations, staff and keys: what they print, keep and refuse."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from bookingoffice.accounts.models import ApiKey, Member, Organization, digest_of
from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    """What the command printed, without the last line end."""
    printed = io.StringIO()
    call_command(*arguments, stdout=printed, stderr=io.StringIO())
    return printed.getvalue().removesuffix("\n")


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert refused.value.returncode == 1
    return str(refused.value)


@pytest.fixture
def lakeside() -> str:
    return run("create_organization", "Lakeside", "--currency", "CHF", "--timezone", "Europe/Zurich")


def test_an_organization_is_made_and_its_id_printed_alone():
    organization_id = run(
        "create_organization", "Meerzicht", "--currency", "EUR", "--timezone", "Europe/Amsterdam", "--language", "nl"
    )

    with tenant_scope(UUID(organization_id)):
        organization = Organization.objects.get(pk=organization_id)
    assert organization.name == {"default": "Meerzicht"}
    assert (organization.currency, organization.timezone) == ("EUR", "Europe/Amsterdam")
    assert (organization.languages, organization.default_language) == (["nl"], "nl")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--currency", "eur"], "'eur' is not a currency we know; use an upper-case ISO 4217 code."),
        (["--timezone", "Europe/Amsterdm"], "Was Europe/Amsterdam meant?"),
        (["--timezone", "/etc/passwd"], "'/etc/passwd' is not a time zone we know"),
        (["--language", "dutch!"], "'dutch!' is not a language tag"),
        (["--language", "default"], "'default' is not a language tag"),
    ],
)
def test_an_odd_organization_is_refused(arguments, sentence):
    assert sentence in refusal("create_organization", "Meerzicht", *arguments)

    assert run("list_organizations") == ""


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "nul\0"])
def test_an_organization_needs_a_name_of_one_line(name):
    assert refusal("create_organization", name).startswith("A name is one line")


def test_organizations_are_listed_oldest_first(lakeside):
    second = run("create_organization", "Zeezicht")

    lines = run("list_organizations").splitlines()

    assert lines == [f"{lakeside}\tCHF\tEurope/Zurich\tLakeside", f"{second}\tEUR\tUTC\tZeezicht"]


def test_a_key_is_printed_alone_and_kept_as_a_digest(lakeside):
    token = run("create_api_key", lakeside, "--label", "channel manager")

    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", token)
    with tenant_scope(UUID(lakeside)):
        key = ApiKey.objects.get()
        entry = AuditEntry.objects.get(table_name="api_keys")
    assert bytes(key.digest) == digest_of(token)
    assert (key.label, key.scopes, key.expires_at) == ("channel manager", ["read", "write", "write_uses"], None)
    assert (entry.action, entry.row_id, entry.actor_label) == ("created", key.pk, "manage.py create_api_key")
    assert token not in str(entry.changes)


@pytest.mark.parametrize(
    ("typed", "expires_at"),
    [
        ("2090-06-30", datetime(2090, 6, 30, 22, tzinfo=UTC)),
        ("2090-06-30T18:00", datetime(2090, 6, 30, 16, tzinfo=UTC)),
        ("2090-06-30T18:00:00Z", datetime(2090, 6, 30, 18, tzinfo=UTC)),
    ],
)
def test_a_key_expires_where_its_organization_is(lakeside, typed, expires_at):
    run("create_api_key", lakeside, "--expires", typed)

    with tenant_scope(UUID(lakeside)):
        assert ApiKey.objects.get().expires_at == expires_at


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--scopes", "read,fly"], "'fly' is not a scope; choose from read, write, write_uses, unfiltered_writes."),
        (["--scopes", ""], "'' is not a scope"),
        (["--expires", "2001-01-01"], "The key would be expired already."),
        (["--expires", "31-12-2090"], "'31-12-2090' is no date and no instant"),
        (["--expires", "9999-12-31"], "'9999-12-31' is no date and no instant"),
        (["--label", "two\nlines"], "A label is one line of text."),
    ],
)
def test_an_odd_key_is_refused_and_none_is_issued(lakeside, arguments, sentence):
    assert sentence in refusal("create_api_key", lakeside, *arguments)

    with tenant_scope(UUID(lakeside)):
        assert not ApiKey.objects.exists()


def test_a_key_needs_an_organization_that_is_there(lakeside):
    assert "is no organization's id" in refusal("create_api_key", "lakeside")
    assert "is no organization's id" in refusal("create_api_key", "")
    assert "is no organization's id" in refusal("check_ledger", "--organization", "")
    assert "There is no organization" in refusal("create_api_key", str(uuid7()))

    with tenant_scope(UUID(lakeside)):
        Organization.objects.filter(pk=lakeside).update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert "was deleted" in refusal("create_api_key", lakeside)


@pytest.mark.parametrize(
    "name_of", [lambda token, key: token, lambda token, key: str(key.pk), lambda token, key: token[:8]]
)
def test_a_key_is_revoked_by_itself_its_id_or_its_beginning(lakeside, name_of):
    token = run("create_api_key", lakeside, "--label", "old")
    other = run("create_api_key", lakeside)
    with tenant_scope(UUID(lakeside)):
        key = ApiKey.objects.get(label="old")

    outcome = run("revoke_api_key", name_of(token, key))

    assert outcome == f"Revoked: old {token[:8]}… of organization {lakeside}."
    with tenant_scope(UUID(lakeside)):
        assert ApiKey.objects.get(digest=digest_of(token)).revoked_at is not None
        assert ApiKey.objects.get(digest=digest_of(other)).revoked_at is None
        assert AuditEntry.objects.filter(table_name="api_keys", action="revoked").count() == 1


def test_revoking_again_keeps_the_first_moment(lakeside):
    token = run("create_api_key", lakeside)
    run("revoke_api_key", token)
    with tenant_scope(UUID(lakeside)):
        first = ApiKey.objects.get().revoked_at

    outcome = run("revoke_api_key", token)

    assert outcome.startswith("Nothing to do:")
    with tenant_scope(UUID(lakeside)):
        assert ApiKey.objects.get().revoked_at == first
        assert AuditEntry.objects.filter(table_name="api_keys", action="revoked").count() == 1


def test_a_key_can_be_named_on_stdin(lakeside, monkeypatch):
    token = run("create_api_key", lakeside)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{token}\n"))

    assert run("revoke_api_key", "-").startswith("Revoked:")


@pytest.mark.parametrize("typed", ["", "deadbeef", "deadbee", "7f0c9a52-1111-4222-8333-444455556666"])
def test_an_unknown_key_is_refused(lakeside, typed):
    run("create_api_key", lakeside)

    assert refusal("revoke_api_key", typed).startswith("No API key has")


@pytest.mark.parametrize(
    "command", [["revoke_api_key", "\udcff"], ["create_staff", "Jos\udce9"], ["reset_two_factor", "Jos\udce9"]]
)
def test_a_word_in_another_encoding_is_refused_in_words(lakeside, command):
    assert "no UTF-8" in refusal(*command)


def test_two_keys_that_begin_alike_must_be_told_apart(lakeside):
    tokens = [run("create_api_key", lakeside) for _ in range(2)]
    with tenant_scope(UUID(lakeside)):
        ApiKey.objects.update(prefix="cafe0000")

    assert refusal("revoke_api_key", "cafe0000").startswith("2 API keys begin like this")

    with tenant_scope(UUID(lakeside)):
        assert not ApiKey.objects.filter(revoked_at__isnull=False).exists()
    assert run("revoke_api_key", tokens[0]).startswith("Revoked:")


def test_a_person_gets_a_login_and_a_printed_password(lakeside):
    password = run("create_staff", "anna", "--role", "owner")

    user = authenticate(username="anna", password=password)
    assert user is not None
    assert (user.is_staff, user.is_superuser) == (True, False)
    with tenant_scope(UUID(lakeside)):
        assert list(Member.objects.values_list("user_id", "role")) == [(user.pk, "owner")]


def test_a_password_may_come_from_stdin_and_is_not_repeated(lakeside, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))

    assert run("create_staff", "anna", "--password-stdin") == ""

    assert authenticate(username="anna", password="correct horse battery")


def test_a_weak_password_or_odd_name_leaves_no_login(lakeside, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))

    assert "too short" in refusal("create_staff", "anna", "--password-stdin")
    assert "valid username" in refusal("create_staff", "anna smith")

    assert not User.objects.exists()


def test_somebody_who_can_log_in_keeps_the_password_and_changes_role(lakeside):
    password = run("create_staff", "anna", "--role", "viewer")

    assert run("create_staff", "anna", "--role", "owner") == ""

    assert authenticate(username="anna", password=password)
    with tenant_scope(UUID(lakeside)):
        assert list(Member.objects.values_list("role", flat=True)) == ["owner"]
        changes = AuditEntry.objects.order_by("id").values_list("actor_label", "changes__role")
        assert list(changes) == [
            ("manage.py create_staff", [None, "viewer"]),
            ("manage.py create_staff", ["viewer", "owner"]),
        ]


def test_the_last_owner_stays_one(lakeside):
    run("create_staff", "anna", "--role", "owner")

    assert "keeps at least one owner" in refusal("create_staff", "anna", "--role", "viewer")

    with tenant_scope(UUID(lakeside)):
        assert list(Member.objects.values_list("role", flat=True)) == ["owner"]
    run("create_staff", "ben", "--role", "owner")
    run("create_staff", "anna", "--role", "viewer")


def test_a_user_name_is_kept_as_the_log_in_page_reads_it(lakeside):
    run("create_staff", "ａｎｎａ")

    assert list(User.objects.values_list("username", flat=True)) == ["anna"]


def test_one_of_several_organizations_must_be_named(lakeside):
    second = run("create_organization", "Zeezicht")

    assert refusal("create_staff", "anna").startswith("There are 2 organizations; name one with --organization")

    assert not User.objects.exists()
    assert run("create_staff", "anna", "--organization", second)


def test_nothing_can_be_joined_before_an_organization_exists():
    assert refusal("create_staff", "anna").startswith("There is no organization yet.")


def test_commands_leave_no_organization_set_behind(lakeside):
    run("create_api_key", lakeside)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('bookingoffice.organization_id', true)")
        assert not cursor.fetchone()[0]
