import json
from decimal import Decimal

import pytest

from bookingoffice.postgrest.bodies import BROKEN_CSV, BROKEN_JSON, EMPTY, UNEQUAL_KEYS, UNEVEN_LINES, Body, parse_body
from bookingoffice.postgrest.bounds import Bounds
from bookingoffice.postgrest.errors import Problem

FORM = "application/x-www-form-urlencoded"


def refused(raw, content_type=None, **rest):
    with pytest.raises(Problem) as refusal:
        parse_body(raw, content_type, **rest)
    assert (refusal.value.status, refusal.value.code) == (400, "PGRST102")
    return refusal.value.message


@pytest.mark.parametrize(
    "content_type", [None, "application/json", "text/plain", "text/html", FORM, "multipart/form-data"]
)
def test_json_whatever_the_content_type_says(content_type):
    assert parse_body(b'{"b":1,"a":null}', content_type) == Body(
        ({"b": 1, "a": None},), '[{"b":1,"a":null}]', ("a", "b"), is_object=True
    )


def test_an_array_is_passed_on_as_sent():
    raw = '[ {"a": 1.10, "b": "ü"}, {"b": "\\u0000", "a": 1e2} ]'

    body = parse_body(raw.encode())

    assert body.array == raw
    assert body.keys == ("a", "b")
    assert not body.is_object
    assert [str(row["a"]) for row in body.rows] == ["1.10", "1E+2"]


@pytest.mark.parametrize("raw", [b"[]", b" [ ] ", b"5", b"null", b"true", b'"x"', b"1.5"])
def test_no_rows(raw):
    assert parse_body(raw) == EMPTY


@pytest.mark.parametrize(
    "raw",
    [b'[{"a":1},{"b":1}]', b'[{"a":1},{}]', b'[{"a":1},{"a":1,"b":2}]', b"[1]", b'[{"a":1},1]', b"[[]]", b"[null]"],
)
def test_rows_must_have_equal_keys(raw):
    assert refused(raw) == UNEQUAL_KEYS


def test_columns_name_the_keys_and_permit_unequal_ones():
    body = parse_body(b'[{"a":1},{"b":2}]', columns=("b", "a", "b"))

    assert body.keys == ("a", "b")
    assert body.rows == ({"a": 1}, {"b": 2})
    assert refused(b"[1]", columns=("a",)) == UNEQUAL_KEYS


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b"[1,]",
        b"{'a':1}",
        b'{"a":01}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1}x',
        b'{"a":"\n"}',
        b'{"a":"\x00"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\\ud800"}',
        b'{"\\udc00":1}',
        b'{"a":1e99999999999999999999}',
        pytest.param(b"[" * 100_000, id="open brackets"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="deep"),
    ],
)
def test_broken_json(raw):
    assert refused(raw) == BROKEN_JSON


def test_bytes_that_are_no_text():
    assert refused(b'{"a":"\xff"}') == "The body is not valid UTF-8"
    assert refused('{"a":"x"}'.encode("utf-16")) == "The body is not valid UTF-8"
    assert refused(b'{"a":"\xed\xa0\x80"}') == "The body is not valid UTF-8"


def test_a_form_is_refused():
    assert refused(b"a=1&b=2", f"{FORM}; charset=utf-8") == f"Content-Type not acceptable: {FORM}"
    assert refused(b"--x\r\n", "multipart/form-data; boundary=x") == "Content-Type not acceptable: multipart/form-data"


def test_numbers_keep_their_value():
    digits = "1" * 5000

    (row,) = parse_body(f'{{"a":{digits},"b":0.1,"c":12345678901234567890}}'.encode()).rows

    assert row == {"a": Decimal(digits), "b": Decimal("0.1"), "c": 12345678901234567890}


def test_oddities_that_postgresql_judges_pass():
    raw = b'{"a":1,"a":2,"b":"\\u0000","c":"\\ud83d\\ude00","":3}'

    assert parse_body(raw).array == f"[{raw.decode()}]"


def test_bounds():
    tight = Bounds(body_bytes=40, body_rows=2, json_depth=3)

    with pytest.raises(Problem) as refusal:
        parse_body(b" " * 41, bounds=tight)
    assert refusal.value.status == 413
    assert parse_body(b'[{"a":1},{"a":2}]', bounds=tight).keys == ("a",)
    assert "more than the 2" in refused(b'[{"a":1},{"a":2},{"a":3}]', bounds=tight)
    assert "more than the 2" in refused(b"a\n1\n2\n3", "text/csv", bounds=tight)
    assert parse_body(b'[{"a":[1]}]', bounds=tight).rows == ({"a": [1]},)
    assert "more than the 3" in refused(b'[{"a":[[1]]}]', bounds=tight)


def test_csv():
    body = parse_body('code,name\r\n"A,""1""",ü\n\nNULL,\n'.encode(), "text/csv; charset=utf-8")

    assert body.rows == ({"code": 'A,"1"', "name": "ü"}, {"code": None, "name": ""})
    assert json.loads(body.array) == list(body.rows)
    assert body.keys == ("code", "name")


def test_csv_json_text_is_a_string():
    assert parse_body(b'a\n"{""x"":1}"', "text/csv").array == '[{"a": "{\\"x\\":1}"}]'


def test_csv_with_a_header_only_holds_no_rows():
    assert parse_body(b"a,b\n", "text/csv") == EMPTY


def test_csv_fields_may_be_long():
    assert parse_body(b"a\n" + b"x" * 200_000, "text/csv").rows[0]["a"] == "x" * 200_000


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", BROKEN_CSV),
        (b"\n", BROKEN_CSV),
        (b'a\n"open', BROKEN_CSV),
        (b'a\n"x"y', BROKEN_CSV),
        (b"a,b\n1", UNEVEN_LINES),
    ],
)
def test_broken_csv(raw, message):
    assert refused(raw, "text/csv") == message
