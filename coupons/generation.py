"""Random codes after a pattern: which there are, how many fit, and whether what somebody typed is a slip.

A pattern is text with places: `#` a digit, `?` a letter, `*` either, `!` the check character; everything else stands for
itself. A pattern without `!` gets one at its end.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from math import prod
from typing import Final

from django.utils.translation import gettext as _

from bookingoffice.errors import Fault, Malformed, RuleViolation
from coupons.codes import IGNORED, code_faults

DIGITS: Final = "23456789"
LETTERS: Final = "CDFGHJKMNPRTWXY"
ALPHABET: Final = DIGITS + LETTERS
"""Of characters that are mistaken for each other (0 O, 1 I L, 2 Z, 5 S, 8 B, U V) at most one is in, and no vowel, so that no
word comes about. Twenty-three is a prime: a weighted sum over it notices every change of one character and of two neighbours."""

PLACES: Final = {"#": DIGITS, "?": LETTERS, "*": ALPHABET, "!": ALPHABET}
CHECK: Final = "!"
DEFAULT: Final = "****-****!"
MARGIN: Final = 100
"""Of so many codes that fit a pattern at most one is given out: few are drawn twice, and a guess finds nothing."""

_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}


@dataclass(frozen=True, slots=True)
class Mark:
    """One character of a pattern: itself, or a place for one `among` these."""

    text: str
    among: str = ""

    def takes(self, character: str) -> bool:
        return character.upper() in self.among if self.among else character == self.text.lower()


@dataclass(frozen=True)
class Pattern:
    marks: tuple[Mark, ...]

    @cached_property
    def capacity(self) -> int:
        """How many codes there are."""
        return prod(len(mark.among) for mark in self.marks if mark.among and mark.text != CHECK)

    @cached_property
    def most(self) -> int:
        """How many of them may be given out."""
        return self.capacity // MARGIN

    def draw(self, number: int) -> list[str]:
        """Codes by chance, fit for secrets; two may be the same."""
        drawn = {place: _drawn(mark.among, number) for place, mark in enumerate(self.marks) if _is_free(mark)}
        checked = iter(self._checks(list(drawn.values())))
        columns = (
            drawn[place] if place in drawn else checked if mark.text == CHECK and mark.among else repeat(mark.text)
            for place, mark in enumerate(self.marks)
        )
        return list(map("".join, zip(*columns, strict=False)))

    def _checks(self, columns: Sequence[str]) -> list[str]:
        """The check character of each code, from its drawn characters by place."""
        weighted = [
            column.encode().translate(_weighing(weight))
            for column, weight in zip(columns, self._free_weights, strict=True)
        ]
        inverse = pow(self._check_weight, -1, len(ALPHABET))
        answers = [ALPHABET[-total * inverse % len(ALPHABET)] for total in range(len(ALPHABET) * len(columns))]
        return [answers[sum(values)] for values in zip(*weighted, strict=True)]

    @cached_property
    def _weights(self) -> tuple[int, ...]:
        """One for each place, never 0 and never that of its neighbour."""
        return tuple(1 + place % (len(ALPHABET) - 1) for place in range(sum(bool(mark.among) for mark in self.marks)))

    @property
    def _free_weights(self) -> list[int]:
        places = [mark for mark in self.marks if mark.among]
        return [weight for mark, weight in zip(places, self._weights, strict=True) if mark.text != CHECK]

    @property
    def _check_weight(self) -> int:
        places = [mark.text for mark in self.marks if mark.among]
        return self._weights[places.index(CHECK)]

    @cached_property
    def spoken(self) -> tuple[Mark, ...]:
        """Without what does not count in a code: hyphens and spaces between."""
        return tuple(
            Mark(said, mark.among) if mark.among else Mark(said)
            for mark in self.marks
            for said in (mark.text if mark.among else _bare(mark.text))
        )

    def adds_up(self, key: str) -> bool:
        """Whether the check character of a bare code that fits is right."""
        values = [_VALUES[said.upper()] for said, mark in zip(key, self.spoken, strict=True) if mark.among]
        return sum(map(int.__mul__, values, self._weights)) % len(ALPHABET) == 0


def pattern_of(text: str, prefix: str = "") -> Pattern:
    """The prefix stands for itself, whatever it holds. Raises Malformed for what makes no codes."""
    if text.count(CHECK) > 1:
        raise Malformed(
            [
                Fault(
                    "pattern",
                    "pattern_with_two_checks",
                    _("Give the check character, %(check)s, at most one place.") % {"check": CHECK},
                )
            ]
        )
    places = [Mark(character, PLACES.get(character, "")) for character in text]
    if not any(map(_is_free, places)):
        raise Malformed(
            [Fault("pattern", "pattern_without_places", _("A pattern needs places: # digit, ? letter, * either."))]
        )
    end = [] if CHECK in text else [Mark(CHECK, ALPHABET)]
    pattern = Pattern((*map(Mark, prefix), *places, *end))
    if faults := code_faults(pattern.draw(1)[0], field="pattern"):
        raise Malformed(faults)
    return pattern


def refuse_unless_roomy(pattern: Pattern, count: int) -> None:
    """Raises RuleViolation `pattern_too_small`."""
    if count > pattern.most:
        sentence = _("This pattern is good for %(most)s codes; give it more places (# digit, ? letter, * either).") % {
            "most": format(pattern.most, ",")
        }
        raise RuleViolation("pattern_too_small", sentence, field="pattern")


def is_slip(typed: str, pattern: Pattern) -> bool:
    """Whether this is a code of the pattern with one character mistyped or two neighbours swapped.

    False for a code that may well have been made: if nobody knows it, it is unknown and no slip.
    """
    key = _bare(typed)
    if len(key) != len(pattern.spoken):
        return False
    strange = _strange(key, pattern)
    if not strange:
        return not pattern.adds_up(key)
    first, last = strange[0], strange[-1]
    swapped = key[:first] + key[last] + key[first] + key[last + 1 :]
    return first == last or (last == first + 1 and not _strange(swapped, pattern))


def _strange(key: str, pattern: Pattern) -> list[int]:
    """Where a character stands that cannot stand there."""
    return [place for place, (said, mark) in enumerate(zip(key, pattern.spoken, strict=True)) if not mark.takes(said)]


def _is_free(mark: Mark) -> bool:
    return bool(mark.among) and mark.text != CHECK


def _drawn(among: str, number: int) -> str:
    """Each as likely as the other: random bytes beyond the last whole round of the characters are thrown away."""
    whole = 256 - 256 % len(among)
    table = bytes(ord(among[value % len(among)]) for value in range(256))
    kept = b""
    while len(kept) < number:
        kept += secrets.token_bytes(number - len(kept) + 16).translate(table, bytes(range(whole, 256)))
    return kept[:number].decode()


def _weighing(weight: int) -> bytes:
    return bytes(_VALUES.get(chr(code), 0) * weight % len(ALPHABET) for code in range(256))


def _bare(text: str) -> str:
    """Close to the database's key: good enough to tell a slip, not to tell whether two codes are the same."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(one for one in plain if not any(first <= ord(one) <= last for first, last in IGNORED))
