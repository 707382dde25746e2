"""Several commands in one round trip, and statements that stay prepared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from bookingoffice.database import batches, pipeline
from bookingoffice.database.batches import Query
from bookingoffice.database.kept import FIRST_PLANNED_ANEW, Kept, kept_of
from bookingoffice.database.wire import round_trip
from bookingoffice.records import uuid7

SUM = Query(b"SELECT $1::int4 + 1", ["1"])
TWO = (b"\x00\x00\x00\x02",)


@pytest.fixture
def link(committed_db: None) -> Iterator[psycopg.Connection[Any]]:
    connections["default"].close()
    connections["default"].ensure_connection()
    yield pipeline.driver(connections["default"])
    connections["default"].close()


def prepared(link: psycopg.Connection[Any]) -> list[str]:
    statement = "SELECT statement FROM pg_prepared_statements WHERE name LIKE 'office%' ORDER BY prepare_time, name"
    return [text for (text,) in link.execute(statement).fetchall()]


def test_every_query_answers_its_first_row(link: psycopg.Connection[Any]) -> None:
    none = Query(b"SELECT 1 WHERE false")

    assert round_trip(link, [b"BEGIN"], [SUM, none, SUM], [b"COMMIT"]) == [TWO, (), TWO]
    assert link.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_statement_that_comes_again_is_prepared(link: psycopg.Connection[Any]) -> None:
    round_trip(link, [], [SUM])
    assert prepared(link) == []

    assert [round_trip(link, [], [SUM]) for _ in range(3)] == [[TWO]] * 3
    assert prepared(link) == [SUM.text.decode()]


def test_the_one_unused_for_longest_is_given_up(link: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_PREPARED", 2)
    queries = [Query(b"SELECT %d" % number) for number in range(3)]

    for query in [*queries[:2], *queries[:2], queries[0], queries[2], queries[2]]:
        round_trip(link, [], [query])

    assert prepared(link) == ["SELECT 0", "SELECT 2"]


def test_one_in_use_is_kept_and_one_that_was_given_up_is_prepared_again(
    link: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_PREPARED", 4)
    others = [Query(b"SELECT %d" % number) for number in range(6)]

    def ask(query: Query, times: int) -> list[Any]:
        return [round_trip(link, [b"BEGIN"], [query], [b"COMMIT"]) for _ in range(times)]

    ask(SUM, 4)
    name = kept_of(link).names[SUM.text]
    for query in others:
        ask(query, 1)
        assert ask(SUM, 1) == [[TWO]]
    assert kept_of(link).names[SUM.text] == name

    for query in others:
        ask(query, 3)
    assert SUM.text.decode() not in prepared(link)
    assert ask(SUM, 4) == [[TWO]] * 4
    assert SUM.text.decode() in prepared(link)


def test_the_first_failure_is_raised_and_the_connection_lives(link: psycopg.Connection[Any]) -> None:
    for _ in range(3):
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            round_trip(link, [], [Query(SUM.text, ["x"]), Query(b"SELECT nope")])

    assert round_trip(link, [], [SUM]) == [TWO]
    assert prepared(link) == [SUM.text.decode()]


def test_a_statement_that_cannot_be_prepared_is_refused_each_time(link: psycopg.Connection[Any]) -> None:
    for _ in range(3):
        with pytest.raises(psycopg.errors.UndefinedColumn):
            round_trip(link, [], [Query(b"SELECT nope")])


def test_without_what_was_prepared_it_works_on_unprepared(link: psycopg.Connection[Any]) -> None:
    """A pool may give the next transaction to another session of the server."""
    for _ in range(2):
        pipeline.read(pipeline.Read(uuid7(), [SUM]))
    link.execute("DEALLOCATE ALL")

    assert [pipeline.read(pipeline.Read(uuid7(), [SUM])) for _ in range(3)] == [[TWO]] * 3
    assert prepared(link) == []


@pytest.fixture
def grown(link: psycopg.Connection[Any]) -> Iterator[str]:
    """A table that is counted while it is empty and filled thereafter."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE grown (id integer PRIMARY KEY)")
        cursor.execute("GRANT SELECT ON grown TO PUBLIC")
        cursor.execute("VACUUM ANALYZE grown")
        yield "grown"
        cursor.execute("DROP TABLE grown")


def way_of(link: psycopg.Connection[Any], query: Query) -> str:
    """By which the statement goes that is kept."""
    name = (kept_of(link).names[query.text] or b"").decode()
    plan = link.execute(f"EXPLAIN (FORMAT JSON) EXECUTE {name}('1')").fetchone()
    assert plan is not None
    return str(plan[0][0]["Plan"]["Node Type"])


@pytest.mark.parametrize("begin", [b"BEGIN", b"BEGIN READ ONLY"])
def test_a_plan_that_was_made_for_an_empty_table_is_made_anew(
    link: psycopg.Connection[Any], grown: str, begin: bytes
) -> None:
    asked = Query(b"SELECT id FROM grown WHERE id = $1", ["1"])

    def ask(times: int) -> None:
        for _ in range(times):
            round_trip(link, [begin], [asked], [b"COMMIT"])

    ask(10)
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO grown SELECT generate_series(1, 20000)")
    ask(10)
    assert way_of(link, asked) == "Seq Scan"  # the control: nobody has told PostgreSQL

    ask(FIRST_PLANNED_ANEW)

    assert way_of(link, asked) == "Index Only Scan"


def test_plans_are_made_anew_less_and_less_often() -> None:
    kept = Kept()

    anew = [trip for trip in range(1, 5000) if kept.plans_anew()]

    assert anew == [64, 128, 256, 512, 1024, 2048, 4096]
