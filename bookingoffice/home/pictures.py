"""Bars of a small picture, in the units of its own box; the template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH, HEIGHT, ABOVE, BELOW = 360, 132, 14, 18
GAP: Final = 6
LABELLED_EVERY: Final = 3


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    middle: float
    words: str
    below: str
    anchor: str
    address: str


def bars_of(numbers: Sequence[int], words: Sequence[str], below: Sequence[str], addresses: Sequence[str]) -> list[Bar]:
    """The highest fills the box; any number above 0 is seen. Every third place is named, the last among them."""
    most, step = max([*numbers, 1]), WIDTH / max(len(numbers), 1)
    room = HEIGHT - ABOVE - BELOW
    bars = []
    for place, number in enumerate(numbers):
        height = max(round(room * number / most, 1), 2) if number else 0
        named = (len(numbers) - 1 - place) % LABELLED_EVERY == 0
        bars.append(
            Bar(
                x=round(place * step + GAP / 2, 1),
                y=round(HEIGHT - BELOW - height, 1),
                width=round(step - GAP, 1),
                height=height,
                middle=round((place + 0.5) * step, 1),
                words=words[place] if number else "",
                below=below[place] if named else "",
                anchor="end" if place == len(numbers) - 1 else "middle",
                address=addresses[place],
            )
        )
    return bars
