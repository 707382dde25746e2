from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations
from uuid import UUID

import pytest

from bookingoffice.errors import RuleViolation
from seasons.stays import days_of_stay, days_outside, nights_by_season, nights_of, ranked, seasons_on
from tests.seasons.builders import NEW_YEAR, SUMMER, WHOLE_YEAR, dates, season

CHRISTMAS = ((20, 12), (6, 1))
FAIR = ((10, 7), (12, 7))


def numbers(seasons):
    return [found.id.int for found in seasons]


def test_the_narrowest_comes_first_then_the_newest_then_the_smallest_id():
    later = NEW_YEAR + timedelta(microseconds=1)
    seasons = [
        season(9, FAIR),
        season(5, SUMMER, created_at=later),
        season(2, SUMMER),
        season(7, SUMMER),
        season(1, WHOLE_YEAR, created_at=later),
    ]

    for shuffled in permutations(seasons):
        assert numbers(ranked(shuffled)) == [9, 5, 2, 7, 1]


def test_created_at_is_compared_as_an_instant():
    noon_in_utc = season(1, SUMMER, created_at=datetime(2026, 1, 1, 12, tzinfo=UTC))
    half_past_in_delhi = season(
        2, SUMMER, created_at=datetime(2026, 1, 1, 18, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    )

    assert numbers(ranked([noon_in_utc, half_past_in_delhi])) == [2, 1]


def test_rows_of_single_years_do_not_change_the_rank_and_a_season_of_rows_alone_stands_first():
    longer = season(1, SUMMER, rows={2027: [("2027-06-01", "2027-06-02")]})
    rows_alone = season(3, rows={2027: [("2027-01-01", "2027-12-31")]})

    assert numbers(seasons_on([longer, season(2, FAIR), rows_alone], date(2027, 7, 11))) == [3, 2]
    assert numbers(seasons_on([longer, season(2, FAIR), rows_alone], date(2028, 7, 11))) == [2, 1]
    assert numbers(ranked([longer, season(2, FAIR), rows_alone])) == [3, 2, 1]


def test_a_day_in_no_season_is_no_error():
    assert seasons_on([season(1, SUMMER)], date(2026, 1, 1)) == []


def test_a_stay_has_the_nights_before_check_out_and_a_rental_by_day_has_both_ends():
    assert days_of_stay(date(2027, 3, 27), date(2027, 3, 29)) == [date(2027, 3, 27), date(2027, 3, 28)]
    assert days_of_stay(date(2027, 3, 27), date(2027, 3, 27), "day") == [date(2027, 3, 27)]
    assert len(days_of_stay(date(2028, 1, 1), date(2029, 1, 1))) == 366


@pytest.mark.parametrize(
    ("check_out", "unit"), [(date(2027, 3, 27), "night"), (date(2027, 3, 26), "night"), (date(2027, 3, 26), "day")]
)
def test_a_stay_without_a_night_is_refused(check_out, unit):
    with pytest.raises(RuleViolation) as refusal:
        days_of_stay(date(2027, 3, 27), check_out, unit)

    assert refusal.value.code == "empty_stay"


def test_a_stay_is_answered_night_by_night_and_counted_under_the_primary_season():
    seasons = [season(1, WHOLE_YEAR, rows={2027: [("2027-01-01", "2027-12-25")]}), season(2, CHRISTMAS)]
    nights = nights_of(seasons, days_of_stay(date(2027, 12, 18), date(2027, 12, 22)))
    around = nights_of(seasons[:1], days_of_stay(date(2027, 12, 24), date(2028, 1, 3)))

    assert [[found.int for found in night.season_ids] for night in nights] == [[1], [1], [2, 1], [2, 1]]
    assert nights_by_season(nights) == {UUID(int=1): 2, UUID(int=2): 2}
    assert list(nights_by_season(around).items()) == [(UUID(int=1), 4), (None, 6)]
    assert around[2].primary is None


def test_every_night_asks_for_a_season_of_its_own():
    asked = days_of_stay(date(2027, 8, 30), date(2027, 9, 2))

    assert days_outside([dates(SUMMER)], asked) == [date(2027, 9, 1)]
    assert days_outside([dates(SUMMER), dates(((1, 9), (1, 9)))], asked) == []
    assert days_outside([], asked) == asked
