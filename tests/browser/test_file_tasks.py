"""A file with three bad rows is mended and imported; what is exported opens as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.bookingoffice.serving.main_job import command, empty_folder
from tests.browser.first_start import Printed, later_start
from tests.browser.rules_of_access import grave_violations
from tests.browser.test_first_day import CHROMIUM, FLAGS, IN_CI, log_in, open_list, take_picture, watched
from tests.browser.test_season_tasks import PHONE, a_page

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not IN_CI, reason="no Chromium on this machine; Debian's package is called chromium"
)
BAD = """code,name,percent,quota,expires_at
SPRING-10,Spring,10,100,2027-05-31
SPRING-15,Spring,15 %,100,2027-05-31
SPRING-20,Spring,20,-5,2027-05-31
spring 10,Spring again,12,,2027-02-30
"""
MENDED = """code,name,percent,quota,expires_at
SPRING-10,Spring,10,100,2027-05-31
SPRING-15,Spring,15,100,2027-05-31
SPRING-20,Spring,20,5,2027-05-31
SPRING-12,Spring again,12,,2027-02-28
"""


@pytest.fixture(scope="module")
def newcomer() -> Iterator[Printed]:
    """Signs in to an organization of their own, without coupons."""
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


def test_a_file_with_three_bad_rows_is_mended_and_imported(newcomer: Printed, browser: Any, tmp_path: Path) -> None:
    page = a_page(browser)
    troubles = watched(page)
    log_in(page, newcomer, tmp_path)
    open_list(page, "Coupons")

    upload(page, "spring.csv", BAD, tmp_path, picture="files-import")
    page.get_by_text("4 faults, so nothing was imported.").wait_for()
    lines = page.locator(".files-table tbody tr td:first-child").all_inner_texts()
    assert lines == ["3", "4", "5", "5"]
    take_picture(page, "files-faults", tmp_path)
    assert grave_violations(page) == []

    page.get_by_role("link", name="Upload the mended file").click()
    choose(page, "spring.csv", MENDED)
    page.get_by_text("No fault was found.").wait_for()
    take_picture(page, "files-preview", tmp_path)
    assert grave_violations(page) == []
    page.get_by_role("button", name="Import all of it").press("Enter")
    page.get_by_text("Imported.").wait_for()
    take_picture(page, "files-imported", tmp_path)
    page.get_by_role("link", name="To the list", exact=True).click()
    page.get_by_text("SPRING-12").wait_for()

    export(page, tmp_path)
    assert troubles == []
    without_a_script(page, browser, newcomer)
    a_large_file_is_waited_for(page, newcomer, tmp_path)
    on_a_phone_in_the_dark(page, browser, newcomer, tmp_path)


def upload(page: Any, name: str, content: str, tmp_path: Path, *, picture: str) -> None:
    page.get_by_role("link", name="Import").click()
    page.get_by_text("The columns a file may have").click()
    take_picture(page, picture, tmp_path)
    assert grave_violations(page) == []
    choose(page, name, content)


def choose(page: Any, name: str, content: str) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("File (CSV, XLSX or JSON)").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def export(page: Any, tmp_path: Path) -> None:
    """What the list was narrowed to, opened as a spreadsheet would."""
    page.locator("#searchbar").fill("SPRING-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=SPRING*")
    page.get_by_role("link", name="Export").click()
    page.get_by_text("3 rows: what the list was narrowed to.").wait_for()
    take_picture(page, "files-export", tmp_path)
    assert grave_violations(page) == []
    with page.expect_download() as coming:
        page.get_by_role("link", name="For a spreadsheet (XLSX)").click()
    file = tmp_path / "coupons.xlsx"
    coming.value.save_as(file)
    sheet: Any = load_workbook(file).active
    header, *rows = sheet.iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert sorted((row["code"], row["percent"], row["quota"]) for row in found) == [
        ("SPRING-10", 10, 100),
        ("SPRING-12", 12, None),
        ("SPRING-15", 15, 100),
    ]


def without_a_script(page: Any, browser: Any, newcomer: Printed) -> None:
    plain = a_page(browser, java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto(f"{newcomer.admin}coupons/coupon/files/import/")
    choose(plain, "more.csv", "code,percent\nPLAIN,5\n")
    plain.get_by_role("button", name="Import all of it").click()
    plain.get_by_text("Imported.").wait_for()
    plain.context.close()


def a_large_file_is_waited_for(page: Any, newcomer: Printed, tmp_path: Path) -> None:
    """The page looks again by itself until the worker beside the server is done."""
    page.goto(f"{newcomer.admin}coupons/coupon/files/import/")
    choose(page, "many.csv", "code,percent\n" + "".join(f"MANY-{number:06d},5\n" for number in range(25_000)))
    page.get_by_text("You may leave this page").wait_for()
    take_picture(page, "files-waiting", tmp_path)
    assert grave_violations(page) == []
    page.get_by_text("No fault was found.").wait_for(timeout=90_000)
    page.get_by_role("button", name="Import all of it").click()
    page.get_by_text("Imported.").wait_for(timeout=90_000)
    assert page.locator(".files-counts dd").first.inner_text() == "25,000"


def on_a_phone_in_the_dark(page: Any, browser: Any, newcomer: Printed, tmp_path: Path) -> None:
    phone = a_page(browser, viewport=PHONE, color_scheme="dark", storage_state=page.context.storage_state())
    phone.goto(f"{newcomer.admin}coupons/coupon/files/import/")
    take_picture(phone, "files-phone-import", tmp_path)
    choose(phone, "spring.csv", BAD)
    phone.get_by_text("faults, so nothing was imported.").wait_for()
    take_picture(phone, "files-phone-faults", tmp_path)
    assert grave_violations(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.context.close()
