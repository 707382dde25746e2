"""Which rows of a list are asked for, and what the answer says about the rows it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .bounds import WORKING_BOUNDS
from .errors import Problem, bad_range

NEGATIVE_LIMIT = "Limit should be greater than or equal to zero."
REVERSED_RANGE = "The lower boundary must be lower than or equal to the upper boundary in the Range header."
RANGE = re.compile(r"([0-9]{1,40})-([0-9]{0,40})", re.ASCII)
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Window:
    """Rows `offset` to `offset + limit - 1`; `limit` None is all of them. Neither is negative."""

    offset: int = 0
    limit: int | None = None

    def capped(self, most: int) -> Window:
        return Window(self.offset, most if self.limit is None else min(self.limit, most))


def window(*, limit: int | None, offset: int | None, range_header: str | None = None, method: str = "GET") -> Window:
    """The rows asked for by `limit` and `offset` and, on GET only, by `Range`; the cap on reads is the caller's.

    Raises PGRST103 for a negative limit, a reversed range or no row in common. `limit=0` answers no rows; with a
    positive offset it is refused like an empty intersection, as in PostgREST v11.1. A negative offset is 0, yet a limit counts
    from it there: of `limit=3&offset=-2` one row is left, of `limit=2&offset=-2` none, as if `limit=0` were asked for.
    """
    start = offset or 0
    if limit is not None and limit >= 0 and start + limit == 0:
        return Window(0, 0)
    first, last = _header_rows(range_header) if method == "GET" else (0, None)
    if last is not None and last < first:
        raise bad_range(REVERSED_RANGE)
    end = None if limit is None else start + limit - 1
    low = max(first, start, 0)
    high = min((bound for bound in (last, end) if bound is not None), default=None)
    if high is not None and high < low:
        raise bad_range(NEGATIVE_LIMIT)
    return Window(low, None if high is None else high - low + 1)


def read_window(
    *,
    limit: int | None,
    offset: int | None,
    range_header: str | None = None,
    method: str = "GET",
    most: int = WORKING_BOUNDS.answer_rows,
) -> Window:
    """`window`, silently capped for a read."""
    return window(limit=limit, offset=offset, range_header=range_header, method=method).capped(most)


def read_status(asked: Window, rows: int, total: int | None) -> int:
    """200, or 206 for a part of a counted total. Raises the 416, with its Content-Range, past that total."""
    if total is None or (asked.offset <= total and rows >= total):
        return 200
    if asked.offset > total:
        raise beyond_end(asked, rows, total)
    return 206


def read_content_range(asked: Window, rows: int, total: int | None) -> str:
    """`first-last/total` of the rows in the answer, `*` for no rows and for an unknown total."""
    return content_range(asked.offset, rows, total)


def changed_content_range(rows: int, total: int | None) -> str:
    """Of a PATCH; `total` is the number of rows if a count was asked for."""
    return content_range(0, rows, total)


def written_content_range(total: int | None) -> str:
    """Of a POST or DELETE: never the rows, the total if a count was asked for."""
    return content_range(0, 0, total)


def content_range(first: int, rows: int, total: int | None) -> str:
    span = f"{first}-{first + rows - 1}" if rows and total != 0 else "*"
    return f"{span}/{'*' if total is None else total}"


def beyond_end(asked: Window, rows: int, total: int) -> Problem:
    details = f"An offset of {asked.offset} was requested, but there are only {total} rows."
    return bad_range(details, {"Content-Range": read_content_range(asked, rows, total)})


def _header_rows(header: str | None) -> tuple[int, int | None]:
    """First and last row of a `Range` header; a malformed one asks for all."""
    match = RANGE.fullmatch(header or "")
    if not match:
        return 0, None
    first, last = int(match[1]), int(match[2]) if match[2] else None
    if first > LARGEST or (last or 0) > LARGEST:
        return 0, None
    return first, last
