"""Six seasons that share the year among them, and a seventh that lies over two of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.demo.dice import Dice
from seasons.calendar import Stretch
from seasons.ring import Interval, MonthDay
from seasons.writes import create_seasons
from seasons.year_writes import set_years

Span = tuple[tuple[int, int], tuple[int, int]]

TILES: Final[dict[str, tuple[str, Span]]] = {
    "turn": ("Turn of the year", ((12, 21), (1, 6))),
    "winter": ("Winter", ((1, 7), (3, 31))),
    "spring": ("Spring", ((4, 1), (5, 31))),
    "early": ("Early summer", ((6, 1), (7, 9))),
    "high": ("High summer", ((7, 10), (8, 31))),
    "autumn": ("Autumn", ((9, 1), (12, 20))),
}
"""First and last month and day; months count from 1 here."""

OVERLAY: Final[tuple[str, tuple[Span, Span]]] = ("Regatta weeks", (((6, 12), (6, 21)), ((9, 4), (9, 13))))
DUTCH: Final = {
    "turn": "Jaarwisseling", "winter": "Winter", "spring": "Lente", "early": "Voorzomer", "high": "Hoogzomer",
    "autumn": "Herfst", "regatta": "Regattaweken",
}  # fmt: skip


def plan_seasons(organization: Organization, dice: Dice, *, actor: Actor, moment: datetime) -> dict[str, UUID]:
    """Ids by name of the season. Next year's regatta has dates of its own."""
    spans: dict[str, tuple[str, tuple[Span, ...]]] = {code: (name, (span,)) for code, (name, span) in TILES.items()}
    spans["regatta"] = OVERLAY
    rows: list[dict[str, Any]] = [
        {
            "id": dice.id_at(moment),
            "name": {"default": name, "nl": DUTCH[code]},
            "value": _value(*parts),
            "created_at": moment,
            "updated_at": moment,
        }
        for code, (name, parts) in spans.items()
    ]
    create_seasons(organization, rows, actor=actor, moment=moment)
    ids: dict[str, UUID] = dict(zip(spans, [row["id"] for row in rows], strict=True))
    year = moment.year + 2
    moved = [Stretch(date(year, 6, 18), date(year, 6, 27)), Stretch(date(year, 9, 3), date(year, 9, 12))]
    set_years(organization, {ids["regatta"]: {year: moved}}, actor=actor, moment=moment)
    return ids


def _value(*spans: Span) -> dict[str, Any]:
    return {
        "type": "recurring-date-range",
        "intervals": [
            Interval(*(MonthDay(month - 1, day) for month, day in (first, last))).as_json() for first, last in spans
        ],
    }
