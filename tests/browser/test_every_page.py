"""Every page of the admin, as axe and a keyboard find it. A page that comes later is visited without being named."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db import connections
from django.urls import reverse

from bookingoffice.accounts.models import Role
from tests import databases
from tests.bookingoffice.accounts import walking
from tests.bookingoffice.accounts.desks import Desk, make_desk
from tests.browser.furnished import furnish
from tests.browser.rules_of_access import OF_LOOKS, axe_script, grave_violations, out_of_reach
from tests.browser.test_first_day import CHROMIUM, FLAGS, IN_CI, watched
from tests.cluster import FOLDER
from tests.lengths import LONG
from tests.serving import served
from tests.statics import lay_statics

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not IN_CI, reason="no Chromium on this machine; Debian's package is called chromium"
)
MODELS = sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
APPS = sorted({model.split("_", 1)[0] for model in MODELS} - {"accounts", "auth", "webhooks"})
EXAMPLE = "coupons_coupon"
EXAMPLES = [EXAMPLE, "accounts_member", "references_booking", "seasons_season", "webhooks_webhook"]
"""Every kind of form; a usual run has no time for all models."""
OWN = ("account", "two_factor_setup", "admin:password_change", "admin:index")
LISTED_AT = "/admin/app/model/".count("/")
NOWHERE = ("/admin/coupons/coupon/00000000-0000-7000-8000-000000000000/delete/", "/admin/nothing/at/all/")


@dataclass(frozen=True)
class Office:
    """Two people of one organization that has a row of everything, and a server."""

    url: str
    owner: Desk
    viewer: Desk
    rows: dict[str, Any]

    def of(self, who: str) -> Desk:
        return self.owner if who == "owner" else self.viewer


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not IN_CI:
        pytest.importorskip("playwright", reason="playwright is in requirements/browser.txt")
    from playwright.sync_api import sync_playwright  # only where there is a browser to drive

    # Its own event loop runs in this thread, and Django would take the test for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    axe_script()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any, kept_tables: frozenset[str]) -> Iterator[Office]:
    """A server of its own: it knows the style sheets that were there when it started, and the tests of the API go without."""
    lay_statics(FOLDER)
    with django_db_blocker.unblock():
        try:
            owner = make_desk(Role.OWNER)
            owner.user.is_superuser = True  # sees every page
            owner.user.save()
            viewer = make_desk(Role.VIEWER, owner.organization)
            rows = furnish(owner)
            with served(databases.worker_database()) as url:
                yield Office(url, owner, viewer, rows)
        finally:
            connections["default"].close()
            databases.clear(keep=kept_tables)


@contextmanager
def a_page(browser: Any, office: Office, who: str = "owner", **options: Any) -> Iterator[Any]:
    context = browser.new_context(**{"viewport": DESK, "base_url": office.url, **options})
    if who != "nobody":
        session = office.of(who).client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": office.url}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def pages_below(office: Office, who: str, model: str) -> list[str]:
    """What this person may open of a model's pages."""
    begin = f"/admin/{model.replace('_', '/', 1)}/"
    found = [address for address in walking.addresses(office.rows) if address.startswith(begin)]
    return [address for address in found if _is_a_page(office.of(who).client.get(address))]


def _is_its_own(address: str, model: str) -> bool:
    """Lists and forms; the other pages of one model stand for those of all, unless every page is wanted."""
    return model == EXAMPLE or address.endswith("/change/") or address.count("/") == LISTED_AT


def _is_a_page(answer: Any) -> bool:
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and not answer.streaming


