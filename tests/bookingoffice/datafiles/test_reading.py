"""The readers alone: what PostgreSQL writes they read, in any chunks, and no file makes them hold more than a row."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from bookingoffice.datafiles import json_rows as json_reader
from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.csv_rows import csv_rows
from bookingoffice.datafiles.faults import Faults, FileFault, Unreadable, shortened
from bookingoffice.datafiles.json_rows import json_rows
from bookingoffice.datafiles.lines import LONGEST_LINE

COLUMNS = (Column("a", "text"), Column("b", "text"), Column("n", "integer"), Column("tags", "text[]"))
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
cells = st.one_of(st.none(), texts, st.sampled_from(['"', '""', ",", "\n", "\r\n", ";", " ", "\t"]))


def read_csv(content: str | bytes, faults: Faults | None = None) -> list[tuple[int, dict[str, Any]]]:
    raw = content.encode() if isinstance(content, str) else content
    faults = Faults(10) if faults is None else faults
    return [(row.line, dict(row.cells)) for row in csv_rows(io.BytesIO(raw), COLUMNS, faults)]


def read_json(content: str) -> list[tuple[int, dict[str, Any]]]:
    stream = io.BytesIO(content.encode())
    return [(row.line, dict(row.cells)) for row in json_rows(stream, COLUMNS, Faults(10))]


@pytest.mark.django_db
def test_what_postgresql_writes_is_read_back():
    rows = [[None, ""], ["", None], ['"', ","], ["a\nb", "c\r\nd"], [" a ", "\\."], ["é", "\t"], ["N", "null"]]
    values = ", ".join(["(%s::text, %s::text)"] * len(rows))
    statement = f"COPY (SELECT * FROM (VALUES {values}) AS given(a, b)) TO STDOUT (FORMAT csv, HEADER)"
    with connection.cursor() as cursor:
        query = cursor.mogrify(statement, [cell for row in rows for cell in row])
        with cursor.copy(query) as copy:
            written = b"".join(bytes(piece) for piece in copy)

    assert [list(row.values()) for _, row in read_csv(written)] == rows


@given(st.lists(st.tuples(cells, cells), max_size=8))
def test_quoted_cells_come_back_as_they_were(pairs):
    def written(cell: str | None) -> str:
        return "" if cell is None else '"' + cell.replace('"', '""') + '"'

    content = "a,b\n" + "".join(f"{written(a)},{written(b)}\n" for a, b in pairs)

    assert [(row["a"], row["b"]) for _, row in read_csv(content)] == [pair for pair in pairs if pair != (None, None)]


@given(st.binary(max_size=200))
def test_no_bytes_make_the_readers_stumble(content):
    for reader in (csv_rows, json_rows):
        with suppress(Unreadable):
            list(reader(io.BytesIO(content), COLUMNS, Faults(10)))


@given(
    st.lists(st.dictionaries(st.sampled_from(["a", "b"]), st.one_of(st.none(), texts)), max_size=6),
    st.integers(0, 3),
    st.integers(1, 40),
)
def test_json_is_read_in_whatever_pieces_it_comes(rows, indent, size):
    content = json.dumps(rows, indent=indent or None, ensure_ascii=False)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_reader, "CHUNK", size)
        assert [row for _, row in read_json(content)] == rows


def test_lines_are_counted_through_quotes_and_blank_lines():
    content = 'a,b\n\n"one\ntwo",x\nthree,y\n'

    assert [line for line, _ in read_csv(content)] == [3, 5]


def test_lines_of_json_objects_are_where_they_begin():
    assert [line for line, _ in read_json('[\n{"a":\n"x"},\n\n{"b": "y"}, {"b": "z"}]')] == [2, 5, 5]


def test_lists_are_written_with_blanks_or_as_json():
    assert read_csv('tags\nx "y"\n', faults := Faults(3)) == []
    assert [fault.code for fault in faults] == ["quote_misplaced"]
    assert read_csv('tags\none two\n""\n')[0][1] == {"tags": '{"one","two"}'}
    assert read_csv('tags\none two\n""\n')[1][1] == {"tags": "{}"}
    assert read_json('[{"tags": ["one", "t\\"wo"]}]')[0][1] == {"tags": '{"one","t\\"wo"}'}


def test_numbers_of_json_keep_their_digits():
    assert read_json('[{"n": 12345678901234567890.10}]')[0][1] == {"n": "12345678901234567890.10"}


@pytest.mark.parametrize(
    ("reader", "begin", "code"),
    [
        (csv_rows, b'a\n"', "line_too_long"),
        (csv_rows, b"a\n", "line_too_long"),
        (json_rows, b'[{"a": "', "row_too_long"),
    ],
)
def test_a_row_without_an_end_is_given_up(reader, begin, code):
    class Endless(io.RawIOBase):
        """Answers for ever, and counts."""

        given = 0
        start = begin

        def read(self, size: int = -1, /) -> bytes:
            piece, self.start = (self.start, b"") if self.start else (b"x" * size, b"")
            self.given += len(piece)
            return piece

        def readline(self, size: int | None = -1, /) -> bytes:
            if self.start == begin and b"\n" in begin:
                self.start = begin.partition(b"\n")[2]
                return begin.partition(b"\n")[0] + b"\n"
            return self.read(size or -1)

    stream = Endless()
    with pytest.raises(Unreadable) as refusal:
        list(reader(stream, COLUMNS, Faults(10)))

    assert refusal.value.fault.code == code
    assert stream.given < 4 * LONGEST_LINE


def test_an_open_quote_does_not_swallow_the_rest_of_the_file():
    content = b'a\n"open\n' + b"x" * 1000 + b"\n" * (2 * LONGEST_LINE)
    with pytest.raises(Unreadable) as refusal:
        read_csv(content)

    assert refusal.value.fault == FileFault(2, "", "quote_not_closed", "A quote that opens here is not closed.")


def test_reading_ends_when_enough_faults_are_known():
    faults = Faults(2)

    assert read_csv("a,b\n" + "x\n" * 5, faults) == []

    assert [(fault.line, fault.code) for fault in faults] == [
        (2, "wrong_number_of_cells"),
        (3, "wrong_number_of_cells"),
    ]


def test_a_value_is_quoted_on_one_short_line():
    assert shortened("a\nb\x00") == "“a\ufffdb\ufffd”"
    assert shortened("x" * 100) == "“" + "x" * 59 + "…”"
