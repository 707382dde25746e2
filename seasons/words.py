"""A season in a sentence staff can check at a glance.

"1 November to end of February, over New Year: 120 nights, 121 in leap years."
"""

from __future__ import annotations

from typing import Final

from bookingoffice.speech import gettext as _
from bookingoffice.speech import gettext_noop, ngettext
from seasons.ring import LEAP_SLOT, Interval, MonthDay, SlotSet

JANUARY, FEBRUARY, MARCH = gettext_noop("January"), gettext_noop("February"), gettext_noop("March")
APRIL, MAY, JUNE = gettext_noop("April"), gettext_noop("May"), gettext_noop("June")
JULY, AUGUST, SEPTEMBER = gettext_noop("July"), gettext_noop("August"), gettext_noop("September")
OCTOBER, NOVEMBER, DECEMBER = gettext_noop("October"), gettext_noop("November"), gettext_noop("December")
MONTHS: Final = (
    JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER
)  # fmt: skip
SHORT: Final = (
    gettext_noop("Jan"), gettext_noop("Feb"), gettext_noop("Mar"), gettext_noop("Apr"), MAY, gettext_noop("Jun"),
    gettext_noop("Jul"), gettext_noop("Aug"), gettext_noop("Sep"), gettext_noop("Oct"), gettext_noop("Nov"),
    gettext_noop("Dec"),
)  # fmt: skip
UNDECIDED: Final = gettext_noop("Dates not decided yet.")
NEVER: Final = gettext_noop("Never: no dates.")
FROM_TO: Final = gettext_noop("%(first)s to %(last)s")
OVER_NEW_YEAR: Final = gettext_noop("%(first)s to %(last)s, over New Year")
DAY: Final = gettext_noop("%(day)s %(month)s")


def sentence(slots: SlotSet | None) -> str:
    """The days in normal form and how many nights they are; None is a season whose dates are not decided."""
    if slots is None:
        return _(UNDECIDED)
    if not slots.spans:
        return _(NEVER)
    return f"{days_in_words(slots)}: {nights_in_words(slots)}."


def days_in_words(slots: SlotSet) -> str:
    """Every stretch of the normal form; one over New Year says so."""
    if slots.full:
        return _("The whole year")
    return _listed([interval_in_words(interval) for interval in slots.intervals()])


def interval_in_words(interval: Interval) -> str:
    if interval.first == interval.last:
        return _first_day(interval.first)
    days = {"first": _first_day(interval.first), "last": _last_day(interval.last)}
    return _(OVER_NEW_YEAR) % days if interval.wraps else _(FROM_TO) % days


def nights_in_words(slots: SlotSet) -> str:
    common, leap = slots.common_days, slots.leap_days
    if common == leap:
        return nights_counted(common)
    if common == 0:
        return _("%(nights)s in leap years only") % {"nights": nights_counted(leap)}
    return _("%(nights)s, %(leap)s in leap years") % {"nights": nights_counted(common), "leap": leap}


def nights_counted(count: int) -> str:
    return ngettext("%(count)s night", "%(count)s nights", count) % {"count": count}


def month_in_short(month: int) -> str:
    """`month` counts from 0."""
    return _(SHORT[month])


def _first_day(day: MonthDay) -> str:
    return _(DAY) % {"day": day.day, "month": _(MONTHS[day.month])}


def _last_day(day: MonthDay) -> str:
    return _("end of February") if day.slot == LEAP_SLOT else _first_day(day)


def _listed(parts: list[str]) -> str:
    *most, last = parts
    return _("%(most)s; and %(last)s") % {"most": "; ".join(most), "last": last} if most else last