def faults_of(page: Any, addresses: list[str]) -> dict[str, list[str]]:
    """On a screen in the light, then on a phone in the dark: no grave fault, nothing wider than the phone, no error of a script.

    Only a long run takes all of them to the phone; else the first stands for the others.
    """
    faults: dict[str, list[str]] = {}
    troubles = watched(page)
    for address in addresses:
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        page.goto(address)
        faults[f"{address} in the light"] = grave_violations(page)
        if not LONG and address != addresses[0]:
            continue
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        page.evaluate("document.documentElement.classList.add('dark')")  # the theme looks when it is loaded
        dark = grave_violations(page, rules=OF_LOOKS)
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            dark.append("wider than a phone")
        faults[f"{address} in the dark"] = dark
    faults["while they were open"] = [trouble for trouble in troubles if not trouble.endswith(NOWHERE)]
    return {place: found for place, found in faults.items() if found}


@pytest.mark.parametrize("model", MODELS if LONG else EXAMPLES)
def test_nobody_is_kept_out_of_a_page(model: str, browser: Any, office: Office) -> None:
    visited = [page for page in pages_below(office, "owner", model) if LONG or _is_its_own(page, model)]
    assert visited or model == "accounts_organization"

    with a_page(browser, office) as page:
        assert faults_of(page, visited) == {}


@pytest.mark.parametrize("model", MODELS if LONG else EXAMPLES)
def test_a_keyboard_comes_to_everything(model: str, browser: Any, office: Office) -> None:
    left: dict[str, list[str]] = {}
    with a_page(browser, office) as page:
        for address in pages_below(office, "owner", model):
            if LONG or _is_its_own(address, model):
                page.goto(address)
                left[address] = out_of_reach(page)
    assert {address: found for address, found in left.items() if found} == {}


@pytest.mark.parametrize("app", APPS if LONG else ["coupons"])
def test_nobody_who_may_only_look_is_kept_out_of_a_page(app: str, browser: Any, office: Office) -> None:
    """Their lists and their forms, in which everything is locked; the other pages are the same for all."""
    models = [model for model in MODELS if model.startswith(f"{app}_")]
    found = [page for model in models for page in pages_below(office, "viewer", model)]
    visited = [page for page in found if page.endswith("/change/") or page.count("/") == LISTED_AT]
    assert visited

    with a_page(browser, office, "viewer") as page:
        assert faults_of(page, visited) == {}


def test_nobody_is_kept_out_of_the_pages_of_their_own(browser: Any, office: Office) -> None:
    """Nor of what is said where nothing is, or nothing for them."""
    with a_page(browser, office) as page:
        assert faults_of(page, [*map(reverse, OWN), *NOWHERE]) == {}
    with a_page(browser, office, "viewer") as page:
        faults = faults_of(page, ["/admin/", "/admin/accounts/member/"])
        assert faults.pop("while they were open") == [f"{office.url}/admin/accounts/member/"]
        assert faults == {}
        assert page.get_by_role("heading", name="This page is not open to you").count() == 1


def test_nobody_is_kept_out_of_the_door(browser: Any, office: Office) -> None:
    with a_page(browser, office, "nobody") as page:
        addresses = [f"/admin/login/?next={reverse('admin:index')}", "/admin/join/no-such-invitation/"]
        faults = faults_of(page, addresses)
        assert faults.pop("while they were open") == [f"{office.url}{addresses[1]}"]
        assert faults == {}


def test_a_keyboard_skips_to_the_content_and_opens_the_menu_of_the_person(browser: Any, office: Office) -> None:
    with a_page(browser, office, "viewer") as page:
        page.goto("/admin/")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the content")
        assert skip.evaluate("link => link === document.activeElement && link.getBoundingClientRect().top >= 0")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"

        menu = page.get_by_role("button", name=re.compile(office.viewer.user.username))
        menu.focus()
        assert menu.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Nederlands").press("Enter")
        page.wait_for_load_state()
        assert page.locator("html").get_attribute("lang") == "nl"


def test_without_a_script_the_menu_of_the_person_is_open(browser: Any, office: Office, tmp_path: Path) -> None:
    with a_page(browser, office, "viewer", java_script_enabled=False) as page:
        page.goto("/admin/")
        page.get_by_role("button", name="Deutsch").click()
        assert page.locator("html").get_attribute("lang") == "de"
