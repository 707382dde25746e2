"""Workbooks: cells are typed as what they are, formulas and bombs are refused, and no text of ours becomes a formula."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bookingoffice.datafiles import xlsx_rows as reader
from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.faults import Faults, Unreadable
from bookingoffice.datafiles.xlsx_rows import xlsx_rows
from bookingoffice.datafiles.xlsx_texts import read, written
from bookingoffice.datafiles.xlsx_writing import write_workbook
from bookingoffice.errors import RuleViolation

COLUMNS = (
    Column("code", "text", False),
    Column("percent", "numeric(7, 4)"),
    Column("quota", "integer"),
    Column("starts", "timestamp with time zone"),
    Column("day", "date"),
    Column("weekdays", "smallint[]"),
    Column("stackable", "boolean", False),
)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def workbook(*rows: list[Any], formats: dict[str, str] | None = None) -> io.BytesIO:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for place, text in (formats or {}).items():
        sheet[place].number_format = text
    stream = io.BytesIO()
    book.save(stream)
    return stream


def read_back(stream: io.BytesIO) -> tuple[list[dict[str, Any]], list[tuple[int, str, str]]]:
    faults = Faults(100)
    rows = [dict(row.cells) for row in xlsx_rows(stream, COLUMNS, faults)]
    return rows, [(fault.line, fault.column, fault.code) for fault in faults]


def test_cells_are_read_as_what_they_are():
    names = [column.name for column in COLUMNS]
    moment = datetime(2027, 8, 31, 18, 30)
    stream = workbook(
        names,
        [12345, 12.5, 40.0, moment, date(2027, 8, 31), 5, False],
        ["A2", 0.15, None, date(2027, 8, 31), None, "1 2", None],
        [],
        [None] * 9,
        formats={"B3": "0%", "A2": "0"},
    )

    rows, faults = read_back(stream)

    assert faults == []
    assert rows == [
        {"code": "12345", "percent": "12.5", "quota": "40", "starts": "2027-08-31T18:30:00", "day": "2027-08-31",
         "weekdays": '{"5"}', "stackable": "false"},
        {"code": "A2", "percent": "15", "quota": None, "starts": "2027-08-31", "day": None, "weekdays": '{"1","2"}'},
    ]  # fmt: skip


def test_formulas_errors_and_times_are_refused_by_cell():
    stream = workbook(["code", "percent", "day"], ["=1+1", "#N/A", time(12, 30)], ["A2", 5, None, "more"])

    assert read_back(stream) == (
        [],
        [
            (2, "code", "formula"),
            (2, "percent", "cell_in_error"),
            (2, "day", "not_a_value"),
            (3, "", "wrong_number_of_cells"),
        ],
    )


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"code,percent\nA1,5\n"])
def test_what_is_no_workbook_is_a_sentence(content):
    with pytest.raises(Unreadable, match="no workbook"):
        read_back(io.BytesIO(content))


def test_a_zip_archive_that_is_no_workbook_is_a_sentence():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        parts.writestr("letter.txt", "hello")

    with pytest.raises(Unreadable, match="no workbook"):
        read_back(stream)


def test_a_bomb_is_not_unpacked(monkeypatch):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/sharedStrings.xml", b"0" * (reader.LARGEST_PART_IN_MEMORY + 1))
    assert len(stream.getvalue()) < 100_000
    monkeypatch.setattr(reader, "load_workbook", None)

    with pytest.raises(Unreadable, match="too large when it is unpacked"):
        read_back(stream)


def test_entities_that_multiply_are_refused():
    harmless = workbook(["code"], ["A1"])
    pairs = zip("abcdefghi", "bcdefghij", strict=True)
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairs) + "]>"
    stream = io.BytesIO()
    with zipfile.ZipFile(harmless) as parts, zipfile.ZipFile(stream, "w") as bomb:
        for name in parts.namelist():
            text = parts.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = laughs + text.replace(">code<", ">&j;<")
                assert "&j;" in text
            bomb.writestr(name, text)

    with pytest.raises(Unreadable, match="no workbook"):
        read_back(stream)


def damaged(stream: io.BytesIO, old: str, new: str) -> io.BytesIO:
    """The same workbook with other words in its sheet."""
    changed = io.BytesIO()
    with zipfile.ZipFile(stream) as parts, zipfile.ZipFile(changed, "w") as copy:
        for name in parts.namelist():
            text = parts.read(name).decode()
            assert name != "xl/worksheets/sheet1.xml" or old in text
            copy.writestr(name, text.replace(old, new) if name == "xl/worksheets/sheet1.xml" else text)
    return changed


def test_a_row_that_says_it_is_the_billionth_is_not_waited_for():
    stream = damaged(workbook(["code"], ["A1"]), '<row r="2">', '<row r="1000000000">')

    with pytest.raises(Unreadable, match="too large when it is unpacked"):
        read_back(stream)


def test_a_style_that_a_workbook_has_not_is_a_sentence():
    stream = damaged(workbook(["percent"], [12.5]), '<c r="A2"', '<c r="A2" s="999"')

    with pytest.raises(Unreadable, match="no workbook") as refusal:
        read_back(stream)

    assert refusal.value.fault.line == 2


def test_a_damaged_part_is_a_sentence_however_it_is_packed():
    stream = io.BytesIO()
    with zipfile.ZipFile(workbook(["code"])) as parts, zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as packed:
        for name in parts.namelist():
            packed.writestr(name, parts.read(name))
        sheet = packed.getinfo("xl/worksheets/sheet1.xml")
    spoiled = bytearray(stream.getvalue())
    spoiled[sheet.header_offset + 30 + len(sheet.filename) + 20] ^= 0xFF

    with pytest.raises(Unreadable, match="no workbook"):
        read_back(io.BytesIO(bytes(spoiled)))


def test_a_header_far_to_the_right_and_a_row_far_below_are_no_trouble():
    book = Workbook()
    sheet: Any = book.active
    sheet["A1"], sheet["A900"], sheet["XFD3"] = "code", "A1", None
    stream = io.BytesIO()
    book.save(stream)

    assert read_back(stream) == ([{"code": "A1"}], [])


def test_what_is_written_has_types_and_no_formula():
    rows = [
        ["=1+1", "12.5", "40", "2027-08-31T22:00:00.000000Z", "2027-08-31", "1 5", "true"],
        ["", None, "9999999999999999", "2027-10-31T00:30:00.000000Z", "1899-01-01", None, "false"],
    ]
    stream = io.BytesIO()

    write_workbook(stream, COLUMNS, rows, title="Coupons", timezone=AMSTERDAM)

    sheet: Any = load_workbook(stream).active
    assert [cell.value for cell in sheet[2]] == [
        "'=1+1", 12.5, 40, datetime(2027, 9, 1), datetime(2027, 8, 31), "1 5", True,
    ]  # fmt: skip
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "d", "s", "b"]
    assert [cell.value for cell in sheet[3]] == [
        "'", None, "9999999999999999", "2027-10-31T00:30:00.000000Z", "1899-01-01", None, False,
    ]  # fmt: skip
    assert read_back(stream)[0][0] == {
        "code": "=1+1", "percent": "12.5", "quota": "40", "starts": "2027-09-01T00:00:00", "day": "2027-08-31",
        "weekdays": '{"1","5"}', "stackable": "true",
    }  # fmt: skip


def test_a_text_that_no_cell_holds_is_refused():
    with pytest.raises(RuleViolation, match="take CSV instead"):
        write_workbook(io.BytesIO(), COLUMNS[:1], [["x" * 32_768]], title="Coupons", timezone=AMSTERDAM)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_comes_back(text):
    assert read(written(text, free=True), free=True) == text
    assert not written(text, free=True).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.text(alphabet="'=+-@\t\r\n_x0041a\x01\ufffe", max_size=9), min_size=1, max_size=5))
def test_hostile_texts_come_back_through_a_workbook(texts):
    stream = io.BytesIO()

    write_workbook(stream, COLUMNS[:1], [[text] for text in texts], title="Coupons", timezone=AMSTERDAM)

    assert read_back(stream) == ([{"code": text} for text in texts], [])
