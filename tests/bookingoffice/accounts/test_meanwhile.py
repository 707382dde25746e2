"""Two people at one row: what the second would write over unseen is told first, and nothing else."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from bookingoffice.references.models import Product
from coupons import services
from coupons.models import Coupon, CouponProduct
from seasons import writes
from seasons.expressions import RECURRING
from seasons.models import Season
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, errors_of, make_desk

pytestmark = pytest.mark.django_db

COUPON, PRODUCT, SEASON = "coupons_coupon_change", "references_product_change", "seasons_season_change"
TOLD = "Somebody else has changed this"


class Fields(HTMLParser):
    """What a browser would send of a page: the fields of its forms, as they were drawn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, Any] = {}
        self._choosing = self._writing = ""
        self.feed(page)

    def handle_starttag(self, tag: str, given: Any) -> None:
        attributes = dict(given)
        name, value = attributes.get("name") or "", attributes.get("value") or ""
        if tag == "select":
            self._choosing = name
        elif tag == "option" and "selected" in attributes:
            self.sent.setdefault(self._choosing, []).append(value)
        elif tag == "textarea":
            self._writing, self.sent[name] = name, ""
        elif tag == "input" and name:
            self._input(name, attributes.get("type"), value, chosen="checked" in attributes)

    def _input(self, name: str, kind: str | None, value: str, *, chosen: bool) -> None:
        if kind in ("checkbox", "radio"):
            self.sent |= {name: value or "on"} if chosen else {}
        elif kind not in ("submit", "button"):
            self.sent[name] = value

    def handle_endtag(self, tag: str) -> None:
        self._writing = "" if tag == "textarea" else self._writing

    def handle_data(self, text: str) -> None:
        if self._writing:
            self.sent[self._writing] += text.removeprefix("\n")


def drawn(desk: Desk, page: str, record: Any) -> dict[str, Any]:
    return Fields(desk.get(page, record.pk).content.decode()).sent


def fresh(desk: Desk, record: Any) -> Any:
    with desk.scope():
        return type(record).objects.get(pk=record.pk)


@pytest.fixture
def desk() -> Desk:
    return make_desk("editor")


def coupon_of(desk: Desk) -> Any:
    values: Any = {
        "description": "as it was", "quota": 5, "season_ids": [], "budget_minor": 1050, "blackout_dates": ["2027-12-31"],
        "arrival_weekdays": [1, 5], "expires_at": "2027-05-01T00:00:00Z", "max_discount_minor": 5,
    }  # fmt: skip
    return builders.make_coupon(desk.organization, "SUMMER", **values)


def change(desk: Desk, coupon: Coupon, **changes: Any) -> None:
    with desk.scope():
        services.change_coupons(desk.organization, [coupon.pk], changes, **desk.act)


def test_what_was_changed_meanwhile_is_told_and_written_by_who_insists(desk):
    coupon = coupon_of(desk)
    page = drawn(desk, COUPON, coupon)
    change(desk, coupon, description="a program's")

    answer = desk.post(COUPON, coupon.pk, **page | {"quota": "7"})

    [told] = errors_of(answer)["description"]
    assert TOLD in told
    assert errors_of(answer).keys() == {"description"}
    assert (fresh(desk, coupon).description, fresh(desk, coupon).quota) == ("a program's", 5)

    again = desk.post(COUPON, coupon.pk, **Fields(answer.content.decode()).sent)
    assert again.status_code == 302
    assert (fresh(desk, coupon).description, fresh(desk, coupon).quota) == ("as it was", 7)


def test_the_same_meant_by_both_and_an_untouched_page_are_no_matter(desk):
    coupon = coupon_of(desk)
    page = drawn(desk, COUPON, coupon)
    assert json.loads(page["_drawn"]).keys() >= {"quota", "season_ids", "budget", "not_plans", "expires_at"}
    change(desk, coupon, quota=7)

    assert desk.post(COUPON, coupon.pk, **page | {"quota": "7"}).status_code == 302
    assert desk.post(COUPON, coupon.pk, **drawn(desk, COUPON, coupon)).status_code == 302
    assert desk.post(COUPON, coupon.pk, **drawn(desk, COUPON, coupon) | {"budget": "11"}).status_code == 302
    assert fresh(desk, coupon).budget_minor == 1100


def test_targets_are_compared_whatever_order_they_come_in(desk):
    coupon, products = coupon_of(desk), [builders.make_product(desk.organization, name) for name in ("Barn", "Loft")]
    with desk.scope():
        for product in products:
            row = {"coupon_id": str(coupon.pk), "product_id": str(product.pk)}
            services.add_targets(desk.organization, "product", [row], **desk.act)
    page = drawn(desk, COUPON, coupon)
    assert desk.post(COUPON, coupon.pk, **page).status_code == 302
    with desk.scope():
        Product.objects.filter(pk=products[0].pk).update(name={"default": "Byre"})
        services.remove_targets(
            desk.organization, "product", list(CouponProduct.objects.values_list("id", flat=True)[:1]), **desk.act
        )

    answer = desk.post(COUPON, coupon.pk, **page)

    assert errors_of(answer).keys() == {"products"}


def test_rows_without_a_service_of_their_own_are_kept_too(desk):
    product = builders.make_product(desk.organization, "Barn")
    page = drawn(desk, PRODUCT, product)
    with desk.scope():
        Product.objects.filter(pk=product.pk).update(timezone="Asia/Tokyo")

    answer = desk.post(PRODUCT, product.pk, **page)

    assert errors_of(answer).keys() == {"timezone"}
    assert fresh(desk, product).timezone == "Asia/Tokyo"


def test_the_days_of_a_season_are_kept_too(desk):
    day = {"type": RECURRING, "intervals": [{"min": {"day": 1, "month": 5}, "max": {"day": 31, "month": 7}}]}
    other = {"type": RECURRING, "intervals": [{"min": {"day": 1, "month": 0}, "max": {"day": 2, "month": 0}}]}
    season: Season = builders.make_season(desk.organization, value=day)
    page = drawn(desk, SEASON, season)
    assert desk.post(SEASON, season.pk, **page).status_code == 302
    with desk.scope():
        writes.change_seasons(desk.organization, [season.pk], {"value": other}, **desk.act)

    answer = desk.post(SEASON, season.pk, **page)

    assert TOLD in str(errors_of(answer))
    assert fresh(desk, season).value == other


@pytest.mark.parametrize("odd", ["", "5", "[]", "{", '{"quota": 5}', "[" * 10_000, '{"nothing": "x"}', "\x00"])
def test_odd_words_about_how_it_was_drawn_do_no_harm(desk, odd):
    coupon = coupon_of(desk)

    answer = desk.post(COUPON, coupon.pk, **drawn(desk, COUPON, coupon) | {"quota": "7", "_drawn": odd})

    assert answer.status_code in (200, 302, 400)
