"""Dates of single years as a file writes them: `{"2027": [["2027-06-04", "2027-08-29"]], "2028": []}`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bookingoffice.errors import Fault
from seasons.calendar import Stretch
from seasons.year_rows import year_row_faults

Years = dict[int, list[Stretch]]


def read_years(value: Any) -> Years:
    """A value without faults; null is no year at all."""
    return {int(year): [_stretch(span) for span in spans] for year, spans in (value or {}).items()}


def years_faults(value: object, *, row: int) -> list[Fault]:
    """Every fault; the path begins with the year."""
    if value is None:
        return []
    if not isinstance(value, dict):
        return [
            Fault("years", "years_not_object", _("Years are an object, each year with its list of ranges."), "", row)
        ]
    return [fault for year, spans in value.items() for fault in _year_faults(year, spans, row)]


def _year_faults(year: str, spans: object, row: int) -> list[Fault]:
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        return [Fault("years", "year_out_of_range", _("A year has four digits."), year, row)]
    if not isinstance(spans, list) or not all(_readable(span) for span in spans):
        sentence = _("A year has a list of ranges, each [first day, last day] as 2027-04-30.")
        return [Fault("years", "ranges_not_readable", sentence, year, row)]
    stretches = [(_stretch(span).first, _stretch(span).last) for span in spans]
    faults = year_row_faults(int(year), stretches, row=row)
    return [
        Fault("years", fault.code, fault.message, f"{year}{fault.path.removeprefix('dates')}", row) for fault in faults
    ]


def _readable(span: object) -> bool:
    if not isinstance(span, list) or len(span) != 2 or not all(isinstance(day, str) for day in span):
        return False
    try:
        _stretch(span)
    except ValueError:
        return False
    return True


def _stretch(span: list[str]) -> Stretch:
    return Stretch(*(date.fromisoformat(day) for day in span))
