"""Writes that may well succeed: rows of a table sent again, in part or whole, with filters, keys and preferences that fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from bookingoffice.api import engine
from tests.bookingoffice.postgrest_fuzz.model import Rows
from tests.bookingoffice.postgrest_fuzz.scene import TABLES
from tests.bookingoffice.postgrest_fuzz.tampering import bodies, headers, queries

Draw = Callable[[st.SearchStrategy[Any]], Any]

WRITABLE = [name for name in TABLES if "PATCH" in engine.catalog.resources[name].methods]
SELECTS = ["", "*", "*,organizations(*)", "id", "nope"]
RETURNS = ["representation", "minimal", "headers-only"]
RESOLUTIONS = ["resolution=merge-duplicates", "resolution=ignore-duplicates", "missing=default", "count=exact"]


@dataclass(frozen=True)
class Write:
    method: str
    table: str
    query: str
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def writes(rows: Rows) -> st.SearchStrategy[Write]:
    return _fitting(rows) | _tampered(rows)


@st.composite
def _tampered(draw: Draw, rows: Rows) -> Write:
    table, query = draw(queries(rows))
    method = draw(st.sampled_from(["POST", "PATCH", "PUT", "DELETE"]))
    return Write(method, table, query, draw(bodies(rows, table)), draw(headers()))


@st.composite
def _fitting(draw: Draw, rows: Rows) -> Write:
    table = draw(st.sampled_from(WRITABLE))
    resource = engine.catalog.resources[table]
    row = draw(st.sampled_from(rows[table]))
    method = draw(st.sampled_from(["POST", "POST", "PATCH", "PUT", "DELETE"]))
    query = {"select": draw(st.sampled_from(SELECTS))}
    if method == "POST" and draw(st.booleans()):
        query["on_conflict"] = draw(st.sampled_from([",".join(resource.primary_key), "organization_id,code", "code"]))
    elif method != "POST":
        query |= {key: f"eq.{row[key]}" for key in resource.primary_key}
    changed = _partly(row) if method == "PATCH" else _whole(row)
    body = [draw(changed)] if method == "POST" else draw(changed)
    preferences = [
        f"return={draw(st.sampled_from(RETURNS))}",
        *draw(st.lists(st.sampled_from(RESOLUTIONS), max_size=3)),
    ]
    return Write(method, table, urlencode(query), json.dumps(body), {"Prefer": ", ".join(preferences)})


def _partly(row: Any) -> st.SearchStrategy[dict[str, Any]]:
    sent = [name for name in row if name != "fts"]
    chosen = st.lists(st.sampled_from(sent), min_size=1, max_size=3, unique=True)
    return chosen.map(lambda names: {name: row[name] for name in names})


def _whole(row: Any) -> st.SearchStrategy[dict[str, Any]]:
    """With its own id or with a new one, and seldom with its owner."""
    left_out = st.sampled_from([{"fts", "organization_id"}, {"fts", "organization_id", "id"}, {"fts"}])
    return left_out.map(lambda names: {name: value for name, value in row.items() if name not in names})
