"""The second factor: set up, asked for, lost, and wanted by an organization."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from bookingoffice.accounts import two_factor
from bookingoffice.accounts.models import Member, Organization
from bookingoffice.audit.models import AuditEntry
from tests.bookingoffice.accounts.desks import PASSWORD, make_desk, make_user

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ASKED, SETUP = "/admin/account/second-factor/", "/admin/account/two-factor/"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def set_up(desk):
    """Through the page, as a person with an app would; answers the app's key and the codes on paper."""
    page = desk.client.get(SETUP).content.decode()
    [shown] = re.findall(r'<code id="two-factor-key"[^>]*>([A-Z2-7 ]+)</code>', page)
    key = b32decode(shown.replace(" ", ""))
    done = desk.client.post(SETUP, {"code": app(key)})
    [codes] = re.findall(r'<pre id="recovery-codes"[^>]*>([^<]+)</pre>', done.content.decode())
    return key, codes.split()


def app(key):
    """What the app shows at this moment."""
    return f"{totp(key):06d}"


def with_password(desk):
    browser = Client()
    browser.post("/admin/login/", {"username": desk.user.username, "password": PASSWORD})
    return browser


def is_in(browser):
    return browser.get("/admin/").status_code == 200


def deeds(desk):
    with desk.scope():
        entries = AuditEntry.objects.filter(action__contains="_").order_by("id")
        return list(entries.values_list("action", "actor_label", "row_label"))


def test_after_the_password_the_code_is_asked_for(clock):
    desk = make_desk()
    key, _ = set_up(desk)
    clock.shift(timedelta(minutes=1))
    browser = with_password(desk)

    asked = browser.get("/admin/coupons/coupon/")
    passed = browser.post(asked["Location"], {"code": app(key), "next": "/admin/coupons/coupon/"})

    assert asked["Location"] == f"{ASKED}?next=%2Fadmin%2Fcoupons%2Fcoupon%2F"
    assert passed["Location"] == "/admin/coupons/coupon/"
    assert is_in(browser)
    assert is_in(desk.client)
    assert deeds(desk) == [("two_factor_on", desk.user.username, desk.user.username)]


@pytest.mark.parametrize("code", ["000000", "", "12345", "abcdef", "²³¹²³¹", "1" * 12, "-1", "٠١٢٣٤٥"])
def test_another_code_opens_nothing(clock, code):
    desk = make_desk()
    set_up(desk)
    clock.shift(timedelta(minutes=1))
    browser = with_password(desk)

    refused = browser.post(ASKED, {"code": code})

    assert refused.status_code == 200
    assert refused.context["form"].errors
    assert not is_in(browser)


def test_a_code_opens_once(clock):
    desk = make_desk()
    key, _ = set_up(desk)
    assert not is_in(after_code(desk, app(key)))
    clock.shift(timedelta(minutes=1))

    assert is_in(after_code(desk, app(key)))
    assert not is_in(after_code(desk, app(key)))


def after_code(desk, code):
    browser = with_password(desk)
    browser.post(ASKED, {"code": code})
    return browser


def test_half_logged_in_is_not_in(clock):
    """No page but those on the way in, and no post of any."""
    desk = make_desk()
    set_up(desk)
    browser = with_password(desk)

    for path in ("", "account/", "account/two-factor/", "account/two-factor/off/", "password_change/", "search/"):
        for answer in (browser.get(f"/admin/{path}"), browser.post(f"/admin/{path}", {"x": "y"})):
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, ASKED), path
    assert browser.post("/admin/organization/", {})["Location"] == ASKED
    assert browser.get("/admin/join/anything/")["Location"].startswith(ASKED)
    assert browser.post("/admin/logout/").status_code == 200


def test_who_belongs_nowhere_is_asked_too(clock):
    desk = make_desk()
    set_up(desk)
    with desk.scope():
        Member.objects.of(desk.organization.pk)._raw_delete("default")

    assert with_password(desk).get("/admin/account/")["Location"].startswith(ASKED)


def test_a_code_on_paper_lets_in_once(clock):
    desk = make_desk()
    _, codes = set_up(desk)
    first, again = with_password(desk), with_password(desk)

    first.post(ASKED, {"recovery_code": codes[0].upper()})
    again.post(ASKED, {"recovery_code": codes[0]})

    assert (is_in(first), is_in(again)) == (True, False)
    assert len(set(codes)) == 10
    assert first.get("/admin/account/").context["codes_left"] == 9


def test_codes_on_paper_are_not_in_the_database(clock):
    _, codes = set_up(make_desk())

    kept = list(StaticToken.objects.values_list("token", flat=True))

    assert len(kept) == 10
    assert not {code.replace("-", "") for code in codes} & set(kept)


def test_wrong_codes_make_wait_longer_and_longer_but_never_for_good(clock):
    desk = make_desk()
    key, _ = set_up(desk)
    browser = with_password(desk)
    for wait in (1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256):
        browser.post(ASKED, {"code": "000000"})
        told = browser.post(ASKED, {"code": app(key)}).context["form"].errors["code"]
        assert f"Try again in {wait} second" in told[0]
        clock.shift(timedelta(seconds=wait + 1))

    assert not is_in(browser)
    browser.post(ASKED, {"code": app(key)})
    assert is_in(browser)


