"""Questions about seasons under `/rpc/`: which apply when, what is left open, and a copy to start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils import timezone

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.accounts.models import Scope
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.functions import Arguments, Parameter
from seasons import answers
from seasons.api.bookingmood.arguments import (
    FORBIDDEN,
    ORGANIZATION,
    JudgingFunction,
    Verbatim,
    judging,
    lang_of,
    season_id_of,
    truth_of,
)
from seasons.asked import day_asked, stay_asked, window_asked, year_asked
from seasons.copying import copy_season
from seasons.questions import kept_season

REFUSALS: Final[Mapping[str, int]] = {
    **dict.fromkeys(
        (
            "missing_parameter",
            "unknown_parameter",
            "bad_date",
            "date_out_of_range",
            "window_reversed",
            "window_too_long",
            "empty_stay",
            "too_many_nights",
            "bad_unit",
        ),
        400,
    ),
    FORBIDDEN: 403,
    "season_not_found": 404,
}
LANG: Final = Verbatim("lang")
SEASON: Final = Verbatim("season_id", "uuid", required=True)


def seasons_on(caller: Caller, given: Arguments) -> Any:
    return answers.on_day(caller.organization_id, day_asked(given["day"], "day"), lang_of(given))


def season_dates(caller: Caller, given: Arguments) -> Any:
    window = window_asked(given["from"], given["to"])
    clip = truth_of(given, "clip", True)
    return answers.dates_of(caller.organization_id, season_id_of(given), window, clip=clip)


def seasons_for_stay(caller: Caller, given: Arguments) -> Any:
    unit = given.get("unit")
    days = stay_asked(given["check_in"], given["check_out"], "night" if unit is None else unit)
    return answers.for_stay(caller.organization_id, days)


def season_report(caller: Caller, given: Arguments) -> Any:
    year = given.get("year")
    return answers.report(caller.organization_id, None if year is None else year_asked(year), lang_of(given))


def season_copy(caller: Caller, given: Arguments) -> Any:
    lang, season_id = lang_of(given), season_id_of(given)
    act: Any = {"name": given.get("name"), "actor": actor_of(caller), "moment": timezone.now()}
    copied = kept_season(caller.organization_id, copy_season(organization_of(caller), season_id, **act))
    [told] = answers.shown(caller.organization_id, [copied], lang)
    return told


def _function(
    name: str,
    act: Callable[[Caller, Arguments], Any],
    description: str,
    *parameters: Parameter,
    scope: Scope = Scope.READ,
) -> JudgingFunction:
    known = (*parameters, ORGANIZATION, LANG)
    return JudgingFunction(
        name,
        judging(act, known),
        known,
        reads_only=scope == Scope.READ,
        scope=str(scope),
        refusals=REFUSALS,
        description=description,
    )


FUNCTIONS: Final = (
    _function(
        "seasons_on", seasons_on, "The seasons of a day, the primary one first.", Verbatim("day", "date", required=True)
    ),
    _function(
        "season_dates",
        season_dates,
        "The runs of a season in a window, cut to it unless `clip` is false.",
        SEASON,
        Verbatim("from", "date", required=True),
        Verbatim("to", "date", required=True),
        Verbatim("clip", "boolean"),
    ),
    _function(
        "seasons_for_stay",
        seasons_for_stay,
        "Night by night which seasons apply, and how many nights each primary one has.",
        Verbatim("check_in", "date", required=True),
        Verbatim("check_out", "date", required=True),
        Verbatim("unit"),
    ),
    _function(
        "season_report",
        season_report,
        "Gaps, overlaps and oddities of all seasons; with `year` also the gaps of that year.",
        Verbatim("year", "integer"),
    ),
    _function(
        "season_copy",
        season_copy,
        "A new season with the same days and rows of single years.",
        SEASON,
        Verbatim("name", "jsonb"),
        scope=Scope.WRITE,
    ),
)
