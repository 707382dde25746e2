"""Between PostgreSQL's multiranges, which leave their last end out, and stretches, which have it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from seasons.calendar import ONE_DAY, Stretch, joined
from seasons.ring import SlotSet


def stretches_of(dates: Any) -> tuple[Stretch, ...]:
    """Of a `datemultirange`."""
    return tuple(Stretch(piece.lower, piece.upper - ONE_DAY) for piece in dates)


def slots_of_column(slots: Any) -> SlotSet:
    """Of an `int4multirange` of slots, which PostgreSQL has merged."""
    return SlotSet(tuple((piece.lower, piece.upper) for piece in slots))


def multirange_text(stretches: Iterable[Stretch]) -> str:
    """As PostgreSQL reads a `datemultirange`."""
    ranges = (f"[{dates.first},{dates.last + ONE_DAY})" for dates in joined(stretches))
    return "{" + ",".join(ranges) + "}"