def test_codes_on_paper_still_work_while_the_app_waits(clock):
    desk = make_desk()
    _, codes = set_up(desk)
    browser = with_password(desk)
    browser.post(ASKED, {"code": "000000"})

    browser.post(ASKED, {"recovery_code": codes[3]})

    assert is_in(browser)


def test_a_wrong_first_code_turns_nothing_on(clock):
    desk = make_desk()
    desk.client.get(SETUP)

    refused = desk.client.post(SETUP, {"code": "000000"})

    assert "not the code of the app" in refused.context["form"].errors["code"][0]
    assert not TOTPDevice.objects.exists()
    assert is_in(with_password(desk))


def test_turning_off_and_new_codes_want_a_code_again(clock):
    desk = make_desk()
    key, old = set_up(desk)
    clock.shift(timedelta(minutes=1))

    assert desk.client.post(f"{SETUP}off/", {"code": "000000"}).status_code == 200
    clock.shift(timedelta(minutes=1))
    renewed = desk.client.post(f"{SETUP}codes/", {"code": app(key)}).content.decode()
    clock.shift(timedelta(minutes=1))
    assert not any(code in renewed for code in old)
    assert two_factor.device_of(desk.user.pk)
    off = desk.client.post(f"{SETUP}off/", {"code": app(key)})

    assert off["Location"] == "/admin/account/"
    assert not StaticToken.objects.exists()
    assert is_in(with_password(desk))
    assert [action for action, *_ in deeds(desk)] == ["two_factor_on", "recovery_codes_renewed", "two_factor_off"]


def test_an_organization_that_wants_it_lets_nobody_in_without(clock):
    desk = make_desk()
    colleague = make_desk("viewer", desk.organization)
    with desk.scope():
        Organization.objects.filter(pk=desk.organization.pk).update(two_factor_required=True)

    sent = colleague.get("coupons_coupon_changelist")
    posted = colleague.client.post("/admin/account/sessions/end/")
    key, _ = set_up(colleague)

    assert sent["Location"].startswith(SETUP)
    assert posted["Location"] == SETUP
    assert is_in(colleague.client)
    clock.shift(timedelta(minutes=1))
    assert colleague.client.post(f"{SETUP}off/", {"code": app(key)}).status_code == 403
    assert two_factor.device_of(colleague.user.pk)


def test_only_an_owner_makes_an_organization_want_it():
    owner = make_desk()
    editor = make_desk("editor", owner.organization)
    values = {"name": "N", "default_language": "nl", "currency": "EUR", "timezone": "UTC", "two_factor_required": "on"}
    page = "accounts_organization_change"

    assert editor.post(page, owner.organization.pk, **values).status_code == 403
    assert owner.post(page, owner.organization.pk, **values).status_code == 302

    with owner.scope():
        assert Organization.objects.get(pk=owner.organization.pk).two_factor_required
        [entry] = AuditEntry.objects.filter(table_name="organizations")
        assert entry.changes["two_factor_required"] == [False, True]
    assert owner.get("index")["Location"].startswith(SETUP)


def test_an_owner_resets_it_for_a_colleague(clock):
    owner = make_desk()
    colleague = make_desk("editor", owner.organization)
    set_up(colleague)
    with owner.scope():
        member = Member.objects.get(user=colleague.user)

    assert "Reset two-factor log-in" in owner.get("accounts_member_change", member.pk).content.decode()
    owner.post("accounts_member_reset_two_factor", member.pk)

    assert two_factor.device_of(colleague.user.pk) is None
    assert not is_in(colleague.client)
    assert is_in(with_password(colleague))
    assert ("two_factor_reset", owner.user.username, colleague.user.username) in deeds(owner)


def test_an_owner_resets_nothing_of_who_works_elsewhere_or_runs_the_office(clock):
    owner, shared, root = make_desk(), make_user(), make_user(is_superuser=True)
    for user in (shared, root):
        desk = make_desk("editor", owner.organization, user)
        make_desk("viewer", user=user)
        set_up(desk)
        with owner.scope():
            member = Member.objects.get(user=user)
        refused = owner.client.post(f"/admin/accounts/member/{member.pk}/reset_two_factor/", follow=True)
        assert "operator" in refused.content.decode()
        assert two_factor.device_of(user.pk)


def test_an_operator_resets_it_by_command(clock):
    desk = make_desk()
    set_up(desk)
    said = StringIO()

    call_command("reset_two_factor", desk.user.username, stdout=said)
    call_command("reset_two_factor", desk.user.username, stdout=said)

    assert said.getvalue().splitlines() == [
        f"{desk.user.username}: two-factor log-in is off.",
        f"{desk.user.username}: it was off already.",
    ]
    assert is_in(with_password(desk))
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("reset_two_factor", "nobody")


def test_history_reaches_every_organization_of_the_person(clock, django_capture_on_commit_callbacks):
    first = make_desk()
    second = make_desk("viewer", user=first.user)

    with django_capture_on_commit_callbacks(execute=True):
        set_up(first)

    assert deeds(first) == deeds(second) == [("two_factor_on", first.user.username, first.user.username)]


def test_another_site_is_not_gone_to(clock):
    desk = make_desk()
    key, _ = set_up(desk)
    clock.shift(timedelta(minutes=1))

    passed = with_password(desk).post(ASKED, {"code": app(key), "next": "https://elsewhere.example/"})

    assert passed["Location"] == "/admin/"
