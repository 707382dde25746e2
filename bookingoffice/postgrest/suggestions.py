"""The nearest known word to a misspelt one, for the hints of errors."""

from __future__ import annotations

from collections.abc import Sequence

LEAST_LIKENESS = 0.33


def closest(word: str, known: Sequence[str]) -> str | None:
    """None where nothing is near, and where the word is known after all."""
    if word in known or not known:
        return None
    near = [name for name in known if _pieces(word) & _pieces(name)]
    best = max(near, key=lambda name: _likeness(word, name), default=None)
    return best if best is not None and _likeness(word, best) >= LEAST_LIKENESS else None


def _pieces(word: str) -> set[str]:
    fenced = f"-{word.lower()}-"
    return {fenced[start : start + 2] for start in range(len(fenced) - 1)}


def _likeness(left: str, right: str) -> float:
    """1 for the same word, 0 for nothing in common."""
    return 1 - _edits(left.lower(), right.lower()) / max(len(left), len(right))


def _edits(left: str, right: str) -> int:
    """Levenshtein's distance: letters to insert, delete or replace."""
    row = list(range(len(right) + 1))
    for count, letter in enumerate(left, 1):
        before, row = row, [count]
        for place, other in enumerate(right, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != other)))
    return row[-1]
