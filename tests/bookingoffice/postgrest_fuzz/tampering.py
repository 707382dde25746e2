"""Requests that were valid once: text with pieces of the grammar thrown in, headers and bodies that mean little."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from bookingoffice.api import engine
from tests.bookingoffice.postgrest_fuzz.drawing import levels
from tests.bookingoffice.postgrest_fuzz.model import Rows
from tests.bookingoffice.postgrest_fuzz.questions import parameters
from tests.bookingoffice.postgrest_fuzz.scene import TABLES

Draw = Callable[[st.SearchStrategy[Any]], Any]

GRAMMAR = """
select order limit offset and or not not.or columns on_conflict id code quota definition name fts created_at
languages coupon_uses coupons products organizations parent_id e0 eq. neq. gt. lte. like. ilike(any). match.
imatch. in. is. is.null is.not_null isdistinct. cs. cd. ov. sl. adj. fts(english). plfts. wfts(nope). not. null
true unknown count() sum() avg() max() .count() count ::text ::int ::jsonb ::nope asc desc nullsfirst nullslast
!inner !left -> ->> ->0 ->-1 ->>default ... : :: ( ) () (( )) { } [ ] , . ! * % %25 %00 %ff %2C _ - + = & ? # '
" \\ $$ $1 ; -- /* 0 1 -1 9223372036854775808 1e400 2027-01-01 2027-13-45 {a,b} [1,2) '' ∞ é \u202e 😀 infinity NaN
"""
MEDIA = """
*/* application/json text/csv application/vnd.pgrst.object+json application/vnd.pgrst.array+json;nulls=stripped
text/plain text/xml application/octet-stream text/html application/vnd.pgrst.plan+json ;;, q=1 */*;q=x
"""
PREFERENCES = """
return=representation return=minimal return=headers-only count=exact count=planned count=estimated count=x
resolution=merge-duplicates resolution=ignore-duplicates missing=default missing=null handling=strict
handling=lenient timezone=Asia/Tokyo timezone=Nope/Nope max-affected=1 max-affected=x tx=rollback , = nonsense
"""

WORD = st.sampled_from([*GRAMMAR.split(), " ", "\t", "\n"]) | st.text(max_size=3)
HEADERS = {
    "Accept": st.sampled_from(MEDIA.split()),
    "Prefer": st.lists(
        st.sampled_from(PREFERENCES.split()),
        max_size=4,
    ).map(", ".join),
    "Range": st.sampled_from(["0-0", "0-9", "5-", "9-5", "-1", "0-99999999999999999999", "items=0-1", "x", "1-2,4-5"]),
    "Accept-Profile": st.sampled_from(["public", "private", ""]),
    "Content-Profile": st.sampled_from(["public", "private", ""]),
    "Content-Type": st.sampled_from(
        [
            "application/json",
            "text/csv",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "",
            ";",
        ]
    ),
}

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6)
)
JSON = st.recursive(
    SCALARS | st.sampled_from(["global", "2027-01-01", "\x00", "\ud800", 10**30]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
    max_leaves=6,
)


@st.composite
def queries(draw: Draw, rows: Rows) -> tuple[str, str]:
    """A table and a query string: a valid one, cut and pasted a few times."""
    table = draw(st.sampled_from(TABLES))
    level = draw(levels(rows, engine.catalog.resources[table], 2))
    text = "&".join(f"{key}={quote(value, safe='(),.:!*')}" for key, value in parameters(level))
    for _ in range(draw(st.integers(0, 4))):
        text = draw(_tampered(text))
    return draw(st.sampled_from([table, table, table, "nope", f"{table} ", ""])), text


@st.composite
def _tampered(draw: Draw, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.integers(0, 6)))
    return text[:start] + draw(WORD) + text[end:]


@st.composite
def headers(draw: Draw) -> dict[str, str]:
    named = draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=4, unique=True))
    return {name: draw(HEADERS[name]) for name in named}


@st.composite
def bodies(draw: Draw, rows: Rows, table: str) -> str:
    """A row of the table, or some, with a value or a key changed; sometimes no JSON at all."""
    resource = engine.catalog.get(table)
    columns = [column.name for column in resource.columns] if resource else ["id"]
    there = [dict(row) for row in rows.get(table, [])] or [{}]
    row = st.sampled_from(there)
    made = draw(st.lists(row.map(_writable) | row.flatmap(lambda row: _changed(row, columns)), max_size=3))
    body = draw(st.sampled_from([made, made[0] if made else {}]) | JSON)
    text = json.dumps(body)
    return draw(_tampered(text)) if draw(st.integers(0, 3)) == 0 else text


def _writable(row: dict[str, Any]) -> dict[str, Any]:
    """The whole row, but for what no program writes."""
    return {name: value for name, value in row.items() if name not in ("organization_id", "fts")}


def _changed(row: dict[str, Any], columns: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of its columns, some with another value."""
    kept = st.lists(st.sampled_from(columns), unique=True).map(lambda names: {name: row.get(name) for name in names})
    other = st.dictionaries(st.sampled_from(columns) | st.text(max_size=3), JSON, max_size=2)
    return st.tuples(kept, other).map(lambda pair: {**pair[0], **pair[1]})
