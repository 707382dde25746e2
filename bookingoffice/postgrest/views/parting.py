"""A query string parted into its shape and its values, so that `id=eq.5` and `id=eq.6` are understood and compiled once.

Only what cannot change the meaning is taken out: the value of a plain comparison, which the grammar reads to the end untouched. In
its place stands a sign that no client's text may hold, and every other query string is a shape of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_to_bytes

SIGN: Final = "\ue000"
ENCODED: Final = quote(SIGN).encode()
FOREIGN: Final = re.compile(rb"[;\x80-\xff]|%EE%80%80|%00", re.IGNORECASE)
COMPARED: Final = re.compile(rb"(?<![^&])([a-z][a-z0-9_.]*=(?:eq|neq|gte|gt|lte|lt)\.)([^&]+)")
QUOTED: Final = rb"%22((?:[^%&\"\\]|%(?!22|5C)[0-9A-F]{2})*)%22"
PLACE: Final = re.compile(
    rb"(?<![^&])or=\((?:[a-z][a-z0-9_]*\.[lg]t\.Q,and\([a-z][a-z0-9_]*\.eq\.Q,(?:or\()?)*[a-z][a-z0-9_]*\.[lg]t\.Q\)+(?![^&])".replace(
        b"Q", QUOTED
    ),
    re.IGNORECASE,
)
"""The place behind a page, as a link of ours says it."""

WORDS: Final = re.compile(rb"(?<=t\.|q\.)" + QUOTED)
OTHER_KEYS: Final = re.compile(rb"(?:.*\.)?(?:select|order|limit|offset|and|or|not|columns|on_conflict)=")


class Parted(NamedTuple):
    shape: bytes
    values: tuple[str, ...] = ()

    def texts(self, shaped: Sequence[str]) -> Sequence[str]:
        """The shape's values with those of this request in their places."""
        if not self.values:
            return shaped
        return [self.values[int(text[1:-1])] if text.startswith(SIGN) else text for text in shaped]

    def location(self, shaped: str) -> str:
        for place, value in enumerate(self.values):
            shaped = shaped.replace(_sign(place).decode(), quote(value, safe=""))
        return shaped


def part(query_string: bytes) -> Parted:
    if FOREIGN.search(query_string):
        return Parted(query_string)
    values: list[str] = []

    def sign(value: bytes) -> bytes:
        values.append(unquote_to_bytes(value.replace(b"+", b" ")).decode())
        return _sign(len(values) - 1)

    def taken(found: re.Match[bytes]) -> bytes:
        return found[0] if OTHER_KEYS.match(found[1]) else found[1] + sign(found[2])

    def placed(found: re.Match[bytes]) -> bytes:
        return WORDS.sub(lambda word: b"%22" + sign(word[1]) + b"%22", found[0])

    try:
        shape = PLACE.sub(placed, COMPARED.sub(taken, query_string))
    except UnicodeDecodeError:
        return Parted(query_string)
    return Parted(shape, tuple(values))


def _sign(place: int) -> bytes:
    """Ends with a character that no number goes on with, so that one sign is not the beginning of another."""
    return ENCODED + b"%d" % place + b"_"
