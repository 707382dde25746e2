"""The list of seasons, what it does with ticked ones, and the organization's year page: the same statements at every size."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seasons.admin import lists
from seasons.admin.lists import now_in_words
from seasons.calendar import Stretch
from seasons.models import Season
from seasons.writes import create_seasons
from seasons.year_writes import set_year
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, make_desk
from tests.seasons.builders import SUMMER, WHOLE_YEAR, WINTER, dates, events_read, expression
from tests.seasons.test_editor import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_first_of_june")]

LIST, YEAR, CHANGE = "seasons_season_changelist", "seasons_season_year", "seasons_season_change"
MANY = 60


@pytest.fixture
def the_first_of_june() -> Any:
    with time_machine.travel("2027-06-01T12:00Z", tick=True):
        yield


def make_many(desk: Desk, count: int) -> list[Any]:
    rows = [{"name": {"default": f"Season {place}"}, "value": expression(WINTER, SUMMER)} for place in range(count)]
    with desk.scope():
        ids = create_seasons(desk.organization, rows, **desk.act)
        for season_id in ids[:3]:
            set_year(desk.organization, season_id, 2027, [Stretch(date(2027, 5, 1), date(2027, 5, 9))], **desk.act)
    return ids


def rows_of(desk: Desk, **query: str) -> dict[str, Any]:
    return {row.told.label: row.told for row in desk.get(LIST, **query).context["cl"].result_list}


@pytest.mark.parametrize(
    ("page", "query"),
    [(LIST, {}), (LIST, {"dates": "overlapping"}), (LIST, {"on": "2027-12-01"}), (YEAR, {}), (CHANGE, {})],
)
def test_five_and_sixty_seasons_take_the_same_statements(page, query):
    counts = []
    for size in (5, MANY):
        desk = make_desk()
        [season_id, *_] = make_many(desk, size)
        place = [season_id] if page == CHANGE else []
        desk.get(page, *place, **query)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page, *place, **query).status_code == 200
        counts.append(len(captured))

    # A list that is longer than its page is counted, once; one that is narrowed is so by the keys that were found.
    assert counts[1] - counts[0] == (page == LIST and not query)


def test_a_season_made_while_the_list_is_read_is_left_for_the_next_look(monkeypatch):
    desk = make_desk()
    builders.make_season(desk.organization, "Winter", expression(WINTER))

    with monkeypatch.context() as overtaken:
        overtaken.setattr(lists, "all_seasons", lambda request: [])
        assert rows_of(desk) == {}

    assert rows_of(desk).keys() == {"Winter"}


def test_a_row_tells_its_days_what_is_now_and_its_overlaps():
    desk = make_desk()
    builders.make_season(desk.organization, "Winter", expression(WINTER))
    builders.make_season(desk.organization, "Christmas", expression(((20, 12), (6, 1))))
    builders.make_season(desk.organization, "Summer", expression(SUMMER))
    builders.make_season(desk.organization, "Later")

    rows = rows_of(desk)

    assert rows["Winter"].reading == "1 November to end of February, over New Year"
    assert (rows["Winter"].nights, rows["Winter"].overlaps) == ("120 nights, 121 in leap years", 1)
    assert rows["Winter"].now == "Begins in 153 days"
    assert rows["Summer"].now == "In season; ends in 92 days"
    assert (rows["Later"].reading, rows["Later"].now, rows["Later"].overlaps) == ("Dates not decided yet.", "—", 0)


def test_what_is_now_looks_as_far_as_the_next_leap_day():
    assert now_in_words(dates(((29, 2), (29, 2))), date(2097, 1, 1)) == "Begins in 2614 days"
    assert now_in_words(dates(WHOLE_YEAR), date(2027, 1, 1)) == "In season, always"


def test_the_name_is_in_the_readers_language():
    desk = make_desk()
    season = builders.make_season(desk.organization, "Winter", expression(WINTER))
    with desk.scope():
        Season.objects.filter(pk=season.pk).update(name={"default": "Winter", "nl": "Koude tijd"})

    page = desk.client.get("/admin/seasons/season/", headers={"accept-language": "nl-BE,en;q=0.5"}).content.decode()

    assert "Koude tijd" in page


def test_the_filters_find_dates_new_year_and_overlaps():
    desk = make_desk()
    builders.make_season(desk.organization, "Winter", expression(WINTER))
    builders.make_season(desk.organization, "Cold", expression(((1, 1), (31, 1))))
    summer = builders.make_season(desk.organization, "Summer", expression(SUMMER))
    with desk.scope():
        set_year(desk.organization, summer.pk, 2027, [Stretch(date(2027, 5, 1), date(2027, 5, 9))], **desk.act)

    assert set(rows_of(desk, dates="new_year")) == {"Winter"}
    assert set(rows_of(desk, dates="overlapping")) == {"Winter", "Cold"}
    assert set(rows_of(desk, on="2027-05-03")) == {"Summer"}
    assert set(rows_of(desk, on="2027-07-03")) == set()
    assert set(rows_of(desk, on="2028-07-03")) == {"Summer"}
    assert set(rows_of(desk, on="soon")) == {"Winter", "Cold", "Summer"}


def act_on(desk: Desk, action: str, *seasons: Any, **values: str) -> Any:
    ids = [str(season.pk) for season in seasons]
    return desk.client.post("/admin/seasons/season/", {"action": action, "_selected_action": ids, **values})


def test_duplicating_shows_first_what_it_will_write():
    desk = make_desk()
    season = builders.make_season(desk.organization, "Winter", expression(WINTER))
    with desk.scope():
        set_year(desk.organization, season.pk, 2028, [], **desk.act)

    assert "Winter (copy)" in text_of(act_on(desk, "duplicate", season))
    with desk.scope():
        assert Season.objects.count() == 1
    act_on(desk, "duplicate", season, confirmed="1")

    with desk.scope():
        copy = Season.objects.exclude(pk=season.pk).get()
        assert (copy.name["default"], copy.value) == ("Winter (copy)", expression(WINTER))
        assert [row.year for row in copy.years.all()] == [2028]


def test_tidying_shows_the_rows_before_and_after():
    desk = make_desk()
    season = builders.make_season(desk.organization, "Summer", expression(((1, 6), (30, 6)), ((1, 7), (31, 8))))

    page = text_of(act_on(desk, "tidy_up", season))
    assert "1 June to 30 June + 1 July to 31 August" in page
    assert "<strong>1 June to 31 August</strong>" in page
    act_on(desk, "tidy_up", season, confirmed="1")

    with desk.scope():
        assert Season.objects.get().value == expression(SUMMER)


def test_comparing_leads_to_a_picture_of_the_ticked_ones_alone():
    desk = make_desk()
    winter = builders.make_season(desk.organization, "Winter", expression(WINTER))
    builders.make_season(desk.organization, "Summer", expression(SUMMER))

    picture = desk.client.get(act_on(desk, "compare", winter)["Location"]).context["picture"]

    assert [mark.label for mark in picture.legend] == ["Winter"]


def test_exports_hold_the_ticked_ones():
    desk = make_desk("viewer")
    winter = builders.make_season(desk.organization, "=Winter", expression(WINTER))
    builders.make_season(desk.organization, "Summer", expression(SUMMER))

    assert "1 November to end of February" in text_of(act_on(desk, "export", winter))
    table = act_on(desk, "export", winter, format="csv").content.decode()
    [wire] = json.loads(act_on(desk, "export", winter, format="json").content)

    assert list(csv.reader(StringIO(table)))[1:] == [[str(winter.pk), "'=Winter", "11-01", "02-29"]]
    assert list(wire) == ["id", "created_at", "updated_at", "organization_id", "name", "value"]
    assert len(events_read(act_on(desk, "export", winter, format="ics").content)) == 5


def test_the_actions_that_write_are_not_for_viewers():
    desk = make_desk("viewer")
    season = builders.make_season(desk.organization, "Winter", expression(WINTER))

    for action in ("duplicate", "tidy_up"):
        act_on(desk, action, season, confirmed="1")

    with desk.scope():
        assert Season.objects.count() == 1


def test_the_year_page_lists_gaps_and_overlaps_with_links():
    desk = make_desk()
    winter = builders.make_season(desk.organization, "Winter", expression(WINTER))
    builders.make_season(desk.organization, "Spring", expression(((1, 3), (28, 4))))
    builders.make_season(desk.organization, "Rest", expression(((2, 5), (31, 10))))
    christmas = builders.make_season(desk.organization, "Christmas", expression(((20, 12), (6, 1))))
    builders.make_season(builders.make_organization("Elsewhere"), "Foreign", expression(WHOLE_YEAR))

    page = text_of(desk.get(YEAR, year="2028"))

    assert 'id="seasons-year"' in page
    assert "3 nights without a season: 29 Apr to 1 May 2028" in page
    assert "/admin/seasons/season/add/?from=120&to=122" in page
    assert f"/{christmas.pk}/change/" in page
    assert f"/{winter.pk}/change/" in page
    assert "Why: it has fewer days (18 against 121)." in page
    assert "Foreign" not in page


def test_the_year_page_is_for_staff_of_the_organization():
    desk = make_desk()
    desk.client.logout()

    assert desk.get(YEAR).status_code == 302
