"""A season with a name a person reads, as pictures and notes need it."""

from __future__ import annotations

from dataclasses import dataclass

from seasons.stays import RankedSeason


@dataclass(frozen=True)
class NamedSeason(RankedSeason):
    """`label` is in the reader's language."""

    label: str
