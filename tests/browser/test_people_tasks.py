"""What an owner does about people and keys, and what the people see of it; each task leaves a picture."""

from __future__ import annotations

import re
from base64 import b32decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django_otp.oath import totp

from tests.bookingoffice.serving.main_job import empty_folder
from tests.browser.first_start import Printed, later_start
from tests.browser.rules_of_access import grave_violations
from tests.browser.test_first_day import CHROMIUM, FLAGS, IN_CI, open_list, take_picture, watched
from tests.browser.test_season_tasks import PHONE, a_page

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not IN_CI, reason="no Chromium on this machine; Debian's package is called chromium"
)
NOOR = {
    "User name": "noor",
    "Your name": "Noor de Wit",
    "Password": "quiet dunes 27",
    "Password again": "quiet dunes 27",
}
LISTS = ("Coupons", "Uses", "Seasons", "Bookings", "Products", "Services", "Plans")


@pytest.fixture(scope="module")
def office() -> Iterator[Printed]:
    with empty_folder() as folder, later_start(folder) as told:
        yield told


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not IN_CI:
        pytest.importorskip("playwright", reason="playwright is in requirements/browser.txt")
    from playwright.sync_api import sync_playwright  # only where there is a browser to drive

    assert CHROMIUM, "there is no Chromium, and CI does not go without"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def test_an_owner_looks_after_people_and_keys(office: Printed, browser: Any, tmp_path: Path) -> None:
    page = a_page(browser)
    troubles = watched(page)
    enter(page, office, office.username, office.password)

    link = invite_a_colleague(page, tmp_path)
    colleague = join_on_a_phone_without_a_script(browser, link, tmp_path)
    see_that_nothing_can_be_changed(colleague, office, tmp_path)
    make_and_revoke_a_key(page, tmp_path)
    end_the_log_in_of_the_phone(browser, office, colleague, tmp_path)
    assert troubles == []

    turn_on_two_factor_and_log_in_with_it(browser, office, tmp_path)
    be_locked_out(browser, office, tmp_path)
    people_on_a_phone_in_the_dark(page, browser, office, tmp_path)


def invite_a_colleague(page: Any, tmp_path: Path) -> str:
    open_list(page, "Members")
    pictured(page, "people-members", tmp_path)
    page.get_by_role("link", name="Invite a colleague").click()
    page.get_by_label("E-mail").fill("noor@example.com")
    page.get_by_label("Role").select_option("viewer")
    assert grave_violations(page) == []
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    link: str = page.locator("#link").inner_text()
    pictured(page, "people-invitation-link", tmp_path)
    page.get_by_role("link", name="I have copied it").click()
    pictured(page, "people-invitations", tmp_path)
    return link


def join_on_a_phone_without_a_script(browser: Any, link: str, tmp_path: Path) -> Any:
    page = a_page(browser, viewport=PHONE, java_script_enabled=False)
    page.goto(link)
    for label, text in NOOR.items():
        page.get_by_label(label, exact=False).and_(page.locator(f'[name="{FIELDS[label]}"]')).fill(text)
    take_picture(page, "people-join", tmp_path)
    page.get_by_role("button", name="Set the password and join").press("Enter")
    page.get_by_text("Welcome to").wait_for()
    page.context.close()

    again = a_page(browser)
    again.goto(link)
    again.get_by_text("This invitation was accepted already").wait_for()
    assert grave_violations(again) == []
    return again


FIELDS = {"User name": "username", "Your name": "name", "Password": "password", "Password again": "again"}


def see_that_nothing_can_be_changed(page: Any, office: Printed, tmp_path: Path) -> None:
    enter(page, office, "noor", NOOR["Password"])
    for title in LISTS:
        open_list(page, title)
        page.wait_for_load_state()
        assert page.locator('a[href$="/add/"]').count() == 0, title
    open_list(page, "Coupons")
    page.locator('a[href*="/coupons/coupon/"][href*="/change/"]').first.click()
    page.wait_for_url("**/change/**")
    assert page.get_by_role("button", name="Save", exact=True).count() == 0
    page.wait_for_load_state()
    take_picture(page, "people-read-only", tmp_path)
    for title in ("Members", "Invitations", "API keys"):
        assert page.locator("#nav-sidebar-apps a").filter(has_text=title).count() == 0
    assert page.goto(f"{office.admin}accounts/member/").status == 403


