"""The nearest known word to a misspelt one, for the hints of errors; near in the sense of PostgREST's fuzzy sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

LEAST_LIKENESS = 0.33
PIECE_SIZES = (3, 2)


def closest(word: str, known: Sequence[str], *, other_case: bool = False) -> str | None:
    """None where nothing is near, and where the word is known after all; with `other_case` a word that is known in other
    letters is that one. Long pieces in common outweigh short ones, then the fewest edits count, then the most pieces."""
    names = {name.lower(): name for name in known}
    key = word.lower()
    if key in names:
        return names[key] if other_case and word not in known else None
    for size in PIECE_SIZES:
        if near := _nearest(key, names, size):
            return near
    return None


def _nearest(key: str, names: dict[str, str], size: int) -> str | None:
    pieces = _pieces(key, size)
    shared = {name: _overlap(pieces, _pieces(name, size)) for name in names}
    near = [name for name in shared if shared[name] and _likeness(key, name) >= LEAST_LIKENESS]
    best = max(near, key=lambda name: (_likeness(key, name), shared[name]), default=None)
    return None if best is None else names[best]


def _pieces(key: str, size: int) -> Counter[str]:
    """How often each run of `size` characters comes, between fences and without punctuation."""
    letters = "".join(letter for letter in key if letter.isalnum() or letter.isspace() or letter == ",")
    fenced = f"-{letters}-"
    return Counter(fenced[start : start + size] for start in range(len(fenced) - size + 1))


def _overlap(left: Counter[str], right: Counter[str]) -> float:
    """The cosine of the two, up to the length of `left`."""
    length = sum(count * count for count in right.values()) ** 0.5
    return sum(count * right[piece] for piece, count in left.items()) / (length or 1)


def _likeness(left: str, right: str) -> float:
    """1 for the same word, 0 for nothing in common."""
    return 1 - _edits(left, right) / max(len(left), len(right))


def _edits(left: str, right: str) -> int:
    """Levenshtein's distance: letters to insert, delete or replace."""
    row = list(range(len(right) + 1))
    for count, letter in enumerate(left, 1):
        before, row = row, [count]
        for place, other in enumerate(right, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != other)))
    return row[-1]
