"""Tasks at the page of one coupon: every kind is made, a refusal is found out, a used coupon is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bookingoffice.serving.main_job import empty_folder
from tests.browser.first_start import Printed, later_start
from tests.browser.rules_of_access import axe_script, grave_violations
from tests.browser.test_first_day import CHROMIUM, FLAGS, IN_CI, ask, log_in, open_list, take_picture, watched

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not IN_CI, reason="no Chromium on this machine; Debian's package is called chromium"
)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def lakeside() -> Iterator[Printed]:
    """The demo: a year of guests who used its coupons."""
    with empty_folder() as folder, later_start(folder) as told:
        yield told


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not IN_CI:
        pytest.importorskip("playwright", reason="playwright is in requirements/browser.txt")
    from playwright.sync_api import sync_playwright  # only where there is a browser to drive

    assert CHROMIUM, "there is no Chromium, and CI does not go without"
    axe_script()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(browser: Any, lakeside: Printed, tmp_path_factory: pytest.TempPathFactory) -> Any:
    page = a_page(browser)
    log_in(page, lakeside, tmp_path_factory.mktemp("pictures"))
    return page


@pytest.fixture(autouse=True)
def nothing_goes_wrong(page: Any) -> Iterator[None]:
    troubles = watched(page)
    yield
    assert troubles == []


def test_a_percentage_is_made_and_read_back_while_it_is_typed(page: Any, tmp_path: Path) -> None:
    begin(page, "SUMMER-TASK")
    page.locator("#id_amount").wait_for(state="hidden")
    page.locator("#id_percent").fill("20")
    page.get_by_label("Off what").select_option("rent")
    page.get_by_role("heading", name="For which stays?").click()
    page.get_by_label("Nights at least").fill("3")
    page.get_by_label("Uses in all").fill("40")
    page.get_by_label("Uses by one customer").fill("1")
    page.get_by_text("Together with other coupons").click()
    reads(page, "20 % off rent, for stays of 3 nights or more, 40 uses, once per guest, not with other coupons.")
    page.locator("#coupon-try").get_by_text("Yes: it takes 140.00 EUR off.").wait_for()
    take_picture(page, "coupon-percent", tmp_path)
    assert grave_violations(page) == []
    save(page)


def test_an_amount_is_made(page: Any, tmp_path: Path) -> None:
    begin(page, "TWENTYFIVE-TASK")
    page.get_by_label("What it takes off").select_option("amount")
    page.locator("#id_percent").wait_for(state="hidden")
    page.locator("#id_amount").fill("25")
    page.get_by_label("Smallest booking").fill("100")
    reads(page, "25 EUR off the whole booking, for bookings of 100 EUR or more, any number of uses.")
    take_picture(page, "coupon-amount", tmp_path)
    save(page)


def test_a_discount_of_fees_is_made(page: Any, tmp_path: Path) -> None:
    begin(page, "CLEAN-TASK")
    page.locator("#id_percent").fill("100")
    page.get_by_label("Off what").select_option("service")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Choose at least one, or let the coupon be for something else.").wait_for()
    assert page.locator("#id_percent").input_value() == "100"
    choose(page, "services", "Final cleaning")
    reads(page, "100 % off fees for Final cleaning, any number of uses.")
    take_picture(page, "coupon-fees", tmp_path)
    assert grave_violations(page) == []
    save(page)


def test_a_discount_of_chosen_products_is_made(page: Any, tmp_path: Path) -> None:
    begin(page, "BOATHOUSE-TASK")
    page.locator("#id_percent").fill("12.5")
    page.get_by_label("Off what").select_option("product")
    choose(page, "products", "The Boathouse")
    reads(page, "12.5 % off bookings of The Boathouse, any number of uses.")
    page.locator("#coupon-try").get_by_text("It is for The Boathouse, and none of that is booked.").wait_for()
    page.get_by_label("What, line 1").select_option(label="The Boathouse")
    page.locator("#coupon-try").get_by_text("Yes: it takes 87.50 EUR off.").wait_for()
    take_picture(page, "coupon-products", tmp_path)
    save(page)


def test_an_expression_is_shown_and_not_edited(page: Any, tmp_path: Path) -> None:
    open_coupon(page, "TWO-SIZES")
    reads(page, "A discount that only its expression tells, on the whole booking")
    assert "occupancy_group_id" in page.locator(".readonly pre").inner_text()
    assert page.locator('textarea[name="definition"], input[name="definition"]').count() == 0
    page.locator("#coupon-try").get_by_text("Its discount is an expression, which is not computed here.").wait_for()
    take_picture(page, "coupon-expression", tmp_path)
    assert grave_violations(page) == []


def test_it_is_found_out_why_a_guests_code_was_refused(page: Any, lakeside: Printed, tmp_path: Path) -> None:
    open_coupon(page, "LONG-STAY")
    page.get_by_label("Arrives").fill("2027-07-01")
    page.get_by_label("Leaves").fill("2027-07-04")
    page.locator("#coupon-try").get_by_text("It asks for 10 nights or more; the stay has 3 nights.").wait_for()
    page.locator("#coupon-try").scroll_into_view_if_needed()
    page.locator("#coupon-try .coupon-answer").scroll_into_view_if_needed()
    take_picture(page, "coupon-refused", tmp_path)
    page.get_by_label("Leaves").fill("2027-07-11")
    page.locator("#coupon-try").get_by_text("Yes: it takes").wait_for()

    [booking] = ask(
        f"{lakeside.api}bookings?select=reference&order=created_at.desc&limit=1", dict([lakeside.curl_header])
    )
    page.get_by_text("More about the booking").click()
    page.get_by_label("Booking", exact=True).fill("no such booking")
    page.get_by_text("There is no booking “no such booking”.").wait_for()
    page.get_by_label("Booking", exact=True).fill(booking["reference"])
    for label in ("Arrives", "Leaves", "Guest", "Amount, line 1"):
        page.get_by_label(label, exact=True).fill("")
    page.locator("#coupon-try .coupon-verdict").filter(has_text="No, for").or_(
        page.locator("#coupon-try .coupon-bill").filter(has_text="Deposit")
    ).first.wait_for()


def test_a_used_coupon_tells_what_came_of_it(page: Any, tmp_path: Path) -> None:
    open_coupon(page, "LAKE15")
    reads(page, "15 % off the whole booking, 120 uses,")
    results = page.locator("#coupon-results")
    results.get_by_role("columnheader", name="Discount given").first.wait_for()
    assert results.locator("svg rect.coupon-week").count() > 40
    results.scroll_into_view_if_needed()
    take_picture(page, "coupon-statistics", tmp_path)
    assert grave_violations(page) == []


def test_what_a_use_froze_says_why(page: Any, tmp_path: Path) -> None:
    open_coupon(page, "LAKE15")
    assert page.locator("#id_percent").is_disabled()
    assert page.get_by_text("Used already, so what guests were promised stays as it is.").count() >= 3
    take_picture(page, "coupon-frozen", tmp_path)
    page.get_by_label("Uses in all").fill("1")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("A limit cannot be lower than the uses there are").wait_for()
    assert grave_violations(page) == []


def test_the_code_is_copied_by_the_keyboard_and_that_is_told(page: Any, browser: Any, tmp_path: Path) -> None:
    open_coupon(page, "LAKE15")
    desk = a_page(
        browser, permissions=["clipboard-read", "clipboard-write"], storage_state=page.context.storage_state()
    )
    troubles = watched(desk)
    desk.goto(page.url)
    copying = desk.get_by_role("button", name="Copy code")
    copying.focus()
    for key in ("Enter", "Space"):
        desk.evaluate("navigator.clipboard.writeText('')")
        copying.press(key)
        desk.locator("#coupon-reading").get_by_role("status").filter(has_text="The code is copied.").wait_for()
        desk.wait_for_function("async () => await navigator.clipboard.readText() === 'LAKE15'")
    take_picture(desk, "coupon-copied", tmp_path)
    assert grave_violations(desk, "#coupon-reading") == []
    assert desk.url == page.url
    assert troubles == []
    desk.context.close()


def test_a_code_that_may_not_be_copied_is_selected(page: Any) -> None:
    open_coupon(page, "LAKE15")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")
    page.get_by_role("button", name="Copy code").click()
    page.get_by_text("Selected: copy it with Ctrl-C.").wait_for()
    assert page.evaluate("getSelection().toString().trim()") == "LAKE15"


def test_there_is_no_code_to_copy_before_there_is_a_coupon(page: Any) -> None:
    begin(page, "NOT-YET")
    assert page.get_by_role("button", name="Copy code").count() == 0


def test_the_keyboard_alone_makes_a_coupon(page: Any) -> None:
    """Enter in a field of the coupon saves it, in a field of the example it asks."""
    begin(page, "KEYS-TASK")
    page.get_by_label("Amount, line 1").fill("80")
    page.get_by_label("Amount, line 1").press("Enter")
    page.wait_for_timeout(300)
    assert page.url.endswith("/add/")
    page.locator("#id_percent").fill("10")
    page.locator("#id_percent").press("Enter")
    page.get_by_text("was added successfully").wait_for()


def test_without_a_script_every_field_shows_and_saves(page: Any, browser: Any, lakeside: Printed) -> None:
    open_coupon(page, "LAKE15")
    plain = a_page(browser, java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto(f"{lakeside.admin}coupons/coupon/add/")
    plain.get_by_label("Code", exact=False).first.fill("PLAIN-TASK")
    plain.locator("#id_percent").fill("10")
    assert plain.locator("#id_amount").is_visible()
    plain.get_by_role("button", name="Try without saving").click()
    plain.get_by_text("Yes: it takes 70.00 EUR off.").wait_for()
    plain.get_by_text("10 % off the whole booking").wait_for()
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.get_by_text("was added successfully").wait_for()
    plain.goto(page.url)
    plain.locator("#coupon-reading").get_by_text("LAKE15", exact=True).wait_for()
    assert plain.get_by_text("Copy code").count() == 0
    plain.context.close()


def test_it_fits_a_phone_in_the_dark(page: Any, browser: Any, lakeside: Printed, tmp_path: Path) -> None:
    open_coupon(page, "LAKE15")
    phone = a_page(browser, viewport=PHONE, color_scheme="dark", storage_state=page.context.storage_state())
    phone.goto(page.url)
    for place in ("reading", "try", "results"):
        phone.locator(f"#coupon-{place}").scroll_into_view_if_needed()
        take_picture(phone, f"coupon-phone-{place}", tmp_path)
    assert grave_violations(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.context.close()


def begin(page: Any, code: str) -> None:
    open_list(page, "Coupons")
    page.get_by_title("Add coupon").click()
    page.wait_for_load_state("load")  # the fields that do not apply are hidden by a script
    page.locator("#id_code").fill(code)


def open_coupon(page: Any, code: str) -> None:
    open_list(page, "Coupons")
    page.locator("#searchbar").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    page.locator("#result_list a, table a").filter(has_text=code).first.click()
    page.locator("#coupon-reading").wait_for()


def choose(page: Any, field: str, label: str) -> None:
    """In a list with a search box, by typing."""
    page.locator(f"#id_{field} + .select2").click()
    page.keyboard.type(label)
    page.locator(".select2-results__option").filter(has_text=label).first.wait_for()
    page.keyboard.press("Enter")


def reads(page: Any, sentence: str) -> None:
    page.locator("#coupon-reading").get_by_text(sentence.replace(" %", "\N{NO-BREAK SPACE}%")).wait_for()


def save(page: Any) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()


def a_page(browser: Any, **options: Any) -> Any:
    page = browser.new_context(**{"viewport": DESK, "color_scheme": "light", **options}).new_page()
    page.set_default_timeout(20_000)
    return page
