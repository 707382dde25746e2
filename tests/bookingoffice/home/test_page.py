"""The first page tells what needs somebody, and everything on it leads there."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingoffice.home.pictures import HEIGHT, bars_of
from coupons import services
from seasons.ahead import gaps_ahead
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, make_desk
from tests.bookingoffice.accounts.test_history import text_of

pytestmark = pytest.mark.django_db


def need(desk: Desk, name: str) -> Any:
    [found] = [each for each in desk.get("index").context["needs"] if each.name == name]
    return found


def codes(desk: Desk, name: str) -> list[str]:
    """What the page names, after holding it against the list that it leads to."""
    found = need(desk, name)
    listed = desk.client.get(found.page).context["cl"].result_list
    assert found.count == str(len(listed))
    assert {row.code for row in found.rows} == {coupon.code for coupon in listed}
    return [row.code for row in found.rows]


def use(desk: Desk, coupon: Any, moment: datetime | None = None) -> None:
    builders.make_use(desk.organization, coupon, moment=moment or timezone.now())


def test_coupons_that_end_this_week_are_named_soonest_first(time_machine_at_noon):
    desk = make_desk()
    for code, day in (
        ("SUNDAY", "2027-06-20"),
        ("THURSDAY", "2027-06-17"),
        ("NEXT", "2027-06-21"),
        ("GONE", "2027-06-14"),
    ):
        builders.make_coupon(desk.organization, code, expires_at=day)

    assert codes(desk, "expiring") == ["THURSDAY", "SUNDAY"]
    assert [row.when for row in need(desk, "expiring").rows] == ["Thu 17 Jun", "Sun 20 Jun"]


def test_nearly_used_up_and_used_up_coupons_are_told_apart():
    desk = make_desk()
    nearly, full = (builders.make_coupon(desk.organization, code, quota=5) for code in ("NEARLY", "FULL"))
    builders.make_coupon(desk.organization, "FRESH", quota=5)
    for _ in range(4):
        use(desk, nearly)
    for _ in range(5):
        use(desk, full)

    assert codes(desk, "nearly") == ["NEARLY"]
    assert codes(desk, "exhausted") == ["FULL"]
    assert codes(desk, "never") == ["FRESH"]


def test_a_hot_coupon_is_nearly_used_up_over_all_its_counters():
    """Sixteen counters with two uses each, three of them full: what the first one says is not what the coupon says."""
    desk = make_desk()
    slow, fast = (builders.make_coupon(desk.organization, code, quota=32) for code in ("SLOW", "FAST"))
    with desk.scope():
        services.change_coupons(desk.organization, [slow.pk, fast.pk], {"hot": True}, **desk.act)
    for coupon, uses in ((slow, 25), (fast, 26)):
        for _ in range(uses):
            use(desk, coupon)

    assert codes(desk, "nearly") == ["FAST"]


def test_where_nothing_needs_anybody_the_page_says_so():
    page = text_of(make_desk("viewer").get("index"))

    for words in ("No coupon expires this week.", "No coupon is used up.", "There are no seasons yet."):
        assert words in page
    assert "Add a coupon" not in page


def test_weeks_are_told_in_a_picture_and_in_numbers():
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, kind="amount", amount_minor=1250, currency="EUR")
    now = timezone.now()
    for ago in (0, 0, 7):
        booking = builders.make_booking(desk.organization, currency="EUR")
        builders.make_line_item(booking, 10000)
        builders.make_use(desk.organization, coupon, booking, moment=now - timedelta(days=ago))

    weeks = desk.get("index").context["weeks"]

    assert [row.uses for row in weeks.rows[:3]] == ["2", "1", "0"]
    assert weeks.rows[0].taken.replace("\N{NO-BREAK SPACE}", " ") == "25.00 EUR"
    assert [bar.words for bar in weeks.uses[-2:]] == ["1", "2"]
    listed = desk.client.get(weeks.rows[0].page).context["cl"].result_list
    assert len(listed) == 2


def test_gaps_ahead_lead_to_the_picture_of_their_year(time_machine_at_noon):
    desk = make_desk()
    summer = {
        "type": "recurring-date-range",
        "intervals": [{"min": {"day": 1, "month": 0}, "max": {"day": 31, "month": 6}}],
    }
    builders.make_season(desk.organization, "Summer", summer)

    [gap] = desk.get("index").context["calendar"].gaps

    assert gap.words == "1 Aug 2027 to 31 Dec 2027"
    assert desk.client.get(gap.page).context["year"] == 2027


def test_latest_changes_are_told_and_lead_to_what_was_changed():
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, code="SUN")
    with desk.scope():
        services.change_coupons(desk.organization, [coupon.pk], {"quota": 4}, **desk.act)

    page = desk.get("index")

    assert "Uses in all: no limit → 4" in text_of(page)
    assert f'href="/admin/coupons/coupon/{coupon.pk}/change/"' in page.content.decode()


def test_every_link_of_the_page_leads_somewhere():
    desk = make_desk()
    use(desk, builders.make_coupon(desk.organization, quota=1))
    builders.make_coupon(desk.organization, "FRESH")
    page = desk.get("index").content.decode().partition('id="content"')[2]

    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/admin/[^"#]*)"', page)}

    assert len(links) > 20
    assert {link: desk.client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_another_organization_is_not_told_of():
    theirs = make_desk()
    builders.make_coupon(theirs.organization, "SECRET")

    assert "SECRET" not in text_of(make_desk().get("index"))


def test_the_number_of_queries_does_not_grow():
    desk = make_desk()
    builders.make_season(desk.organization)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get("index")
        return len(captured)

    use(desk, builders.make_coupon(desk.organization, quota=1))
    asked()  # the session is written once
    before = asked()
    for number in range(8):
        use(
            desk,
            builders.make_coupon(desk.organization, f"C{number}", quota=1, expires_at=timezone.now() + timedelta(1)),
        )
        builders.make_season(desk.organization)

    assert asked() == before <= 22


def test_bars_fill_their_box_and_a_little_is_still_seen():
    bars = bars_of([0, 1, 1000], ["0", "1", "1000"], ["a", "b", "c"], ["/a", "/b", "/c"])

    assert [bar.height for bar in bars] == [0, 2, 100]
    assert [bar.below for bar in bars] == ["", "", "c"]
    assert all(bar.y + bar.height <= HEIGHT for bar in bars)


def test_a_gap_over_new_year_is_one():
    assert gaps_ahead([], date(2027, 6, 15)) == [(date(2027, 6, 15), date(2028, 6, 14))]
