"""A day's work in the lists of coupons, batches and uses, in the demo's organization."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from coupons.admin.filters import window
from tests.bookingoffice.serving.main_job import command, empty_folder
from tests.browser.first_start import Printed, later_start
from tests.browser.rules_of_access import grave_violations
from tests.browser.test_first_day import CHROMIUM, IN_CI, log_in, open_list, take_picture, watched
from tests.browser.test_season_tasks import PHONE, a_page, browser

__all__ = ["browser"]  # a fixture

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not IN_CI, reason="no Chromium on this machine; Debian's package is called chromium"
)
SOON = ("SOON-1", "SOON-2", "SOON-3")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printed]:
    """With three coupons that expire at the end of this month."""
    file = tmp_path_factory.mktemp("files") / "coupons.csv"
    end = window("month", timezone.localtime())[1] - timedelta(hours=3)
    rows = "".join(f"{code},percent,10,{end.isoformat()}\n" for code in SOON)
    file.write_text(f"code,kind,percent,expires_at\n{rows}")
    with empty_folder() as folder, later_start(folder) as told:
        done = command(folder, "import_coupons", str(file))
        assert done.returncode == 0, done.stderr
        yield told


def test_a_days_work_in_the_lists(office: Printed, browser: Any, tmp_path: Path) -> None:
    page = a_page(browser)
    troubles = watched(page)
    log_in(page, office, tmp_path)

    extend_what_expires_this_month(page, tmp_path)
    find_a_coupon_by_another_spelling(page)
    generate_codes_and_hand_them_over(page, tmp_path)
    redeem_by_hand(page, office, tmp_path)
    release_it_and_undo_that(page, tmp_path)
    export_what_is_narrowed_to(page)
    assert troubles == []

    without_a_script(page, browser, office)
    on_a_phone_in_the_dark(page, browser, office, tmp_path)


def extend_what_expires_this_month(page: Any, tmp_path: Path) -> None:
    """By the keyboard alone, from the filter to the confirmation."""
    open_list(page, "Coupons")
    page.get_by_text("More filters").press("Enter")
    page.get_by_label("Expiry").select_option("month")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    page.get_by_text(re.compile(r"With all \d+ that match")).wait_for()
    for code in SOON:
        page.locator("#result_list").get_by_text(code).wait_for()
    take_picture(page, "coupons-expiring", tmp_path)
    assert grave_violations(page) == []
    page.get_by_label("that match").select_option("extend")
    page.get_by_role("button", name="Go on").press("Enter")
    page.get_by_label("Each later than now by").press("Space")
    page.get_by_label("Number").fill("2")
    page.get_by_role("button", name="Show what will change").press("Enter")
    page.get_by_role("row", name="SOON-1").wait_for()
    take_picture(page, "coupons-extend", tmp_path)
    assert grave_violations(page) == []
    page.get_by_role("button", name="Yes, move the expiry").press("Enter")
    page.get_by_text(re.compile(r"Extended: \d+\.")).wait_for()
    assert page.locator("#result_list").get_by_text("SOON-1").count() == 0


def find_a_coupon_by_another_spelling(page: Any) -> None:
    open_list(page, "Coupons")
    page.locator("#searchbar").fill("soon1")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=soon1*")
    page.locator("#result_list").get_by_text("SOON-1").wait_for()
    assert page.locator("#result_list tbody tr").count() == 1


def generate_codes_and_hand_them_over(page: Any, tmp_path: Path) -> None:
    open_list(page, "Batches of codes")
    page.get_by_title("Add batch of codes").click()
    page.get_by_label("Name").fill("Spring mailing")
    page.get_by_label("How many codes").fill("500")
    page.get_by_label("Prefix").fill("SPRING-")
    page.locator("#id_percent").fill("10")
    page.get_by_label("Uses of each").fill("1")
    assert grave_violations(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("500 codes are made").wait_for()
    take_picture(page, "batch", tmp_path)
    assert grave_violations(page) == []
    with page.expect_download() as started:
        page.get_by_role("link", name="Codes as a file (CSV)").click()
    codes = [row["code"] for row in csv.DictReader(io.StringIO(started.value.path().read_text()))]
    assert len(set(codes)) == 500
    assert all(code.startswith("SPRING-") for code in codes)

    page.get_by_role("link", name="Cards to print, and QR codes").click()
    page.locator(".card").nth(499).wait_for()
    assert page.locator(".card").count() == 500
    assert page.locator(".card svg").count() == 500
    take_picture(page, "batch-cards", tmp_path)
    assert grave_violations(page) == []
    page.emulate_media(media="print")
    assert not page.locator(".paper-tools").is_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Back").click()


def redeem_by_hand(page: Any, office: Printed, tmp_path: Path) -> None:
    open_list(page, "Bookings")
    reference = page.locator("#result_list tbody tr th, #result_list tbody tr td").nth(1).inner_text().strip()
    open_list(page, "Uses")
    page.get_by_role("link", name="Redeem by hand").click()
    page.get_by_label("Coupon").fill("soon 2")
    page.get_by_label("Booking").fill(reference)
    page.get_by_label("Why by hand?").fill("Promised on the telephone")
    take_picture(page, "uses-redeem", tmp_path)
    assert grave_violations(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()
    page.locator("#result_list").get_by_text("SOON-2").wait_for()
    take_picture(page, "uses-list", tmp_path)
    assert grave_violations(page) == []


def release_it_and_undo_that(page: Any, tmp_path: Path) -> None:
    page.locator("#result_list").get_by_role("link", name="SOON-2").click()
    page.get_by_role("link", name="Release: give it back").click()
    page.get_by_label("Why?").fill("Wrong guest")
    page.get_by_role("button", name="Show what will change").click()
    page.get_by_role("row", name="SOON-2").wait_for()
    take_picture(page, "uses-release", tmp_path)
    assert grave_violations(page) == []
    page.get_by_role("button", name="Yes, give back").click()
    page.get_by_text("Given back: 1.").wait_for()

    page.get_by_role("link", name="Released lately").click()
    page.get_by_role("row", name="SOON-2").get_by_text("Wrong guest").wait_for()
    take_picture(page, "uses-released", tmp_path)
    assert grave_violations(page) == []
    page.get_by_role("row", name="SOON-2").get_by_role("link", name="Undo").click()
    page.get_by_label("Why?").fill("It was the right guest after all")
    assert grave_violations(page) == []
    page.get_by_role("button", name="Yes, undo the release").click()
    page.get_by_text("The release is undone").wait_for()
    page.locator("#result_list").get_by_text("SOON-2").wait_for()


def export_what_is_narrowed_to(page: Any) -> None:
    open_list(page, "Uses")
    page.get_by_text("More filters").click()
    page.get_by_label("Coupon code").fill("lake 15")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**coupon=lake*")
    page.get_by_label("that match").select_option("export_csv")
    with page.expect_download() as started:
        page.get_by_role("button", name="Go on").click()
    rows = list(csv.DictReader(io.StringIO(started.value.path().read_text())))
    assert {row["coupon"] for row in rows} == {"LAKE15"}
    assert all(re.fullmatch(r"\d+\.\d\d", row["amount"]) for row in rows)


def without_a_script(page: Any, browser: Any, office: Printed) -> None:
    """The filters, the page between and its confirmation are plain forms."""
    plain = a_page(browser, java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto(f"{office.admin}coupons/coupon/?q=soon3")
    plain.get_by_label("that match").select_option("archive")
    plain.get_by_role("button", name="Go on").click()
    plain.get_by_role("button", name="Yes, archive").click()
    plain.get_by_text("Archived: 1.").wait_for()
    plain.goto(f"{office.admin}coupons/coupon/?state=archived&q=soon3")
    plain.locator("#result_list").get_by_text("SOON-3").wait_for()
    plain.context.close()


def on_a_phone_in_the_dark(page: Any, browser: Any, office: Printed, tmp_path: Path) -> None:
    state = page.context.storage_state()
    phone = a_page(browser, viewport=PHONE, color_scheme="dark", storage_state=state)
    for name, address in (
        ("coupons", "coupon/"), ("uses", "couponuse/"), ("released", "couponuse/released/"), ("batches", "couponbatch/"),
    ):  # fmt: skip
        phone.goto(f"{office.admin}coupons/{address}")
        take_picture(phone, f"lists-phone-{name}", tmp_path)
        assert grave_violations(phone) == []
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.context.close()
