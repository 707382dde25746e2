"""What the doors let in: days, years, windows and stays as people and programs write them.

The limits bind the doors, not the rules. Every refusal is a RuleViolation whose code never changes.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, cast

from bookingoffice.errors import RuleViolation
from bookingoffice.speech import gettext as _
from seasons.calendar import Stretch
from seasons.stays import Unit, days_of_stay
from seasons.year_rows import FIRST_YEAR, LAST_YEAR

LONGEST_WINDOW: Final = 3660
LONGEST_STAY: Final = 1000
UNITS: Final = ("night", "day")

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_YEAR: Final = re.compile(r"[0-9]{1,6}", re.ASCII)


def day_asked(text: object, field: str) -> date:
    """A date such as 2027-04-30. Refuses `bad_date` and `date_out_of_range`."""
    day = _day(text)
    if day is None:
        raise RuleViolation("bad_date", _("“%(field)s” is a date such as 2027-04-30.") % {"field": field}, field=field)
    _refuse_outside(day.year, field)
    return day


def year_asked(year: object, field: str = "year") -> int:
    """As a number or as text. Refuses `bad_date` and `date_out_of_range`."""
    if isinstance(year, str) and _YEAR.fullmatch(year):
        year = int(year)
    if isinstance(year, bool) or not isinstance(year, int):
        raise RuleViolation("bad_date", _("“%(field)s” is a year such as 2027.") % {"field": field}, field=field)
    _refuse_outside(year, field)
    return year


def window_asked(first: object, last: object) -> Stretch:
    """Both ends included. Refuses `window_reversed` and `window_too_long` besides bad dates."""
    window = Stretch(day_asked(first, "from"), day_asked(last, "to"))
    if window.last < window.first:
        raise RuleViolation("window_reversed", _("“to” stands before “from”."), field="to")
    if window.nights > LONGEST_WINDOW:
        raise RuleViolation(
            "window_too_long",
            _("A window has at most %(most)s days.") % {"most": format(LONGEST_WINDOW, ",")},
            field="to",
        )
    return window


def stay_asked(check_in: object, check_out: object, unit: object = "night") -> list[date]:
    """The nights of the stay, or its days. Refuses `bad_unit`, `empty_stay` and `too_many_nights` besides bad dates."""
    first, last = day_asked(check_in, "check_in"), day_asked(check_out, "check_out")
    if unit not in UNITS:
        raise RuleViolation("bad_unit", _("“unit” is “night” or “day”."), field="unit")
    if (last - first).days + (unit == "day") > LONGEST_STAY:
        raise RuleViolation(
            "too_many_nights",
            _("A stay has at most %(most)s nights or days.") % {"most": format(LONGEST_STAY, ",")},
            field="check_out",
        )
    return days_of_stay(first, last, cast("Unit", unit))


def _day(text: object) -> date | None:
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _refuse_outside(year: int, field: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RuleViolation(
            "date_out_of_range",
            _("Dates go from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR},
            field=field,
        )
