"""SeasonExpression: the month-days of a season as clients write them, and every way of writing them wrongly.

`null` means dates are not decided yet, an empty list of intervals means deliberately never; neither has a date.
The database check `season_value_is_valid` is the twin of `value_faults`; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from bookingoffice.errors import Fault
from bookingoffice.speech import gettext as _
from bookingoffice.speech import gettext_noop
from seasons.ring import MONTH_LENGTHS, Interval, MonthDay, SlotSet

RECURRING: Final = "recurring-date-range"
MOST_INTERVALS: Final = 366
NUMBERS: Final = (gettext_noop("month"), gettext_noop("day"))
HINTS: Final[Mapping[str, str]] = {
    "month_out_of_range": gettext_noop("Months count from 0: 0 is January, 11 is December."),
    "month_not_integer": gettext_noop("Write a whole number without a point, such as 5."),
    "day_not_integer": gettext_noop("Write a whole number without a point, such as 5."),
    "unknown_type": gettext_noop("The only type is “recurring-date-range”."),
    "missing_type": gettext_noop("The only type is “recurring-date-range”."),
}
"""A next step for some codes."""


class _Flaw(NamedTuple):
    code: str
    path: str
    message: str


def value_faults(value: object, *, field: str = "value", row: int = 0) -> list[Fault]:
    """Every fault at once, by code and by path inside the value. Numbers may be int, Decimal or float."""
    flaws = () if value is None else _expression_flaws(value)
    return [Fault(field, flaw.code, flaw.message, flaw.path, row) for flaw in flaws]


def intervals_of(value: Mapping[str, Any] | None) -> tuple[Interval, ...]:
    """The intervals of a value without faults, as they were typed."""
    return tuple(
        Interval(_month_day(item["min"]), _month_day(item["max"])) for item in (value or {}).get("intervals", ())
    )


def slots_of(value: Mapping[str, Any] | None) -> SlotSet:
    """The days of a value without faults."""
    return SlotSet.of(intervals_of(value))


def expression_of(slots: SlotSet) -> dict[str, Any]:
    """The tidiest way to write these days."""
    return {"type": RECURRING, "intervals": [interval.as_json() for interval in slots.intervals()]}


def _month_day(side: Mapping[str, Any]) -> MonthDay:
    return MonthDay(int(side["month"]), int(side["day"]))


def _expression_flaws(value: object) -> Iterator[_Flaw]:
    if not isinstance(value, dict):
        yield _Flaw("not_object", "", _("A season's dates are an object, or null while they are not decided."))
        return
    yield from _type_flaws(value)
    yield from _list_flaws(value)
    yield from _unknown_keys(value, {"type", "intervals"}, "")


def _type_flaws(value: dict[str, Any]) -> Iterator[_Flaw]:
    if "type" not in value:
        yield _Flaw("missing_type", "type", _("The type is missing."))
    elif value["type"] != RECURRING:
        yield _Flaw("unknown_type", "type", _("This type of season is not known."))


def _list_flaws(value: dict[str, Any]) -> Iterator[_Flaw]:
    if "intervals" not in value:
        yield _Flaw("missing_intervals", "intervals", _("The list of intervals is missing."))
    elif not isinstance(value["intervals"], list):
        yield _Flaw("intervals_not_list", "intervals", _("The intervals are a list."))
    elif len(value["intervals"]) > MOST_INTERVALS:
        yield _Flaw(
            "too_many_intervals", "intervals", _("A season has at most %(most)s intervals.") % {"most": MOST_INTERVALS}
        )
    else:
        for place, item in enumerate(value["intervals"]):
            yield from _interval_flaws(item, f"intervals[{place}]")


def _interval_flaws(item: object, path: str) -> Iterator[_Flaw]:
    if not isinstance(item, dict):
        yield _Flaw("interval_not_object", path, _("An interval is an object with “min” and “max”."))
        return
    for side in ("min", "max"):
        if side in item:
            yield from _side_flaws(item[side], f"{path}.{side}")
        else:
            yield _Flaw(f"missing_{side}", f"{path}.{side}", _("The interval has no “%(side)s”.") % {"side": side})
    yield from _unknown_keys(item, {"min", "max"}, f"{path}.")


def _side_flaws(side: object, path: str) -> Iterator[_Flaw]:
    if not isinstance(side, dict):
        yield _Flaw("month_day_not_object", path, _("A day of the year is an object with “month” and “day”."))
        return
    yield from _number_flaws("month", side.get("month"), 0, 11, path)
    yield from _number_flaws("day", side.get("day"), 1, _length_of(side.get("month")), path)
    yield from _unknown_keys(side, {"month", "day"}, f"{path}.")


def _number_flaws(name: str, number: object, least: int, most: int, path: str) -> Iterator[_Flaw]:
    whole = _whole_number(number)
    if whole is None:
        yield _Flaw(f"{name}_not_integer", f"{path}.{name}", _("The %(name)s is a whole number.") % {"name": _(name)})
    elif not least <= whole <= most:
        yield _Flaw(
            f"{name}_out_of_range",
            f"{path}.{name}",
            _("The %(name)s goes from %(least)s to %(most)s.") % {"name": _(name), "least": least, "most": most},
        )


def _whole_number(number: object) -> int | Decimal | None:
    """5 is one and 5.0 is not. A Decimal tells them apart as the database does, by the digits kept after the point."""
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None
    if isinstance(number, Decimal):
        power = number.as_tuple().exponent
        return number if isinstance(power, int) and power >= 0 else None
    return number


def _length_of(month: object) -> int:
    """A faulty month does not hide its day: the day is then held against 31."""
    whole = _whole_number(month)
    return MONTH_LENGTHS[int(whole)] if whole is not None and 0 <= whole <= 11 else 31


def _unknown_keys(value: dict[str, Any], known: set[str], prefix: str) -> Iterator[_Flaw]:
    for key in value:
        if key not in known:
            yield _Flaw("unknown_key", f"{prefix}{key}", _("“%(key)s” is not known here.") % {"key": key})
