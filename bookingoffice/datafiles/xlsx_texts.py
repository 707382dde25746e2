"""Texts in the cells of a workbook: XML holds no control characters, and what begins like a formula is escaped as in CSV.

An empty text is an apostrophe, because an empty cell is none at all.
"""

from __future__ import annotations

import re
from typing import Final

APOSTROPHES: Final = re.compile(r"'*(?:[=+\-@\t\r]|\Z)")
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
WRITTEN: Final = re.compile("_x([0-9A-Fa-f]{4})_")


def written(text: str, *, free: bool) -> str:
    """`free` is anybody's words; what is not cannot begin like a formula."""
    escaped = f"'{text}" if free and APOSTROPHES.match(text) else text
    return UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", escaped)


def read(text: str, *, free: bool) -> str:
    plain = WRITTEN.sub(lambda found: chr(int(found[1], 16)), text)
    return plain[1:] if free and plain.startswith("'") and APOSTROPHES.match(plain) else plain
