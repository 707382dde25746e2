"""The start of a day: what needs somebody, and who changed a coupon, in the demo's organization."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bookingoffice.serving.main_job import command, empty_folder
from tests.browser.first_start import Printed, later_start
from tests.browser.rules_of_access import grave_violations
from tests.browser.test_first_day import CHROMIUM, IN_CI, log_in, open_list, take_picture, watched
from tests.browser.test_season_tasks import PHONE, a_page, browser

__all__ = ["browser"]  # a fixture

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not IN_CI, reason="no Chromium on this machine; Debian's package is called chromium"
)


@pytest.fixture(scope="module")
def office() -> Iterator[Printed]:
    """With a second organization, where the same person works too."""
    with empty_folder() as folder, later_start(folder) as told:
        done = command(folder, "create_organization", "Harbour lofts", "--currency", "EUR")
        assert done.returncode == 0, done.stderr
        joined = command(folder, "create_staff", told.username, "--organization", done.stdout.strip())
        assert joined.returncode == 0, joined.stderr
        yield told


def test_a_day_begins(office: Printed, browser: Any, tmp_path: Path) -> None:
    page = a_page(browser)
    troubles = watched(page)
    log_in(page, office, tmp_path)

    follow_what_needs_somebody(page, office, tmp_path)
    find_who_changed_a_coupon(page, office, tmp_path)
    switch_to_the_other_organization_and_back(page, office, tmp_path)
    assert troubles == []

    on_a_phone_in_the_dark(page, browser, office, tmp_path)


def follow_what_needs_somebody(page: Any, office: Printed, tmp_path: Path) -> None:
    page.goto(office.admin)
    take_picture(page, "home", tmp_path)
    assert grave_violations(page) == []
    needs = page.locator(".home-need").filter(has=page.locator("li"))
    found = [
        (need.locator("h3 a").get_attribute("href"), need.locator("li a").all_inner_texts()) for need in needs.all()
    ]
    assert found
    for address, codes in found:
        page.goto(f"{office.admin.removesuffix('/admin/')}{address}")
        for code in codes:
            page.locator("#result_list").get_by_role("link", name=code).first.wait_for()


def switch_to_the_other_organization_and_back(page: Any, office: Printed, tmp_path: Path) -> None:
    """By the keyboard. Nothing of the first is seen in the second."""
    page.goto(office.admin)
    own = page.get_by_label("Organization", exact=True)
    first = own.locator("option:checked").inner_text()
    own.focus()
    own.select_option(label="Harbour lofts")
    page.get_by_role("button", name="Go", exact=True).press("Enter")
    page.get_by_text("There are no seasons yet.").wait_for()
    take_picture(page, "switch-organization", tmp_path)
    assert grave_violations(page) == []
    open_list(page, "Coupons")
    assert page.locator("#result_list").count() == 0
    page.get_by_label("Organization", exact=True).select_option(label=first)
    page.get_by_role("button", name="Go", exact=True).click()
    page.locator(".home-need li").first.wait_for()


def find_who_changed_a_coupon(page: Any, office: Printed, tmp_path: Path) -> None:
    """Somebody raised a quota: the coupon's own page tells it, and so does the list of all changes, by any spelling of the code."""
    page.goto(f"{office.admin}coupons/coupon/?q=lake15")
    page.locator("#result_list").get_by_role("link", name="LAKE15").first.click()
    page.locator("#id_description").fill("For regulars")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was changed successfully").wait_for()

    page.locator("#result_list").get_by_role("link", name="LAKE15").first.click()
    changes = page.locator("section").filter(has=page.locator("#last-changes-title"))
    changes.get_by_text("For regulars").first.wait_for()
    changes.scroll_into_view_if_needed()
    take_picture(page, "history-coupon", tmp_path)

    open_list(page, "Changes")
    page.locator("#searchbar").fill("lake 15")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=lake*")
    page.locator("#result_list").get_by_text(re.compile("For regulars")).first.wait_for()
    take_picture(page, "history-changes", tmp_path)
    assert grave_violations(page) == []


def on_a_phone_in_the_dark(page: Any, browser: Any, office: Printed, tmp_path: Path) -> None:
    phone = a_page(browser, viewport=PHONE, color_scheme="dark", storage_state=page.context.storage_state())
    phone.goto(office.admin)
    take_picture(phone, "home-on-phone", tmp_path)
    assert grave_violations(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.context.close()
