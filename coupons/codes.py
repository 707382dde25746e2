"""Coupon codes as they are typed. What makes two spellings the same code is decided by the database alone (`code_key`).

Characters that say nothing are listed once, here; the database function is built from the same list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bookingoffice.errors import Fault
from bookingoffice.speech import gettext as _

LONGEST: Final = 64
"""Characters, counted as code points of the code as sent."""

CharacterRange = tuple[int, int]
"""First and last code point."""

SPACES: Final[tuple[CharacterRange, ...]] = (
    (0x0009, 0x000D), (0x0020, 0x0020), (0x0085, 0x0085), (0x00A0, 0x00A0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
)  # fmt: skip

HYPHENS: Final[tuple[CharacterRange, ...]] = (
    (0x002D, 0x002D), (0x00AD, 0x00AD), (0x02D7, 0x02D7), (0x058A, 0x058A), (0x05BE, 0x05BE), (0x1400, 0x1400),
    (0x1806, 0x1806), (0x2010, 0x2015), (0x2043, 0x2043), (0x207B, 0x207B), (0x208B, 0x208B), (0x2212, 0x2212),
    (0x2E17, 0x2E17), (0x2E1A, 0x2E1A), (0x2E3A, 0x2E3B), (0x2E40, 0x2E40), (0x2E5D, 0x2E5D), (0x301C, 0x301C),
    (0x3030, 0x3030), (0x30A0, 0x30A0), (0xFE31, 0xFE32), (0xFE58, 0xFE58), (0xFE63, 0xFE63), (0xFF0D, 0xFF0D),
    (0x10D6E, 0x10D6E), (0x10EAD, 0x10EAD),
)  # fmt: skip
"""Dashes, minus signs and the soft hyphen."""

INVISIBLE: Final[tuple[CharacterRange, ...]] = (
    (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""What Unicode calls default-ignorable, the fillers, and the blank Braille cell."""

CONTROLS: Final[tuple[CharacterRange, ...]] = ((0x0000, 0x001F), (0x007F, 0x009F))
DIRECTION_MARKS: Final[tuple[CharacterRange, ...]] = (
    (0x061C, 0x061C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069),
)  # fmt: skip
"""They can make one code look like another on a screen."""

IGNORED: Final = SPACES + HYPHENS + INVISIBLE
REFUSED: Final = CONTROLS + DIRECTION_MARKS
_HALF_CHARACTERS: Final[tuple[CharacterRange, ...]] = ((0xD800, 0xDFFF),)  # JSON can carry them, no database can


def code_faults(code: str, *, field: str = "code", row: int = 0) -> list[Fault]:
    """Everything wrong with a code; `row` counts from 0 in what was sent."""
    if _GOOD.fullmatch(code):
        return []
    return [Fault(field, fault_code, message, "", row) for fault_code, message in _faults(code)]


def _class_of(ranges: tuple[CharacterRange, ...]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_GOOD: Final = re.compile(
    rf"(?=.*[^{_class_of(IGNORED)}])[^{_class_of(REFUSED + _HALF_CHARACTERS)}]{{1,{LONGEST}}}", re.DOTALL
)
"""What has no fault, told at once: thousands of codes come together."""


def _faults(code: str) -> Iterator[tuple[str, str]]:
    if _all_within(code, IGNORED):
        yield "code_empty", _("A code needs at least one letter or digit; spaces and hyphens do not count.")
    if any(_within(character, REFUSED + _HALF_CHARACTERS) for character in code):
        yield "code_with_control_character", _("A code has no control characters and no marks of writing direction.")
    if len(code) > LONGEST:
        yield "code_too_long", _("A code has at most %(most)s characters.") % {"most": LONGEST}


def _all_within(text: str, ranges: tuple[CharacterRange, ...]) -> bool:
    return all(_within(character, ranges) for character in text)


def _within(character: str, ranges: tuple[CharacterRange, ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)
