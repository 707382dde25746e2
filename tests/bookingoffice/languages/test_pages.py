"""Pages as their readers meet them: nothing English is left over, and programs are told the same whatever a browser would like."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.urls import reverse

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.references.models import Booking
from coupons.models import Coupon, CouponUse
from seasons.models import Season
from seasons.writes import create_seasons
from tests.bookingoffice.accounts.desks import Desk, make_desk
from tests.builders import make_booking, make_coupon, make_organization, make_season, make_use
from tests.contract.doors import Doors

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(
    r"\b(?:the|and|with|without|your|you|this|that|these|from|every|never|nothing|not|no|add|save|delete|search|select"
    r"|expires|uses|used|valid|made|show|changes|days|dates|season|seasons|booking|bookings|member|members|key|keys)\b",
    re.IGNORECASE,
)
"""Words that neither Dutch nor German has."""
PAGES = (
    "index", "coupons_coupon_changelist", "coupons_coupon_add", "coupons_couponuse_changelist", "coupons_couponbatch_add",
    "seasons_season_changelist", "seasons_season_add", "seasons_season_year", "references_booking_changelist",
    "references_product_changelist", "references_booking_add", "accounts_apikey_add", "accounts_member_changelist",
    "webhooks_webhook_add", "audit_auditentry_changelist",
)  # fmt: skip
UNSPOKEN = re.compile(
    r"<(script|style|svg|code|pre|option)\b.*?</\1>|<span[^>]*material-symbols-outlined[^>]*>.*?</span>|<!--.*?-->",
    re.DOTALL,
)
SPOKEN = re.compile(r"(?:aria-label|title|placeholder)=\"([^\"]*)\"")

PART_OF_PATH = re.compile(r'truncate tracking-tight">([^<]*)<')


def words_of(page: str) -> str:
    """What the page says, to the eye and to a reader of screens."""
    shown = UNSPOKEN.sub(" ", page)
    return " ".join([*SPOKEN.findall(shown), re.sub(r"<[^>]+>", " ", shown)])


@pytest.fixture
def desk() -> Desk:
    desk = make_desk(organization=make_organization("Meerhoeve", timezone="Europe/Amsterdam"))
    with desk.scope():
        coupon = make_coupon(desk.organization, "MEER-10", quota=2)
        make_use(desk.organization, coupon, make_booking(desk.organization, reference="ML-1"))
        make_season(desk.organization, "Hoog")
    return desk


@pytest.mark.parametrize("language", ["nl", "de"])
def test_nothing_english_is_left_on_a_page(desk: Desk, language: str):
    answers = {page: desk.client.get(_address(page), headers={"accept-language": language}) for page in PAGES}
    left = {page: set(ENGLISH.findall(words_of(answer.content.decode()))) for page, answer in answers.items()}

    assert {answer.headers["Content-Language"] for answer in answers.values()} == {language}
    assert {page: sorted(words) for page, words in left.items() if words} == {}


@pytest.mark.parametrize("language", ["nl", "de"])
def test_nothing_english_is_left_on_the_page_of_one(desk: Desk, language: str):
    pages = {model: _page_of_one(desk, model, language) for model in (Coupon, CouponUse, Season, Booking)}
    left = {model.__name__: set(ENGLISH.findall(words_of(page))) for model, page in pages.items()}

    assert {name: sorted(words) for name, words in left.items() if words} == {}
    assert "('redeemed'" not in html.unescape(pages[CouponUse])


@pytest.mark.parametrize(("language", "button"), [("nl", "Coupon verwijderen"), ("de", "Gutschein löschen")])
def test_the_button_that_deletes_has_its_words_in_order(desk: Desk, language: str, button: str):
    assert button in " ".join(words_of(_page_of_one(desk, Coupon, language)).split())


@pytest.mark.parametrize(
    ("language", "count"), [("en", "1 coupon use"), ("nl", "1 keer gebruikt"), ("de", "1 Nutzung")]
)
def test_uses_are_counted_as_one_says_it(desk: Desk, language: str, count: str):
    page = desk.client.get(_address("coupons_couponuse_changelist"), headers={"accept-language": language})

    assert f'<div class="py-4">{count}</div>' in page.content.decode()


@pytest.mark.parametrize(
    ("page", "path"),
    [
        ("coupons_coupon_changelist", ["Coupons"]),
        ("coupons_couponuse_changelist", ["Coupons", "Coupongebruik"]),
        ("seasons_season_changelist", ["Seizoenen"]),
    ],
)
def test_the_path_over_a_page_says_nothing_twice(desk: Desk, page: str, path: list[str]):
    answer = desk.client.get(_address(page), headers={"accept-language": "nl"}).content.decode()

    assert [part.strip() for part in PART_OF_PATH.findall(answer)] == path


def test_the_same_words_are_seen_where_english_is_spoken(desk: Desk):
    """Else the test above would pass on pages that say nothing."""
    answer = desk.client.get(_address("coupons_coupon_add"), headers={"accept-language": "en"})

    assert {"expires", "with", "dates"} & {word.lower() for word in ENGLISH.findall(words_of(answer.content.decode()))}


def test_seasons_are_called_as_in_the_language_that_was_chosen(desk: Desk):
    with desk.scope():
        create_seasons(desk.organization, [{"name": {"default": "High summer", "nl": "Hoogzomer"}}], **desk.act)
    desk.client.post(reverse("choose_language"), {"language": "nl"})

    page = desk.client.get(_address("seasons_season_changelist"), headers={"accept-language": "en"}).content.decode()

    assert "Hoogzomer" in page
    assert "High summer" not in page


def test_a_refusal_of_a_rule_is_told_in_the_readers_language(desk: Desk):
    """The rules of seasons know no Django."""
    row = {"days-0-from-day": "31", "days-0-from-month": "4", "days-0-to-day": "1", "days-0-to-month": "5"}
    form = {"name": "Lente", "decided": "dates", **row}
    answer = desk.client.post(_address("seasons_season_add"), form, headers={"accept-language": "nl"})

    assert "dag gaat van 1 tot 30." in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", "/v1/coupons", {"code": "--"}),
        ("POST", "/v1/seasons", {"name": {"default": "A"}, "value": {"type": "odd"}}),
        ("POST", "/v1/rpc/coupon_check", {"code": "NOWHERE"}),
        ("GET", "/v1/rpc/season_report", None),
        ("GET", "/v1/coupons?limit=x", None),
        ("POST", "/fynn/coupons", {"code": "--", "name": ""}),
        ("POST", "/hyperline/v1/coupons", {"name": ""}),
        ("GET", "/ical/seasons/nowhere.ics", None),
    ],
)
def test_programs_read_english_whatever_their_headers_ask_for(method: str, address: str, body: Any):
    forget_keys()
    doors = Doors.of(make_organization())

    usual, german = (_asked(doors, method, address, body, language) for language in ("en", "de"))

    assert german == usual


def _asked(doors: Doors, method: str, address: str, body: Any, language: str) -> tuple[int, str]:
    doors.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    answer = doors.ask(method, address, body)
    return answer.status_code, re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|req_\w+", "", answer.content.decode())


def _address(page: str) -> str:
    return reverse(f"admin:{page}")


def _page_of_one(desk: Desk, model: Any, language: str) -> str:
    """The page of the only row there is."""
    with desk.scope():
        address = reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[model.objects.get().pk]
        )
    return desk.client.get(address, headers={"accept-language": language}).content.decode()
