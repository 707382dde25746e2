"""The picture of a year, the notes and the answers of the editor, without a page around them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from seasons.changes import change_in_words
from seasons.checks import Written, notes_on
from seasons.expressions import intervals_of
from seasons.named import NamedSeason
from seasons.pictures import Picture, picture_of
from seasons.stays import days_of_stay
from seasons.tries import told_of_day, told_of_stay
from tests.seasons.builders import NEW_YEAR, SUMMER, WHOLE_YEAR, WINTER, dates, expression

CHRISTMAS = ((20, 12), (6, 1))


def named(number: int, label: str, *spans: Any, created_at: datetime = NEW_YEAR, **rows: Any) -> NamedSeason:
    return NamedSeason(UUID(int=number), dates(*spans, **rows), created_at, label)


def cell(picture: Picture, month: int, day: int) -> Any:
    return picture.months[month - 1][1][day - 1]


def notes(*spans: Any, others: tuple[NamedSeason, ...] = (), year: int = 2027, **kept: Any) -> dict[str, Any]:
    written = Written(named(9, "Winter", *spans, **kept), intervals_of(expression(*spans)))
    return {note.code: note for note in notes_on(written, others, year=year, leap_year=2028)}


def test_this_season_is_filled_and_the_one_that_wins_gives_the_letter():
    winter, christmas = named(1, "Winter", WINTER), named(2, "Christmas", CHRISTMAS)

    picture = picture_of(2027, [winter, christmas], winter.id)

    shared = cell(picture, 12, 27)
    assert (shared.text, shared.filled.label, shared.first.letter) == ("27 Dec: Christmas, also Winter", "Winter", "C")
    assert [line.label for line in shared.lines] == ["Christmas"]
    assert (cell(picture, 5, 1).text, cell(picture, 5, 1).gap, cell(picture, 5, 1).filled) == (
        "1 May: no season",
        True,
        None,
    )


def test_without_a_season_of_its_own_the_picture_fills_the_winner():
    picture = picture_of(2027, [named(1, "Winter", WINTER), named(2, "Christmas", CHRISTMAS)])

    assert cell(picture, 12, 27).filled.label == "Christmas"
    assert [line.label for line in cell(picture, 12, 27).lines] == ["Winter"]


def test_the_picture_has_twelve_rows_of_31_and_only_days_that_exist():
    picture = picture_of(2027, [named(1, "All", WHOLE_YEAR)])

    assert [(name, len(cells)) for name, cells in picture.months][::11] == [("January", 31), ("December", 31)]
    assert sum(each.day is not None for _, cells in picture.months for each in cells) == 365
    assert cell(picture, 2, 29).text == "29 Feb: no such day"
    assert cell(picture_of(2028, []), 2, 29).gap


def test_a_letter_is_the_seasons_own_and_an_older_one_keeps_it():
    later = NEW_YEAR + timedelta(days=1)
    seasons = [
        named(1, "Summer", SUMMER),
        named(2, "Skiing", WINTER, created_at=later),
        named(3, "!", WINTER, created_at=later),
    ]

    letters = {mark.label: mark.letter for mark in picture_of(2027, seasons).legend}

    assert letters == {"Summer": "S", "Skiing": "K", "!": "A"}


def test_many_seasons_have_a_letter_each_and_a_text_that_ends():
    seasons = [named(number, f"Season {number}", WHOLE_YEAR) for number in range(200)]

    picture = picture_of(2027, seasons)

    assert len({mark.letter for mark in picture.legend}) == 200
    assert cell(picture, 1, 1).text.endswith("and 196 more")
    assert len(cell(picture, 1, 1).lines) == 3


def test_the_look_comes_from_the_id_alone():
    one, other = named(5, "A", SUMMER), named(5, "B", WINTER)

    assert picture_of(2027, [one]).legend[0].look == picture_of(2028, [other]).legend[0].look


def test_single_years_are_drawn():
    season = named(1, "Regatta", ((12, 6), (21, 6)), rows={2027: [("2027-07-01", "2027-07-03")]})

    picture = picture_of(2027, [season])

    assert cell(picture, 6, 12).gap
    assert cell(picture, 7, 1).filled.label == "Regatta"


def test_an_overlap_names_days_the_winner_and_why():
    christmas = named(2, "Christmas", CHRISTMAS)

    note = notes(WINTER, others=(christmas,))["overlap"]

    assert note.text == (
        "Shares 20 December to 6 January, over New Year (18 nights) with Christmas. Christmas wins there: "
        "it has fewer days (18 against 121)."
    )
    assert note.about == christmas


def test_days_in_no_season_are_named():
    note = notes(WINTER)["gap"]

    assert note.text == "In no season: 1 March to 31 October (245 nights)."
    assert note.kind == "warning"
    assert note.open_days.first.slot == 61


def test_an_end_on_28_february_offers_the_end_of_february():
    rest = named(2, "Rest", ((1, 3), (31, 10)))

    found = notes(((1, 11), (28, 2)), others=(rest,))

    assert list(found) == ["ends_on_28_feb"]
    assert found["ends_on_28_feb"].text.endswith("On 29 Feb 2028 no season applies.")
    assert (found["ends_on_28_feb"].fix, found["ends_on_28_feb"].fix_label) == (
        "end_of_february",
        "Use end of February",
    )


def test_the_end_of_february_earns_no_note():
    assert notes(WINTER, others=(named(2, "Rest", ((1, 3), (31, 10))),)) == {}


def test_rows_that_overlap_or_touch_can_be_tidied():
    found = notes(((1, 1), (10, 1)), ((5, 1), (20, 1)), ((21, 1), (31, 12)))

    assert (found["intervals_overlap"].fix, found["intervals_touch"].fix) == ("tidy", "tidy")


def test_no_dates_and_days_that_a_single_year_leaves_open():
    assert "no_dates" in notes()
    found = notes(WHOLE_YEAR, rows={2027: [("2027-01-01", "2027-12-30")]})
    assert found["year_gap"].text == "In 2027 no season applies on 31 Dec 2027 (1 night)."


def test_a_date_says_who_wins_and_why():
    seasons = [named(1, "Winter", WINTER), named(2, "Christmas", CHRISTMAS)]

    assert told_of_day(seasons, date(2026, 12, 27)).sentence == (
        "27 Dec 2026: Christmas applies. It lies over Winter and wins: it has fewer days (18 against 121)."
    )
    assert told_of_day(seasons, date(2026, 6, 1)).sentence == "1 Jun 2026: no season applies."


def test_equal_seasons_are_told_apart_by_age():
    newer = named(2, "New", SUMMER, created_at=NEW_YEAR + timedelta(hours=1))

    assert "New applies" in told_of_day([named(1, "Old", SUMMER), newer], date(2026, 7, 1)).sentence
    assert "the newer one" in told_of_day([named(1, "Old", SUMMER), newer], date(2026, 7, 1)).sentence


def test_a_stay_is_told_night_by_night_and_adds_up():
    seasons = [named(1, "Winter", WINTER), named(2, "Christmas", CHRISTMAS)]

    told = told_of_stay(seasons, days_of_stay(date(2028, 2, 28), date(2028, 3, 3)))

    assert told.sentence == "4 nights: 2 Winter, 2 in no season."
    assert told.lines == (
        ("28 Feb to 29 Feb 2028, 2 nights", "Winter applies"),
        ("1 Mar to 2 Mar 2028, 2 nights", "no season applies"),
    )


def test_a_change_tells_the_ends_that_moved():
    assert change_in_words(expression(SUMMER), expression(((1, 6), (15, 9)))) == ["31 Aug → 15 Sep"]
    assert change_in_words(expression(WINTER), expression(((2, 11), (28, 2)))) == [
        "1 Nov → 2 Nov",
        "end of Feb → 28 Feb",
    ]
    assert change_in_words(None, expression(SUMMER)) == ["Dates not decided yet → 1 June to 31 August"]
