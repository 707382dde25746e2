"""The days of a season as history tells them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from seasons.calendar import ONE_DAY, Stretch
from seasons.changes import ARROW, change_in_words, state_in_words
from seasons.spoken import stretches_in_words


def days_said(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
    """Of a season that had no days, those it has; else what moved."""
    return [state_in_words(after)] if before is None else change_in_words(before, after)


def dates_said(before: str | None, after: str | None) -> list[str]:
    return [f" {ARROW} ".join(_dates(side) for side in (before, after) if side is not None)]


def _dates(text: str) -> str:
    """Of a `datemultirange` as the history keeps it: `{[2027-06-18,2027-06-28),…}`."""
    ends = [date.fromisoformat(end.strip("[{()}]")) for end in text.split(",") if end != "{}"]
    return stretches_in_words([Stretch(first, end - ONE_DAY) for first, end in zip(ends[::2], ends[1::2], strict=True)])
