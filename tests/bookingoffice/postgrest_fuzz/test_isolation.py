"""Whatever is asked or sent: nothing of another organization is told, counted or changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from bookingoffice.api import engine
from tests.bookingoffice.postgrest_fuzz import model
from tests.bookingoffice.postgrest_fuzz.asking import Answer, Asker
from tests.bookingoffice.postgrest_fuzz.budget import examples
from tests.bookingoffice.postgrest_fuzz.calling import calls
from tests.bookingoffice.postgrest_fuzz.drawing import levels
from tests.bookingoffice.postgrest_fuzz.questions import parameters
from tests.bookingoffice.postgrest_fuzz.scene import TABLES, Fingerprint, Tenant, fingerprint
from tests.bookingoffice.postgrest_fuzz.tampering import headers, queries
from tests.bookingoffice.postgrest_fuzz.undoing import undone
from tests.bookingoffice.postgrest_fuzz.writing import writes

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def theirs(stranger: Tenant) -> model.Rows:
    """What only the stranger's key may see: the values that requests name here are hers."""
    ask = Asker(stranger.token)
    return {table: ask.rows(table) for table in TABLES}


@pytest.fixture(scope="module")
def secrets(theirs: model.Rows, stranger: Tenant) -> frozenset[str]:
    """Her ids and every text with her marker, but for what PostgreSQL makes of a code that is sent."""
    told = {text for rows in theirs.values() for row in rows for text in texts({**row, "fts": None})}
    told = {text for text in told if stranger.marker in text or UUID.fullmatch(text)}
    assert len(told) > 50
    return frozenset(told)


@pytest.fixture(scope="module")
def before(stranger: Tenant) -> Fingerprint:
    return fingerprint(stranger)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inside in value.values():
            yield from texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside)


def nothing_told(answer: Answer, secrets: frozenset[str]) -> None:
    """A request may be repeated to whom sent it, so what it names itself is no secret."""
    note(str(answer))
    asked = unquote_plus(answer.asked).lower()
    said = unquote_plus(f"{answer.text} {dict(answer.response.headers)}").lower()
    assert [secret for secret in secrets if secret.lower() in said and secret.lower() not in asked] == []


@pytest.mark.parametrize("table", TABLES)
def test_the_rows_that_are_read_are_all_ours(
    table: str, rows: model.Rows, theirs: model.Rows, secrets: frozenset[str]
) -> None:
    keys = engine.catalog.resources[table].primary_key
    ours, hers = ([tuple(row[key] for key in keys) for row in listed[table]] for listed in (rows, theirs))

    assert len(ours) == len(hers) > 0
    assert not set(ours) & set(hers)
    assert not set(texts(rows[table])) & secrets


@examples(80)
@given(data=st.data())
def test_a_question_in_her_words_finds_ours_alone(
    ask: Asker, rows: model.Rows, theirs: model.Rows, secrets: frozenset[str], data: st.DataObject
) -> None:
    resource = engine.catalog.resources[data.draw(st.sampled_from(TABLES))]
    level = data.draw(levels(theirs, resource))
    expected, total = model.answered(rows, resource, level), model.total(rows, resource, level)

    answer = ask("GET", resource.name, parameters(level), Prefer="count=exact")

    nothing_told(answer, secrets)
    assert answer.header("Content-Range").endswith(f"/{total}")
    assert answer.status == 416 or answer.rows == expected


@examples(120)
@given(data=st.data())
def test_a_tampered_read_tells_nothing(
    ask: Asker, theirs: model.Rows, secrets: frozenset[str], data: st.DataObject
) -> None:
    table, query = data.draw(queries(theirs))

    nothing_told(ask("GET", table, query, **data.draw(headers())), secrets)


@examples(120)
@given(data=st.data())
def test_a_write_tells_nothing_and_changes_nothing_of_hers(
    ask: Asker,
    theirs: model.Rows,
    secrets: frozenset[str],
    stranger: Tenant,
    before: Fingerprint,
    data: st.DataObject,
) -> None:
    write = data.draw(writes(theirs) | calls(theirs))

    with undone():
        answer = ask(write.method, write.table, write.query, write.body, **write.headers)

        nothing_told(answer, secrets)
        assert fingerprint(stranger) == before
