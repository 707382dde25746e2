import pytest

from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.ranges import (
    NEGATIVE_LIMIT,
    REVERSED_RANGE,
    Window,
    changed_content_range,
    read_content_range,
    read_status,
    read_window,
    window,
    written_content_range,
)


@pytest.mark.parametrize(
    ("limit", "offset", "header", "expected"),
    [
        (None, None, None, Window()),
        (5, None, None, Window(0, 5)),
        (None, 5, None, Window(5)),
        (5, 2, None, Window(2, 5)),
        (0, None, None, Window(0, 0)),
        (0, 0, None, Window(0, 0)),
        (0, None, "5-1", Window(0, 0)),
        (None, -4, None, Window()),
        (None, -4, "2-3", Window(2, 2)),
        (3, -2, None, Window(0, 1)),
        (10, -2, "5-9", Window(5, 3)),
        (2, -2, None, Window(0, 0)),
        (None, None, "0-9", Window(0, 10)),
        (None, None, "5-", Window(5)),
        (None, None, "3-3", Window(3, 1)),
        (2, None, "1-5", Window(1, 1)),
        (10, 3, "0-4", Window(3, 2)),
        (None, None, "items=0-1", Window()),
        (None, None, "-5", Window()),
        (None, None, "0-1,4-5", Window()),
        (None, None, "0-9\n", Window()),
        (None, None, "9223372036854775808-", Window()),
        (None, None, "1-" + "9" * 60, Window()),
    ],
)
def test_windows(limit, offset, header, expected):
    assert window(limit=limit, offset=offset, range_header=header) == expected


@pytest.mark.parametrize(
    ("limit", "offset", "header", "details"),
    [
        (-1, None, None, NEGATIVE_LIMIT),
        (-1, 5, None, NEGATIVE_LIMIT),
        (0, 5, None, NEGATIVE_LIMIT),
        (0, -1, None, NEGATIVE_LIMIT),
        (1, -2, None, NEGATIVE_LIMIT),
        (-2, 2, None, NEGATIVE_LIMIT),
        (None, None, "9-0", REVERSED_RANGE),
        (-1, None, "9-0", REVERSED_RANGE),
        (2, None, "5-9", NEGATIVE_LIMIT),
        (None, 10, "0-9", NEGATIVE_LIMIT),
    ],
)
def test_ranges_that_cannot_be_satisfied(limit, offset, header, details):
    with pytest.raises(Problem) as refusal:
        window(limit=limit, offset=offset, range_header=header)

    assert (refusal.value.status, dict(refusal.value.headers)) == (416, {})
    assert refusal.value.body() == {
        "code": "PGRST103",
        "details": details,
        "hint": None,
        "message": "Requested range not satisfiable",
    }


@pytest.mark.parametrize("method", ["HEAD", "POST", "PATCH", "DELETE"])
def test_range_is_for_get_only(method):
    assert window(limit=None, offset=None, range_header="9-0", method=method) == Window()


def test_reads_are_capped():
    assert read_window(limit=None, offset=7) == Window(7, 1000)
    assert read_window(limit=5000, offset=None) == Window(0, 1000)
    assert read_window(limit=5, offset=None) == Window(0, 5)


@pytest.mark.parametrize(
    ("asked", "rows", "total", "status", "text"),
    [
        (Window(), 3, None, 200, "0-2/*"),
        (Window(0, 1000), 1000, None, 200, "0-999/*"),
        (Window(100), 0, None, 200, "*/*"),
        (Window(0, 0), 0, None, 200, "*/*"),
        (Window(), 8, 8, 200, "0-7/8"),
        (Window(0, 3), 3, 8, 206, "0-2/8"),
        (Window(6, 5), 2, 8, 206, "6-7/8"),
        (Window(8), 0, 8, 206, "*/8"),
        (Window(0, 0), 0, 8, 206, "*/8"),
        (Window(), 0, 0, 200, "*/0"),
        (Window(), 8, 5, 200, "0-7/5"),
    ],
)
def test_answers_to_reads(asked, rows, total, status, text):
    assert read_status(asked, rows, total) == status
    assert read_content_range(asked, rows, total) == text


@pytest.mark.parametrize(("offset", "total"), [(100, 8), (9, 8), (1, 0)])
def test_an_offset_beyond_the_counted_end(offset, total):
    with pytest.raises(Problem) as refusal:
        read_status(Window(offset), 0, total)

    assert refusal.value.status == 416
    assert refusal.value.details == f"An offset of {offset} was requested, but there are only {total} rows."
    assert dict(refusal.value.headers) == {"Content-Range": f"*/{total}"}


def test_answers_to_writes():
    assert changed_content_range(2, None) == "0-1/*"
    assert changed_content_range(2, 2) == "0-1/2"
    assert changed_content_range(0, None) == "*/*"
    assert changed_content_range(0, 0) == "*/0"
    assert written_content_range(None) == "*/*"
    assert written_content_range(2) == "*/2"
