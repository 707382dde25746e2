from __future__ import annotations

import pytest

from seasons.expressions import slots_of
from seasons.words import sentence
from tests.seasons.builders import SUMMER, WHOLE_YEAR, WINTER, expression


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([WINTER], "1 November to end of February, over New Year: 120 nights, 121 in leap years."),
        ([((1, 11), (31, 8))], "1 November to 31 August, over New Year: 304 nights, 305 in leap years."),
        ([SUMMER], "1 June to 31 August: 92 nights."),
        ([SUMMER, ((20, 12), (6, 1))], "1 June to 31 August; and 20 December to 6 January, over New Year: 110 nights."),
        ([((1, 9), (1, 9))], "1 September: 1 night."),
        ([((29, 2), (29, 2))], "29 February: 1 night in leap years only."),
        ([((1, 3), (28, 2))], "1 March to 28 February, over New Year: 365 nights."),
        ([WHOLE_YEAR], "The whole year: 365 nights, 366 in leap years."),
        ([((1, 7), (31, 12)), ((1, 1), (30, 6))], "The whole year: 365 nights, 366 in leap years."),
        ([], "Never: no dates."),
    ],
)
def test_a_season_reads_as_a_sentence(spans, words):
    assert sentence(slots_of(expression(*spans))) == words


def test_undecided_dates_are_not_never():
    assert sentence(None) == "Dates not decided yet."
