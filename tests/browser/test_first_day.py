"""The first day of a person at the desk: log in, make a coupon, see it over the API, use it there, see the use here."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from bookingoffice.database.server.folder import PROJECT
from tests.bookingoffice.serving.main_job import empty_folder
from tests.browser.first_start import Printed, first_start

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
"""The first of them has no windows to draw, and takes a seventh less time."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
IN_CI = os.environ.get("CI") == "true"
SCREENS = PROJECT / "docs" / "screens"
"""Pictures are taken there where there is none yet, and anew with BOOKINGOFFICE_SCREENS=1."""

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not IN_CI, reason="no Chromium on this machine; Debian's package is called chromium"
)


@pytest.fixture(scope="module")
def office() -> Iterator[Printed]:
    with empty_folder() as folder, first_start(folder) as told:
        yield told


@pytest.fixture
def page() -> Iterator[Any]:
    if not IN_CI:
        pytest.importorskip("playwright", reason="playwright is in requirements/browser.txt")
    from playwright.sync_api import sync_playwright  # only where there is a browser to drive

    assert CHROMIUM, "there is no Chromium, and CI does not go without"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        page.set_default_timeout(15_000)
        yield page
        browser.close()


def test_a_coupon_is_made_used_over_the_api_and_its_use_is_seen(office: Printed, page: Any, tmp_path: Path) -> None:
    troubles = watched(page)

    log_in(page, office, tmp_path)
    make_coupon(page, tmp_path)
    assert row_of(page, "FIRSTDAY15", "15 %", "0 of 40")
    take_picture(page, "coupons", tmp_path)

    coupons = ask(office.curl_address, dict([office.curl_header]))
    assert [coupon["quota"] for coupon in coupons if coupon["code"] == "FIRSTDAY15"] == [40]
    booking = use_over_the_api(office)

    open_list(page, "Uses")
    page.locator("#searchbar").fill("first day 15")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=first*")
    assert row_of(page, "FIRSTDAY15", booking["reference"], "Redeemed")
    take_picture(page, "uses", tmp_path)
    open_list(page, "Coupons")
    assert row_of(page, "FIRSTDAY15", "1 of 40")
    assert troubles == []


def log_in(page: Any, office: Printed, tmp_path: Path) -> None:
    page.goto(office.admin)
    take_picture(page, "log-in", tmp_path)
    page.get_by_label("Username").fill(office.username)
    page.get_by_label("Password").fill(office.password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Back office").wait_for()


def open_list(page: Any, title: str) -> None:
    """By the sidebar."""
    page.locator("#nav-sidebar-apps a").filter(has_text=re.compile(rf"{title}$", re.MULTILINE)).first.click()


def make_coupon(page: Any, tmp_path: Path) -> None:
    open_list(page, "Coupons")
    page.get_by_title("Add coupon").click()
    page.locator("#id_code").fill("FIRSTDAY15")
    page.get_by_label("Name").fill("On the first day")
    page.get_by_label("What it takes off").select_option("percent")
    page.locator("#id_percent").fill("15")
    page.get_by_label("Uses in all").fill("40")
    take_picture(page, "new-coupon", tmp_path)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()


def row_of(page: Any, *texts: str) -> bool:
    """Waits for a row of the list that holds them all."""
    row = page.locator("#result_list tr, table tr")
    for text in texts:
        row = row.filter(has_text=text)
    row.first.wait_for()
    return bool(row.count() == 1)


def use_over_the_api(office: Printed) -> dict[str, Any]:
    """Answers the booking on which the coupon now is."""
    key = dict([office.curl_header])
    [coupon] = ask(f"{office.api}coupons?select=id&code=eq.FIRSTDAY15", key)
    [booking] = ask(f"{office.api}bookings?select=id,reference&order=created_at.desc&limit=1", key)
    use = {"coupon_id": coupon["id"], "booking_id": booking["id"]}
    ask(f"{office.api}coupon_uses", {**key, "Content-Type": "application/json"}, json.dumps(use).encode())
    answer: dict[str, Any] = booking
    return answer


def ask(address: str, headers: Mapping[str, str], body: bytes | None = None) -> Any:
    with urlopen(Request(address, data=body, headers=dict(headers)), timeout=15) as answer:
        return json.loads(answer.read() or "null")


def watched(page: Any) -> list[str]:
    """Fills with what goes wrong in the page: scripts that fail, files that are missing."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("response", lambda answer: troubles.append(answer.url) if answer.status >= 400 else None)
    return troubles


def take_picture(page: Any, name: str, tmp_path: Path) -> None:
    picture = SCREENS / f"{name}.png"
    wanted = os.environ.get("BOOKINGOFFICE_SCREENS") == "1" or not picture.exists()
    page.screenshot(path=str(picture if wanted else tmp_path / picture.name), animations="disabled")
