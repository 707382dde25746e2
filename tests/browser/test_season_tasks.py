"""Six tasks of somebody who has never seen the season editor, in an organization that has no seasons yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.bookingoffice.serving.main_job import command, empty_folder
from tests.browser.first_start import Printed, later_start
from tests.browser.rules_of_access import axe_script, grave_violations
from tests.browser.test_first_day import CHROMIUM, FLAGS, IN_CI, log_in, open_list, take_picture, watched
from tests.seasons.builders import events_read

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not IN_CI, reason="no Chromium on this machine; Debian's package is called chromium"
)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def newcomer() -> Iterator[Printed]:
    """Signs in to an organization of their own, without seasons."""
    with empty_folder() as folder, later_start(folder) as told:
        organization = command(folder, "create_organization", "Harbour Rooms").stdout.strip()
        staff = command(folder, "create_staff", "newcomer", "--organization", organization)
        yield Printed(told.admin, told.api, "newcomer", staff.stdout.strip(), told.key, told.curl)


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


def test_a_newcomer_does_the_six_tasks(newcomer: Printed, browser: Any, tmp_path: Path) -> None:
    page = a_page(browser)
    troubles = watched(page)
    log_in(page, newcomer, tmp_path)
    open_list(page, "Seasons")
    page.get_by_role("link", name="Make “Whole year”").wait_for()
    take_picture(page, "seasons-first", tmp_path)
    assert grave_violations(page) == []

    make_winter(page, tmp_path)
    lay_christmas_over_it(page, tmp_path)
    find_the_days_without_a_season(page, tmp_path)
    ask_about_the_leap_day(page, tmp_path)
    add_the_dutch_name(page)
    subscribe_to_the_calendar(page, newcomer, tmp_path)
    assert troubles == []

    without_a_script(page, browser, newcomer)
    on_a_phone_in_the_dark(page, browser, newcomer, tmp_path)


def make_winter(page: Any, tmp_path: Path) -> None:
    """By the keyboard alone, as far as a form goes."""
    page.get_by_role("link", name="Add a season", exact=True).click()
    page.get_by_label("Name").fill("Winter")
    choose(page, 1, "1", "November", "end of February", None)
    page.get_by_text("1 November to end of February, over New Year: 120 nights, 121 in leap years.").wait_for()
    assert page.get_by_label("Last month, row 1").input_value() == "2"
    assert page.locator('select[name="days-0-from-day"] option[value="31"]').is_disabled()
    take_picture(page, "seasons-new", tmp_path)
    assert grave_violations(page) == []
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    page.get_by_text("was added successfully").wait_for()


def lay_christmas_over_it(page: Any, tmp_path: Path) -> None:
    """What a guest on 27 December gets is said before anything is saved."""
    page.get_by_role("link", name="Add a season", exact=True).click()
    page.get_by_label("Name").fill("Christmas")
    choose(page, 1, "20", "December", "6", "January")
    page.locator("#season-checks").get_by_text("Christmas wins there: it has fewer days (18 against 121).").wait_for()
    ask(page, "2027-12-27")
    page.locator("#season-try").get_by_text("27 Dec 2027: Christmas applies. It lies over Winter and wins").wait_for()
    page.locator("#season-picture").scroll_into_view_if_needed()
    take_picture(page, "seasons-picture", tmp_path)
    assert page.locator("#season-picture td.filled").count() == 18
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()


def find_the_days_without_a_season(page: Any, tmp_path: Path) -> None:
    page.get_by_role("link", name="The year in one picture: gaps and overlaps").click()
    page.get_by_label("Year").select_option("2027")
    page.get_by_role("button", name="Draw").click()
    page.get_by_text("245 nights without a season: 1 Mar to 31 Oct 2027").wait_for()
    take_picture(page, "seasons-year", tmp_path)
    assert grave_violations(page) == []


def ask_about_the_leap_day(page: Any, tmp_path: Path) -> None:
    """Of Winter as it is, and as it would be if it ended on the 28th."""
    open_list(page, "Seasons")
    page.locator("#season-list").get_by_role("link", name="Winter").wait_for()
    take_picture(page, "seasons-list", tmp_path)
    assert grave_violations(page) == []
    page.locator("#season-list").get_by_role("link", name="Winter").click()
    ask(page, "2028-02-29")
    page.locator("#season-try").get_by_text("29 Feb 2028: Winter applies.").wait_for()
    page.get_by_label("Last day, row 1").select_option("28")
    page.locator("#season-try").get_by_text("29 Feb 2028: no season applies.").wait_for()
    page.locator("#season-endfeb").get_by_text("On 29 Feb 2028 no season applies.").wait_for()
    page.locator("#season-endfeb").scroll_into_view_if_needed()
    take_picture(page, "seasons-end-of-february", tmp_path)
    with page.expect_navigation(wait_until="load"):
        page.locator("#season-endfeb").get_by_role("button", name="Use end of February").click()
    assert page.get_by_label("Last day, row 1").input_value() == "end"
    page.locator("#season-reading").get_by_text("end of February, over New Year").wait_for()


def add_the_dutch_name(page: Any) -> None:
    page.locator("#season-name summary").click()
    page.get_by_label("Language").first.fill("nl")
    page.get_by_label("Text", exact=True).first.fill("Koude tijd")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_text("was changed successfully").wait_for()
    assert page.get_by_label("Text", exact=True).first.input_value() == "Koude tijd"
    assert grave_violations(page) == []


def subscribe_to_the_calendar(page: Any, newcomer: Printed, tmp_path: Path) -> None:
    page.get_by_role("button", name="Make the address").click()
    address = page.locator("#season-feed-address").inner_text()
    page.locator("#season-feed").scroll_into_view_if_needed()
    take_picture(page, "seasons-feed", tmp_path)
    with urlopen(f"{address}?lang=nl", timeout=15) as answer:
        names = {str(event["SUMMARY"]) for event in events_read(answer.read())}
    assert names == {"Koude tijd", "Christmas"}


def without_a_script(page: Any, browser: Any, newcomer: Printed) -> None:
    """Rows to spare, and answers after a press of a button."""
    plain = a_page(browser, java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto(f"{newcomer.admin}seasons/season/add/")
    plain.get_by_label("Name").fill("Summer")
    assert plain.locator("#season-dates .season-row").count() == 3
    choose(plain, 1, "1", "June", "31", "August")
    ask(plain, "2027-07-01")
    plain.locator("#season-try").get_by_text("1 Jul 2027: Summer applies.").wait_for()
    plain.get_by_text("1 June to 31 August: 92 nights.").wait_for()
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.get_by_text("was added successfully").wait_for()
    plain.context.close()


def on_a_phone_in_the_dark(page: Any, browser: Any, newcomer: Printed, tmp_path: Path) -> None:
    state = page.context.storage_state()
    phone = a_page(browser, viewport=PHONE, color_scheme="dark", storage_state=state)
    for name, address in (("list", ""), ("new", "add/?from=61&to=152"), ("year", "year/?year=2028")):
        phone.goto(f"{newcomer.admin}seasons/season/{address}")
        take_picture(phone, f"seasons-phone-{name}", tmp_path)
        assert grave_violations(phone) == []
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.context.close()


def choose(page: Any, row: int, first: str, first_month: str, last: str, last_month: str | None) -> None:
    wanted = {"First day": first, "First month": first_month, "Last day": last, "Last month": last_month}
    for label, text in wanted.items():
        place = page.get_by_label(f"{label}, row {row}")
        if text:
            option = place.locator("option").filter(has_text=re.compile(rf"^{text}( \(.*)?$")).first
            place.select_option(value=option.get_attribute("value"))


def ask(page: Any, first: str, last: str = "") -> None:
    page.get_by_label("Date or arrival").fill(first)
    page.get_by_label("Departure").fill(last)
    page.get_by_role("button", name="Ask").click()


def a_page(browser: Any, **options: Any) -> Any:
    axe_script()
    page = browser.new_context(**{"viewport": DESK, "color_scheme": "light", **options}).new_page()
    page.set_default_timeout(15_000)
    return page
