"""Lines of text from a stream of bytes: UTF-8, of bounded length, counted from 1."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Protocol

from django.utils.translation import gettext as _

from bookingoffice.datafiles.faults import Unreadable

LONGEST_LINE = 1024 * 1024
"""Bytes; also the most that one row may have."""

WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class ByteSource(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


def text_lines(stream: ByteSource) -> Iterator[tuple[int, str]]:
    """Each line with its number and its line end. The mark that spreadsheets put before the first one is no part of it."""
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            raise Unreadable(number, "line_too_long", _("A line has at most %(most)s bytes.") % {"most": LONGEST_LINE})
        yield number, decoded(raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw, number)


def decoded(raw: bytes, line: int) -> str:
    """Refuses, as Unreadable, what is not UTF-8."""
    if line == 1 and raw.startswith(WIDE_MARKS):
        raise Unreadable(line, "bad_encoding", _("This file is UTF-16; save it as UTF-8."))
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        place = error.start + 1
        sentence = _("Byte %(place)s of this line (0x%(raw)s) is not UTF-8; save the file as UTF-8.") % {
            "place": place,
            "raw": format(raw[error.start], "02x"),
        }
        raise Unreadable(line, "bad_encoding", sentence) from None
