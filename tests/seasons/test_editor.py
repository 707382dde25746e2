"""The page of one season: every named place, answers from rows that are not saved, and what reaches the database."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import override_settings

from bookingoffice.audit.models import AuditEntry
from seasons.calendar import Stretch
from seasons.models import Season, SeasonYear
from seasons.writes import change_seasons
from seasons.year_writes import set_year
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, make_desk
from tests.seasons.builders import SUMMER, WHOLE_YEAR, WINTER, expression
from tests.seasons.test_admin import filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_first_of_june")]

ADD, CHANGE, DRAFT = "seasons_season_add", "seasons_season_change", "seasons_season_draft"
PLACES = (
    "season-name", "season-dates", "season-endfeb", "season-reading", "season-picture", "season-checks", "season-try",
    "season-single-years", "season-raw", "season-feed", "last-changes",
)  # fmt: skip
CHRISTMAS = expression(((20, 12), (6, 1)))


@pytest.fixture
def the_first_of_june() -> Any:
    with time_machine.travel("2027-06-01T12:00Z", tick=True):
        yield


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def kept(desk: Desk) -> list[Any]:
    with desk.scope():
        return list(Season.objects.values_list("value", flat=True))


def test_every_place_is_there_once():
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(WINTER))

    page = text_of(desk.get(CHANGE, season.pk))

    assert {place: page.count(f'id="{place}"') for place in PLACES} == dict.fromkeys(PLACES, 1)
    assert "Both days are included. For nights: the last night, not the day of departure." in page
    assert "28, or 29 in leap years" in page


def test_asking_answers_from_the_rows_and_saves_nothing():
    desk = make_desk()
    builders.make_season(desk.organization, "Christmas", CHRISTMAS)

    page = text_of(desk.post(ADD, **filled((1, 11, "end", ""), _check="try", **{"try-from": "2027-12-27"})))

    assert "1 November to end of February, over New Year: 120 nights, 121 in leap years." in page
    assert "27 Dec 2027: Christmas applies. It lies over Winter and wins" in page
    assert "In no season: 1 March to 31 October (245 nights)." in page
    assert kept(desk) == [CHRISTMAS]


def test_asking_again_adds_no_rows():
    desk = make_desk()
    rows = filled(
        (1, 11, "end", 2), *[("", "", "", "")] * 3, **{"name-0-tag": "", "name-0-text": "", "_check": "checks"}
    )

    page = text_of(desk.post(ADD, **rows))

    assert page.count('-from-day"') == 4
    assert "<details open>" not in page


def test_a_stay_is_answered_night_by_night():
    page = text_of(
        make_desk().post(DRAFT, **filled((1, 11, "end", 2), **{"try-from": "2028-02-28", "try-to": "2028-03-03"}))
    )

    assert "4 nights: 2 Winter, 2 in no season." in page


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        ("2028-13-01", "", "is a date such as"),
        ("2028-01-02", "2028-01-02", "at least one night"),
        ("1700-01-01", "", "1900"),
    ],
)
def test_an_odd_question_is_answered_kindly(first, last, refusal):
    posted = filled((1, 11, "end", 2), **{"try-from": first, "try-to": last})

    assert refusal in text_of(make_desk().post(DRAFT, **posted))


def test_swapped_ends_show_at_once():
    page = text_of(make_desk().post(DRAFT, **filled((1, 3, 31, 12), (31, 8, 29, 6))))

    assert "The whole year" in page
    assert "303 nights" in text_of(make_desk().post(DRAFT, **filled((1, 9, 30, 6))))


def test_the_live_parts_follow_the_rows_of_a_season_that_is_kept():
    desk = make_desk()
    season = builders.make_season(desk.organization, "Winter", expression(WINTER))

    page = text_of(
        desk.client.post(f"/admin/seasons/season/draft/?season={season.pk}", filled((1, 6, 31, 8), ("", "", 3, "")))
    )

    assert "1 June to 31 August: 92 nights." in page
    assert "Row 2 is not finished" in page
    assert "Shares" not in page
    assert kept(desk) == [expression(WINTER)]


def test_the_end_of_february_is_kept_as_29_and_shown_again():
    desk = make_desk()

    assert desk.post(ADD, **filled((1, 11, "end", ""))).status_code == 302

    assert kept(desk) == [expression(WINTER)]
    with desk.scope():
        season = Season.objects.get()
    assert '<option value="end" selected>' in text_of(desk.get(CHANGE, season.pk))


def test_the_end_of_february_goes_with_no_other_month():
    response = make_desk().post(ADD, **filled((1, 11, "end", 3)))

    assert "“End of February” goes with February" in text_of(response)


def test_an_end_on_28_february_is_hinted_at_and_fixed_by_one_click():
    desk = make_desk()
    rows = filled((1, 11, 28, 2))

    assert "On 29 Feb 2028 no season applies." in text_of(desk.post(ADD, **rows, _check="checks"))
    page = text_of(desk.post(ADD, **rows, _fix="end_of_february"))

    assert "1 November to end of February, over New Year" in page
    assert "29 Feb 2028" not in page.partition('id="season-picture"')[0]
    assert kept(desk) == []


def test_rows_are_tidied_without_being_saved():
    desk = make_desk()

    page = text_of(desk.post(ADD, **filled((1, 6, 30, 6), (1, 7, 31, 8), _fix="tidy")))

    assert page.count('<div class="house-row season-row filled">') == 1
    assert kept(desk) == []


def test_warnings_never_block_saving():
    desk = make_desk()

    assert desk.post(ADD, **filled((1, 11, 28, 2), (1, 12, 3, 12))).status_code == 302

    assert len(kept(desk)) == 1


def test_a_faulty_row_is_told_at_its_row_while_asking_too():
    page = text_of(make_desk().post(ADD, **filled((31, 9, 1, 10), _check="checks")))

    assert "goes from 1 to 30" in page


def test_the_picture_is_a_table_with_a_text_for_every_day_of_the_year_chosen():
    desk = make_desk()
    season = builders.make_season(desk.organization, "Winter", expression(WINTER))

    page = text_of(desk.get(CHANGE, season.pk, year="2028"))

    assert page.count('<th scope="row"><span class="season-unseen">') == 12
    assert ">29 Feb: Winter</span>" in page
    assert ">1 May: no season</span>" in page
    assert ">30 Feb: no such day</span>" in page
    assert "2028 (leap year)" in page
    assert "29 Feb: no such day" in text_of(desk.get(CHANGE, season.pk))


def test_days_of_a_gap_are_filled_in_for_a_new_season():
    page = text_of(make_desk().get(ADD, **{"from": "61", "to": "305"}))

    assert "1 March to 31 October: 245 nights." in page


@pytest.mark.parametrize(
    "query", [{"from": "0", "to": "3"}, {"from": "x", "to": "1"}, {"year": "10000"}, {"try-from": "?"}]
)
def test_an_odd_address_shows_the_page_all_the_same(query):
    assert make_desk().get(ADD, **query).status_code == 200


def test_the_first_season_is_the_whole_year():
    desk = make_desk()

    assert "Make “Whole year”" in text_of(desk.get("seasons_season_changelist"))
    page = text_of(desk.get(ADD, whole_year="1"))

    assert 'value="Whole year"' in page
    assert "The whole year: 365 nights, 366 in leap years." in page
    builders.make_season(desk.organization, value=expression(WHOLE_YEAR))
    assert "Make “Whole year”" not in text_of(desk.get("seasons_season_changelist"))


def test_the_raw_json_equals_what_is_stored():
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(WINTER))

    page = unescape(desk.get(CHANGE, season.pk).content.decode())

    shown = page.partition('id="season-raw-text"')[2].partition(">")[2].partition("</pre>")[0]
    assert json.loads(shown) == expression(WINTER)
    assert "months count from 0" in page


def test_the_history_tells_changes_in_words_with_who_and_when():
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(SUMMER))
    with desk.scope():
        change_seasons(desk.organization, [season.pk], {"value": expression(((1, 6), (15, 9)))}, **desk.act)
        set_year(desk.organization, season.pk, 2028, [Stretch(date(2028, 6, 3), date(2028, 9, 10))], **desk.act)

    page = text_of(desk.get(CHANGE, season.pk)).partition('id="last-changes"')[2]

    assert "31 Aug → 15 Sep" in page
    assert "Made season in a single year 2028 (Summer)" in page
    assert "3 Jun to 10 Sep 2028" in page
    assert desk.user.username in page


def test_deleting_says_which_coupons_name_the_season():
    desk = make_desk()
    season = builders.make_season(desk.organization)
    builders.make_coupon(desk.organization, "BOUND", season_ids=[str(season.pk)])

    assert "BOUND" in text_of(desk.get("seasons_season_delete", season.pk))


def test_a_viewer_asks_and_writes_nothing():
    desk = make_desk("viewer")
    season = builders.make_season(desk.organization, "Winter", expression(WINTER))

    page = text_of(desk.get(CHANGE, season.pk, **{"try-from": "2027-12-01"}))

    assert "1 Dec 2027: Winter applies." in page
    assert 'name="_fix"' not in page
    assert "Renew the address" not in page
    assert desk.client.post("/admin/seasons/season/feed/").status_code == 403
    assert desk.client.post(f"/admin/seasons/season/{season.pk}/years/2028/", {"_none": "1"}).status_code == 403


def test_the_feed_is_made_shown_and_renewed_after_one_question():
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(WINTER))

    desk.client.post("/admin/seasons/season/feed/")
    first = feed_address(desk, season)

    assert desk.client.get(first).status_code == 200
    assert "stops working at once" in text_of(desk.client.get("/admin/seasons/season/feed/"))
    desk.client.post("/admin/seasons/season/feed/")  # from a page that is older than the address
    assert feed_address(desk, season) == first
    desk.client.post("/admin/seasons/season/feed/", {"renew": "1"})
    assert desk.client.get(first).status_code == 404
    assert feed_address(desk, season) != first


def test_an_address_that_cannot_be_shown_is_renewed_after_the_question_too():
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(WINTER))
    desk.client.post("/admin/seasons/season/feed/")
    first = feed_address(desk, season)

    with override_settings(SECRET_KEY="another" * 10):
        desk.client.force_login(desk.user)
        page = text_of(desk.get(CHANGE, season.pk))
        told = text_of(desk.client.post("/admin/seasons/season/feed/", follow=True))

    assert '<a class="season-button season-primary" href="/admin/seasons/season/feed/">Make a new address</a>' in page
    assert "cannot be shown" in told
    assert desk.client.get(first).status_code == 200


def feed_address(desk: Desk, season: Season) -> str:
    page = text_of(desk.get(CHANGE, season.pk))
    address = page.partition('id="season-feed-address" class="season-address">')[2].partition("<")[0]
    assert address.startswith("http://testserver/ical/seasons/")
    return address


def test_dates_for_one_year_replace_the_usual_ones_and_these_stay_in_sight():
    desk = make_desk()
    season = builders.make_season(desk.organization, "Summer", expression(SUMMER))

    form = text_of(desk.client.get(f"/admin/seasons/season/{season.pk}/years/2028/"))
    assert "1 Jun to 31 Aug 2028" in form
    assert form.count('type="date"') == 2 * 4
    desk.client.post(f"/admin/seasons/season/{season.pk}/years/2028/", {"from-0": "2028-06-03", "to-0": "2028-09-10"})

    page = text_of(desk.get(CHANGE, season.pk, year="2028"))
    assert "<td>3 Jun to 10 Sep 2028</td><td><del>1 Jun to 31 Aug 2028</del></td>" in page
    assert ">1 Jun: no season</span>" in page
    with desk.scope():
        assert AuditEntry.objects.filter(table_name="season_years").count() == 1


@pytest.mark.parametrize(
    ("posted", "fault"),
    [
        ({"from-0": "2028-06-03", "to-0": ""}, "last day"),
        ({"from-0": "2028-06-03", "to-0": "2028-06-01"}, "before the last"),
        ({"from-0": "2026-06-03", "to-0": "2026-06-05"}, "begins in 2028"),
        ({"from-0": "", "to-0": ""}, "Give a first and a last day"),
        ({}, "Give a first and a last day"),
    ],
)
def test_faulty_dates_of_a_year_are_told_at_their_row(posted, fault):
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(SUMMER))

    assert fault in text_of(desk.client.post(f"/admin/seasons/season/{season.pk}/years/2028/", posted))

    with desk.scope():
        assert not SeasonYear.objects.exists()


def test_a_year_without_the_season_and_back_again():
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(SUMMER))
    address = f"/admin/seasons/season/{season.pk}/years/2028/"

    desk.client.post(address, {"_none": "1"})
    assert "does not take place" in text_of(desk.get(CHANGE, season.pk))
    desk.client.post(address, {"_remove": "1"})

    with desk.scope():
        assert not SeasonYear.objects.exists()


def test_a_copy_to_another_year_is_shown_before_it_is_written():
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(SUMMER))
    with desk.scope():
        set_year(desk.organization, season.pk, 2028, [Stretch(date(2028, 6, 3), date(2028, 9, 10))], **desk.act)
    asked = {"from": "2028", "to": "2029", "mode": "same_weekdays"}
    address = f"/admin/seasons/season/{season.pk}/years/copy/"

    shown = text_of(desk.client.get(address, asked))
    assert "<strong>2 Jun to 9 Sep 2029</strong>" in shown
    assert "1 Jun to 31 Aug 2029" in shown
    with desk.scope():
        assert SeasonYear.objects.count() == 1
    desk.client.post(address, asked)
    desk.client.post(address, {**asked, "mode": "same_dates"})

    assert "<td>2 Jun to 9 Sep 2029</td>" in text_of(desk.get(CHANGE, season.pk))


@pytest.mark.parametrize("year", [1899, 2200, 10**30])
@pytest.mark.parametrize("posted", [{}, {"_none": "1"}, {"_remove": "1"}])
def test_a_year_that_no_season_can_have_is_not_there(year, posted):
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(SUMMER))
    address = f"/admin/seasons/season/{season.pk}/years/{year}/"

    assert desk.client.get(address).status_code == desk.client.post(address, posted).status_code == 404


@pytest.mark.parametrize("ask", ["get", "post"])
def test_a_copy_that_would_leave_its_year_is_refused_in_words(ask):
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(SUMMER))
    with desk.scope():
        set_year(desk.organization, season.pk, 2027, [Stretch(date(2026, 12, 29), date(2027, 1, 3))], **desk.act)
    asked = {"from": "2027", "to": "2028", "mode": "same_weekdays"}

    answer = getattr(desk.client, ask)(f"/admin/seasons/season/{season.pk}/years/copy/", asked, follow=True)

    assert "28 Dec 2027 to 2 Jan 2028: A range of 2028 begins in 2028" in text_of(answer)
    with desk.scope():
        assert [row.year for row in SeasonYear.objects.all()] == [2027]


def test_another_organizations_season_has_no_years_and_is_in_no_answer():
    desk, other = make_desk(), builders.make_organization("Elsewhere")
    season = builders.make_season(other, "Foreign", expression(WHOLE_YEAR))

    page = text_of(desk.client.post(f"/admin/seasons/season/draft/?season={season.pk}", filled((1, 6, 31, 8))))

    assert "Foreign" not in page
    assert "In no season: 1 September to 31 May" in page
    for address in ("years/2028/", "years/copy/?from=2028&to=2029"):
        assert desk.client.get(f"/admin/seasons/season/{season.pk}/{address}").status_code == 404
