"""`limit` and `offset` of the list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rest_framework.exceptions import ValidationError

DEFAULT_LIMIT: Final = 50
LARGEST_LIMIT: Final = 1000
LARGEST_OFFSET: Final = 2**31 - 1
DIGITS: Final = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Page:
    limit: int
    offset: int


def read_page(query: Mapping[str, str]) -> tuple[Page, dict[str, list[str]]]:
    """The page, and what is wrong with the parameters by their names."""
    faults: dict[str, list[str]] = {}
    limit = _whole(query, "limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT, faults)
    offset = _whole(query, "offset", 0, 0, LARGEST_OFFSET, faults)
    return Page(limit, offset), faults


def _whole(
    query: Mapping[str, str], name: str, default: int, least: int, most: int, faults: dict[str, list[str]]
) -> int:
    text = query.get(name)
    if text is None:
        return default
    if DIGITS.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    faults[name] = [f"This is a whole number from {least} to {most}."]
    return default


def refuse(*found: Mapping[str, list[str]]) -> None:
    """Raises ValidationError with every fault."""
    faults = {name: sentences for one in found for name, sentences in one.items()}
    if faults:
        raise ValidationError(faults)