def make_and_revoke_a_key(page: Any, tmp_path: Path) -> None:
    open_list(page, "API keys")
    page.get_by_title("Add API key").click()
    page.get_by_label("Name").fill("Channel manager")
    assert grave_violations(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("It is shown this once").wait_for()
    pictured(page, "people-key-made", tmp_path)
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("status").filter(has_text=re.compile("Copied|Selected")).wait_for()
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("link", name="Channel manager").click()
    page.get_by_role("link", name="Revoke").click()
    page.get_by_text("This cannot be taken back").wait_for()
    assert grave_violations(page) == []
    page.get_by_role("button", name="Revoke").press("Enter")
    page.get_by_text("is revoked and opens nothing any more").wait_for()
    open_list(page, "API keys")
    page.locator("tr").filter(has_text="Channel manager").filter(
        has_text=re.compile("revoked", re.IGNORECASE)
    ).wait_for()
    pictured(page, "people-keys", tmp_path)


def end_the_log_in_of_the_phone(browser: Any, office: Printed, page: Any, tmp_path: Path) -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
    phone = a_page(browser, viewport=PHONE, user_agent=agent)
    enter(phone, office, "noor", NOOR["Password"])
    page.goto(f"{office.admin}account/")
    pictured(page, "people-account", tmp_path)
    page.get_by_role("button", name="End the log-in of Safari on iPhone").click()
    page.get_by_text("That log-in is ended.").wait_for()
    phone.goto(office.admin)
    phone.get_by_role("button", name="Log in").wait_for()
    phone.context.close()
    page.get_by_role("button", name="End all others").click()  # the one that joined without a script
    page.get_by_text(re.compile(r"other log-ins? (is|are) ended\.")).wait_for()
    page.context.close()


def turn_on_two_factor_and_log_in_with_it(browser: Any, office: Printed, tmp_path: Path) -> None:
    page = a_page(browser)
    enter(page, office, "noor", NOOR["Password"])
    page.goto(f"{office.admin}account/")
    page.get_by_role("link", name="Set up").click()
    pictured(page, "people-two-factor", tmp_path)
    key = b32decode(page.locator("#two-factor-key").inner_text().replace(" ", ""))
    page.get_by_label("Code").fill(f"{totp(key):06d}")
    page.keyboard.press("Enter")
    page.get_by_text("they are shown this once").wait_for()
    pictured(page, "people-recovery-codes", tmp_path)
    code = page.locator("#recovery-codes").inner_text().split()[0]
    page.context.close()

    later = a_page(browser)
    fill_in(later, office, "noor", NOOR["Password"])
    later.get_by_role("heading", name="One more step").wait_for()
    pictured(later, "people-second-factor", tmp_path)
    later.get_by_label("Code", exact=False).first.fill(f"{totp(key, drift=1):06d}")  # the next: a code opens once
    later.keyboard.press("Enter")
    later.locator("#nav-sidebar-apps").wait_for()
    later.context.close()

    lost = a_page(browser)
    fill_in(lost, office, "noor", NOOR["Password"])
    lost.get_by_text("The phone is not at hand").click()
    lost.get_by_label("Recovery code").fill(code)
    lost.keyboard.press("Enter")
    lost.locator("#nav-sidebar-apps").wait_for()
    lost.goto(f"{office.admin}account/")
    lost.get_by_text("9 recovery codes are left").wait_for()
    assert grave_violations(lost) == []
    lost.context.close()


def be_locked_out(browser: Any, office: Printed, tmp_path: Path) -> None:
    page = a_page(browser)
    for _ in range(5):
        fill_in(page, office, "noor", "not the password")
        page.locator(".errornote").first.wait_for()
    page.get_by_text(re.compile(r"You can try again in 15 minutes\.")).wait_for()
    pictured(page, "people-locked-out", tmp_path)
    page.context.close()


def people_on_a_phone_in_the_dark(page: Any, browser: Any, office: Printed, tmp_path: Path) -> None:
    phone = a_page(browser, viewport=PHONE, color_scheme="dark", storage_state=page.context.storage_state())
    for address in ("account/", "account/two-factor/", "accounts/member/", "accounts/invitation/", "accounts/apikey/"):
        phone.goto(f"{office.admin}{address}")
        phone.wait_for_load_state()
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        assert grave_violations(phone) == [], address
    take_picture(phone, "people-phone-keys", tmp_path)
    phone.context.close()


def enter(page: Any, office: Printed, username: str, password: str) -> None:
    fill_in(page, office, username, password)
    page.locator("#nav-sidebar-apps").wait_for(state="attached")


def fill_in(page: Any, office: Printed, username: str, password: str) -> None:
    page.goto(f"{office.admin}login/?next=/admin/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def pictured(page: Any, name: str, tmp_path: Path) -> None:
    page.wait_for_load_state()
    take_picture(page, name, tmp_path)
    assert grave_violations(page) == [], name
