"""A JSON array of objects, read one object at a time. Numbers keep their digits, keys given twice are refused."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.faults import Faults, Unreadable, shortened
from bookingoffice.datafiles.lines import LONGEST_LINE, WIDE_MARKS, ByteSource
from bookingoffice.datafiles.rows import BadCell, FileRow, cell_of_json, unknown_column

CHUNK = 64 * 1024
BLANKS = re.compile(r"[ \t\r\n]*")
LONGEST_NUMBER = 400


def json_rows(stream: ByteSource, columns: Sequence[Column], faults: Faults) -> Iterator[FileRow]:
    """Rows that can be read; what is wrong with the others goes into `faults`. Raises Unreadable where it must stop."""
    known = {column.name: column for column in columns}
    source = JsonSource(stream)
    for line, value in source.objects():
        if faults.full:
            return
        for code, sentence in source.oddities:
            faults.add(line, "", code, sentence)
        row = None if source.oddities else _row(line, value, known, faults)
        if row:
            yield row


def _row(line: int, value: dict[str, Any], known: dict[str, Column], faults: Faults) -> FileRow | None:
    """None for a row whose faults have been told."""
    cells: dict[str, str | None] = {}
    good = True
    for name, given in value.items():
        try:
            if name not in known:
                raise BadCell("unknown_column", unknown_column(name, known.values()))
            cells[name] = cell_of_json(given, known[name])
        except BadCell as bad:
            good = False
            faults.add(line, shortened(name).strip("“”"), bad.code, bad.sentence)
    return FileRow(line, cells) if good else None


class JsonSource:
    """The text that has been read and not yet understood, and the line it begins on."""

    def __init__(self, stream: ByteSource) -> None:
        self.oddities: list[tuple[str, str]] = []
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._json = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_float=self._number,
            parse_int=self._number,
            parse_constant=self._no_number,
        )
        self._text, self._at, self._line, self._ended = "", 0, 1, False

    def objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each object of the array with the line it begins on; `oddities` are its own until the next one."""
        self._expect("[", _("The file is a JSON array of objects; it begins with “[”."))
        if self._next() == "]":
            self._advance(1)
        else:
            yield self._object_here()
            while self._next() == ",":
                self._advance(1)
                yield self._object_here()
            self._expect("]", _("A comma or “]” is missing here."))
        if self._next():
            raise Unreadable(self._line, "text_after_end", _("Nothing may follow the array."))

    def _object_here(self) -> tuple[int, dict[str, Any]]:
        if self._next() != "{":
            raise Unreadable(self._line, "row_not_object", _("Each row is an object with the columns as its keys."))
        line = self._line
        while True:
            self.oddities.clear()
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._more():
                    raise self._unfinished(line) or self._syntax_error(error) from None
            except RecursionError:
                raise Unreadable(line, "too_deep", _("This row is nested too deeply.")) from None
            else:
                self._advance(end - self._at)
                return line, value

    def _unfinished(self, line: int) -> Unreadable | None:
        if self._ended:
            return None
        return Unreadable(
            line, "row_too_long", _("A row has at most %(most)s characters, and is JSON.") % {"most": LONGEST_LINE}
        )

    def _syntax_error(self, error: json.JSONDecodeError) -> Unreadable:
        line = self._line + self._text.count("\n", self._at, error.pos)
        return Unreadable(line, "not_json", _("This is not JSON: %(msg)s.") % {"msg": error.msg})

    def _next(self) -> str:
        """The next character that is no blank, where it stands; empty at the end."""
        while True:
            self._advance(len(BLANKS.match(self._text, self._at)[0]))  # type: ignore[index]  # matches nothing too
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def _expect(self, character: str, sentence: str) -> None:
        if self._next() != character:
            raise Unreadable(self._line, "not_json", sentence)
        self._advance(1)

    def _advance(self, length: int) -> None:
        self._line += self._text.count("\n", self._at, self._at + length)
        self._at += length

    def _more(self) -> bool:
        """Reads on, doubling what is held of one row up to the most it may have; False when there is no more."""
        held = len(self._text) - self._at
        if self._ended or held > LONGEST_LINE:
            return False
        raw = self._stream.read(max(CHUNK, held))
        self._ended = not raw
        if self._line == 1 and self._text == "" and raw.startswith(WIDE_MARKS):
            raise Unreadable(1, "bad_encoding", _("This file is UTF-16; save it as UTF-8."))
        try:
            self._text, self._at = self._text[self._at :] + self._decode(raw, self._ended), 0
        except UnicodeDecodeError as error:
            line = self._line + self._text.count("\n", self._at) + raw[: error.start].count(b"\n")
            raise Unreadable(line, "bad_encoding", _("This is not UTF-8; save the file as UTF-8.")) from None
        return bool(raw)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            [(twice, _times)] = Counter(key for key, _ in pairs).most_common(1)
            self.oddities.append(
                ("duplicate_key", _("The key %(shortened)s is given twice.") % {"shortened": shortened(twice)})
            )
        return value

    def _number(self, digits: str) -> int | Decimal:
        try:
            if len(digits) > LONGEST_NUMBER:
                raise InvalidOperation
            return int(digits) if digits.lstrip("-").isdigit() else Decimal(digits)
        except InvalidOperation:
            self.oddities.append(("number_too_large", _("This number is larger than any that is kept.")))
            return 0

    def _no_number(self, word: str) -> int:
        self.oddities.append(("not_a_number", _("%(word)s is no number of JSON.") % {"word": word}))
        return 0
