"""Rows of "from day, month to day, month" as a field of forms. Months are chosen by name; nobody types their number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.admin.rendering import RowsWidget
from bookingoffice.errors import Fault
from seasons.expressions import RECURRING, intervals_of, value_faults
from seasons.ring import LEAP_SLOT, Interval
from seasons.words import MONTHS

PARTS: Final = ("from-day", "from-month", "to-day", "to-month")
LABELS: Final = (
    gettext_lazy("First day"),
    gettext_lazy("First month"),
    gettext_lazy("Last day"),
    gettext_lazy("Last month"),
)
END: Final = "end"
"""Chosen among the last days: the end of February, kept as 29."""
DAYS: Final = [("", gettext_lazy("Day")), *((str(day), str(day)) for day in range(1, 32))]
LAST_DAYS: Final = [*DAYS, (END, gettext_lazy("end of February"))]
MONTH_CHOICES: Final = [
    ("", gettext_lazy("Month")),
    *((str(place + 1), gettext_lazy(name)) for place, name in enumerate(MONTHS)),
]
FEBRUARY: Final = "2"
Rows = list[dict[str, str]]

_PLACE = re.compile(r"intervals\[(\d+)\]")


class DaysWidget(RowsWidget):
    template_name = "seasons/widgets/days.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows: Rows = without_spare(value) if isinstance(value, list) else rows_of(value)
        shown = [*rows, *({} for _ in range(self.spare))]
        drawn = [
            {"parts": _parts(row), "filled": any(row.values()), "faults": self.faults.get(place)}
            for place, row in enumerate(shown)
        ]
        return {**super().get_context(name, value, attrs), "rows": drawn}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Rows:
        return self.posted_rows(data, name, PARTS)


class DaysField(forms.Field):
    """Cleans to a SeasonExpression, in the order and spelling of the rows. Rows left empty do not count."""

    widget = DaysWidget

    def clean(self, value: Any) -> dict[str, Any]:
        rows: Rows = value if isinstance(value, list) else rows_of(value)
        places = [place for place, row in enumerate(rows) if any(row.values())]
        self._refuse_unfinished(rows, places)
        expression = {"type": RECURRING, "intervals": [_interval(rows[place]) for place in places]}
        self.refuse(value_faults(expression), places)
        return expression

    def refuse(self, faults: Sequence[Fault], places: Sequence[int]) -> None:
        """`places` are the rows the intervals came from."""
        for fault in faults:
            found = _PLACE.match(fault.path)
            if found and int(found[1]) < len(places):
                self.widget.faults.setdefault(places[int(found[1])], []).append(fault.message)
        if faults:
            raise ValidationError(_("The dates are not right; see their rows."), code="invalid")

    def _refuse_unfinished(self, rows: Rows, places: Sequence[int]) -> None:
        for place in places:
            if fault := unfinished(rows[place]):
                self.widget.faults[place] = [fault]
        if self.widget.faults:
            raise ValidationError(_("The dates are not right; see their rows."), code="invalid")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [_sides(row) for row in data if any(row.values())] != [_sides(row) for row in rows_of(initial)]


def unfinished(row: Mapping[str, str]) -> str:
    """What is still to be chosen in a row that somebody began; empty when nothing is."""
    if row["to-day"] == END and row["to-month"] not in ("", FEBRUARY):
        return _("“End of February” goes with February; choose a day of the other month instead.")
    if not all(_sides(row).values()):
        return _("Choose a day and a month on both sides, or leave the row empty.")
    return ""


def without_spare(rows: Rows) -> Rows:
    """Without the empty rows at the end, which every page adds anew."""
    used = max((place for place, row in enumerate(rows, 1) if any(row.values())), default=0)
    return rows[:used]


def rows_of(value: Any) -> Rows:
    """The rows that show a stored expression; months counted from 1 as the selects have them."""
    return [_row(interval) for interval in intervals_of(value)]


def interval_of(row: Mapping[str, str]) -> Interval | None:
    """None for a row that is not finished or names an impossible day."""
    if unfinished(row) or value_faults({"type": RECURRING, "intervals": [_interval(row)]}):
        return None
    return intervals_of({"intervals": [_interval(row)]})[0]


def _row(interval: Interval) -> dict[str, str]:
    (first_month, first_day), (last_month, last_day) = interval
    shown_last = END if interval.last.slot == LEAP_SLOT else str(last_day)
    return dict(zip(PARTS, (str(first_day), str(first_month + 1), shown_last, str(last_month + 1)), strict=True))


def _sides(row: Mapping[str, str]) -> dict[str, str]:
    """The row with the end of February as its day and month."""
    return {**row, "to-day": "29", "to-month": FEBRUARY} if row["to-day"] == END else dict(row)


def _interval(row: Mapping[str, str]) -> dict[str, Any]:
    return {"min": _side(_sides(row), "from"), "max": _side(_sides(row), "to")}


def _side(row: Mapping[str, str], side: str) -> dict[str, Any]:
    month = _number(row[f"{side}-month"])
    return {"month": month - 1 if isinstance(month, int) else month, "day": _number(row[f"{side}-day"])}


def _number(text: str) -> Any:
    """What is no number stays as it is, for the rules to refuse."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else text


def _parts(row: Mapping[str, str]) -> list[dict[str, Any]]:
    choices = (DAYS, MONTH_CHOICES, LAST_DAYS, MONTH_CHOICES)
    return [
        {"name": part, "label": label, "chosen": row.get(part, ""), "choices": offered}
        for part, label, offered in zip(PARTS, LABELS, choices, strict=True)
    ]
