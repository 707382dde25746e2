"""No page needs a script to save: every form is filled in and sent by a browser that runs none.

Those of coupons, seasons, files and lists have such a walk beside their tasks.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.test_every_page import MODELS, Office, a_page, browser, office, pages_below
from tests.browser.test_first_day import CHROMIUM, IN_CI

__all__ = ["browser", "office"]  # fixtures

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not IN_CI, reason="no Chromium on this machine; Debian's package is called chromium"
)
UNSEEN = """form => [...form.elements].filter(field => field.name && field.type !== 'hidden' && field.type !== 'file'
    && !field.name.includes('__prefix__')
    && !field.closest('details:not([open])') && !field.checkVisibility()).map(field => field.name)"""
SAVED = "was added successfully"


@pytest.fixture(scope="module")
def plain(browser: Any, office: Office) -> Any:
    with a_page(browser, office, java_script_enabled=False) as page:
        yield page


def test_every_field_of_every_form_is_seen(browser: Any, office: Office) -> None:
    """Asked of the page as it was sent, before any script has run: what hides fields must not do so by itself."""
    unseen = {}
    with a_page(browser, office) as page:
        page.route("**/*.js", lambda route: route.abort())
        for address in (page for model in MODELS for page in pages_below(office, "owner", model) if "/add/" in page):
            page.goto(address)
            page.add_style_tag(content="html[x-cloak] { display: block !important }")
            unseen[address] = page.locator("#content form[method=post]").first.evaluate(UNSEEN)
    assert {address: names for address, names in unseen.items() if names} == {}


def test_a_booking_and_its_line_are_saved(plain: Any) -> None:
    plain.goto("/admin/references/booking/add/")
    plain.get_by_label("Reference").fill("PLAIN-1")
    plain.get_by_label("Title").first.fill("Rent")
    plain.get_by_label("Item type").first.select_option("rent")
    plain.get_by_label("Amount").first.fill("120")
    save(plain)
    plain.get_by_role("link", name="PLAIN-1").first.click()
    assert plain.get_by_label("Amount").first.input_value() == "120.00"


def test_a_key_is_made_and_revoked(plain: Any) -> None:
    plain.goto("/admin/accounts/apikey/add/")
    plain.get_by_label("Name").fill("Plain program")
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.get_by_text("It is shown this once").wait_for()
    assert plain.locator(".house-secret").inner_text().strip()
    plain.goto("/admin/accounts/apikey/")
    plain.get_by_role("link", name="Plain program").click()
    plain.get_by_role("link", name="Revoke").click()
    plain.get_by_role("button", name="Revoke").click()
    plain.get_by_text("is revoked and opens nothing any more").wait_for()


def test_a_person_is_invited_and_a_role_is_changed(plain: Any, office: Office) -> None:
    plain.goto("/admin/accounts/invitation/add/")
    plain.get_by_label("E-mail").fill("plain@example.com")
    plain.get_by_label("Role").select_option("viewer")
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.locator(".house-secret").wait_for()
    plain.goto(f"/admin/accounts/member/{office.rows['accounts_member']}/change/")
    plain.get_by_label("Role").select_option("editor")
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.get_by_text("was changed successfully").wait_for()


def test_a_webhook_is_saved(plain: Any) -> None:
    plain.goto("/admin/webhooks/webhook/add/")
    plain.locator("#id_endpoint").fill("https://example.com/plain")
    plain.locator("input[name=events]").first.check()
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.get_by_text("https://example.com/plain").first.wait_for()


def save(page: Any) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text(SAVED).wait_for()
