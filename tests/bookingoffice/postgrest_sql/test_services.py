"""Resources with rules: the service writes, the engine finds the rows before and shows them after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from bookingoffice.errors import Fault, Malformed, RuleViolation
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.resources import Column, Conflict, ConflictTarget, Key, Row

from .conftest import OURS, Client


class Shelf:
    """Writes tags in its own way and remembers how it was asked."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def insert(
        self, caller: Caller, rows: Sequence[Row], *, columns: Sequence[str], conflict: Conflict | None, defaults: bool
    ) -> Sequence[Key]:
        self.calls.append(("insert", [dict(row) for row in rows], list(columns), conflict, defaults))
        if any(row["name"] == "forbidden" for row in rows):
            raise RuleViolation("name_forbidden", "That name is taken by the house.", hint="Choose another.")
        for row in rows:
            self._run("INSERT INTO library.tags VALUES (%s, %s, %s)", caller, row["id"], f"served {row['name']}")
        return [(str(row["id"]),) for row in rows if row["name"] != "ignored"]

    def update(self, caller: Caller, keys: Sequence[Key], changes: Row) -> Sequence[Key]:
        self.calls.append(("update", list(keys), dict(changes)))
        for (key,) in keys:
            self._run(
                "UPDATE library.tags SET name = %s WHERE organization_id = %s AND id = %s", changes["name"], caller, key
            )
        return keys

    def delete(self, caller: Caller, keys: Sequence[Key]) -> None:
        self.calls.append(("delete", list(keys)))
        self._run(
            "DELETE FROM library.tags WHERE organization_id = %s AND id = ANY(%s::int[])",
            caller,
            [key for (key,) in keys],
        )

    @staticmethod
    def _run(statement: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                statement, [value.organization_id if isinstance(value, Caller) else value for value in values]
            )


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def served(library: Catalog, serve: Callable[..., Client], shelf: Shelf) -> Client:
    others = [each for each in library.resources.values() if each.name != "tags"]
    tags = replace(library.resources["tags"], service=shelf, refusals={"name_forbidden": 422})
    return serve(Catalog([*others, tags]))


def test_an_insert(served: Client, shelf: Shelf) -> None:
    answer = served("POST", "tags?select=name,books(id)", [{"id": 8, "name": "b"}, {"id": 7, "name": "a"}])

    assert (answer.status, answer.range) == (201, "*/*")
    assert answer.json == [{"name": "served b", "books": []}, {"name": "served a", "books": []}]
    assert shelf.calls == [("insert", [{"id": 8, "name": "b"}, {"id": 7, "name": "a"}], ["id", "name"], None, False)]


def test_numbers_reach_the_service_with_every_digit(served: Client, shelf: Shelf) -> None:
    served("POST", "tags?select=id", '{"id":8,"name":1.10}')

    assert shelf.calls[0][1] == [{"id": 8, "name": Decimal("1.10")}]


def test_an_upsert_is_handed_over(served: Client, shelf: Shelf) -> None:
    answer = served(
        "POST",
        "tags?columns=id,name&select=id",
        [{"id": 8, "name": "ignored"}],
        Prefer="resolution=ignore-duplicates, missing=default",
    )

    assert answer.json == []
    assert shelf.calls[0][3:] == (Conflict(("id",), merge=False), True)


@pytest.mark.parametrize("resolution", ["merge", "ignore"])
@pytest.mark.parametrize(("target", "code"), [("name", "42P10"), ("id,name", "42P10"), ("zip", "42703")])
def test_an_upsert_on_what_is_not_unique_never_reaches_the_service(
    served: Client, client: Client, shelf: Shelf, resolution: str, target: str, code: str
) -> None:
    place, row, prefer = f"tags?on_conflict={target}", {"id": 8, "name": "a"}, f"resolution={resolution}-duplicates"

    answer = served("POST", place, row, Prefer=prefer)

    assert answer.refusal == (400, code)
    assert answer.json == client("POST", place, row, Prefer=prefer).json
    assert shelf.calls == []


def test_a_declared_target_is_the_service_s_to_meet(
    library: Catalog, serve: Callable[..., Client], shelf: Shelf
) -> None:
    target = ConflictTarget(frozenset({"organization_id", "name"}), ("organization_id", "name"))
    declared = serve(with_tags(library, service=shelf, conflict_targets=(target,)))

    row, prefer = {"id": 8, "name": "a"}, "resolution=merge-duplicates"

    assert declared("POST", "tags?on_conflict=name", row, Prefer=prefer).status == 201
    assert shelf.calls[0][3] == Conflict(("name",), merge=True)


def test_a_put(served: Client, shelf: Shelf) -> None:
    answer = served(
        "PUT",
        "tags?id=eq.8&select=name",
        [{"id": 7, "name": "no"}, {"id": 8, "name": "yes"}],
        Prefer="return=representation",
    )

    assert (answer.status, answer.json) == (200, [{"name": "served yes"}])
    assert shelf.calls[0][1] == [{"id": 8, "name": "yes"}]
    assert served("PUT", "tags?id=eq.8", {"id": 9, "name": "x"}).refusal == (400, "PGRST115")


def test_an_update(served: Client, shelf: Shelf) -> None:
    answer = served(
        "PATCH",
        "tags?id=gt.0&order=id.desc&limit=1&select=id,name",
        {"name": "new"},
        Prefer="return=representation, count=exact",
    )

    assert (answer.status, answer.range, answer.json) == (200, "0-0/1", [{"id": 2, "name": "new"}])
    assert shelf.calls == [("update", [("2",)], {"name": "new"})]


def test_nothing_found_is_nothing_to_do(served: Client, shelf: Shelf) -> None:
    assert served("PATCH", "tags?id=eq.99", {"name": "new"}).range == "*/*"
    assert served("DELETE", "tags?id=eq.99").status == 204
    assert served("PATCH", "tags?id=eq.1", {}).status == 204
    assert shelf.calls == []


def test_a_deletion_shows_the_rows_as_they_were(served: Client, shelf: Shelf) -> None:
    served("DELETE", "book_tags?tag_id=eq.2")

    answer = served("DELETE", "tags?id=eq.2&select=name", Prefer="return=representation")

    assert answer.json == [{"name": "blue"}]
    assert shelf.calls == [("delete", [("2",)])]
    assert served.rows("tags?id=eq.2") == []


def test_a_refusal_of_the_rules(served: Client) -> None:
    answer = served("POST", "tags", [{"id": 8, "name": "fine"}, {"id": 9, "name": "forbidden"}])

    assert answer.status == 422
    assert answer.json == {
        "code": "name_forbidden",
        "details": None,
        "hint": "Choose another.",
        "message": "That name is taken by the house.",
    }
    assert served.rows("tags?id=in.(8,9)") == []


@pytest.mark.parametrize("prefer", ["handling=strict, max-affected=1", "return=minimal"])
def test_too_much_undoes_what_the_service_did(served: Client, prefer: str) -> None:
    accept = "*/*" if "max" in prefer else "application/vnd.pgrst.object+json"

    assert served("PATCH", "tags?id=gt.0", {"name": "all"}, Prefer=prefer, Accept=accept).status in (400, 406)
    assert served.rows("tags?select=name") == [{"name": "red"}, {"name": "blue"}]


def with_tags(library: Catalog, **changes: Any) -> Catalog:
    others = [each for each in library.resources.values() if each.name != "tags"]
    return Catalog([*others, replace(library.resources["tags"], **changes)])


def test_malformed_rows_name_every_fault(library: Catalog, serve: Callable[..., Client]) -> None:
    def examine(rows: Sequence[Row]) -> None:
        faults = [
            Fault("name", "too_short", "Too short.", "a[0]", place) for place, row in enumerate(rows) if not row["name"]
        ]
        if faults:
            raise Malformed(faults)

    strict = serve(with_tags(library, examine=examine))
    answer = strict("POST", "tags", [{"id": 8, "name": "fine"}, {"id": 9, "name": ""}])

    assert answer.status == 400
    assert answer.json == {
        "code": "23514",
        "details": [{"row": 1, "field": "name", "code": "too_short", "path": "a[0]", "message": "Too short."}],
        "hint": None,
        "message": "Too short.",
    }


def test_methods_that_are_not_offered(library: Catalog, serve: Callable[..., Client]) -> None:
    reading = serve(with_tags(library, methods=frozenset({"GET", "HEAD"})))

    assert reading("POST", "tags", {"id": 9}).refusal == (403, "42501")
    assert reading("DELETE", "tags?id=eq.1").refusal == (403, "42501")
    assert reading("OPTIONS", "tags").headers["Allow"] == "OPTIONS,GET,HEAD"


def test_hidden_columns_and_expressions(library: Catalog, serve: Callable[..., Client]) -> None:
    columns = (
        Column("id", "integer"),
        Column("label", "text", expression="upper(name)"),
        Column("name", "text", hidden=True),
    )
    odd = serve(with_tags(library, columns=columns, predicate="tags.id < 2"))

    assert odd.rows("tags") == [{"id": 1, "label": "RED"}]
    assert odd.rows("tags?select=label&name=eq.red") == [{"label": "RED"}]
    assert odd.rows("books?select=id,tags(label)&id=eq.1") == [{"id": 1, "tags": [{"label": "RED"}]}]
    assert odd("POST", "tags", {"id": 3, "name": "x"}).refusal == (400, "PGRST204")
    assert odd("PATCH", "tags?id=eq.2", {"id": 5}).range == "*/*"
    assert odd.get("tags?select=organization_id").refusal == (400, "42703")
    assert "organization_id" not in odd.get("tags?select=organisation_id").text


def test_columns_that_the_engine_fills_in(library: Catalog, serve: Callable[..., Client]) -> None:
    columns = (
        Column("organization_id", "uuid", on_insert="{organization_id}"),
        Column(
            "id",
            "integer",
            on_insert="(SELECT max(id) + 1 FROM library.tags WHERE organization_id = {organization_id})",
        ),
        Column("name", "text", on_update="'touched'"),
    )
    filling = serve(with_tags(library, columns=columns))

    assert filling("POST", "tags?select=*", {"name": "n"}).json == [
        {"organization_id": str(OURS), "id": 3, "name": "n"}
    ]
    assert filling("PATCH", "tags?id=eq.3&select=name", {"id": 4}, Prefer="return=representation").json == [
        {"name": "touched"}
    ]
    upsert = filling("POST", "tags?columns=id&select=name", {"id": 4}, Prefer="resolution=merge-duplicates")
    assert upsert.json == [{"name": "touched"}]
    defaults = filling(
        "POST", "tags?columns=id,name,organization_id&select=id", {"name": "d"}, Prefer="missing=default"
    )
    assert defaults.json == [{"id": 5}]


def test_a_declared_conflict_target(library: Catalog, serve: Callable[..., Client]) -> None:
    target = ConflictTarget(frozenset({"name"}), ("organization_id", "id"))
    declared = serve(with_tags(library, conflict_targets=(target,)))

    answer = declared(
        "POST",
        "tags?on_conflict=name&select=id,name",
        {"id": 1, "name": "by name"},
        Prefer="resolution=merge-duplicates",
    )

    assert answer.json == [{"id": 1, "name": "by name"}]


def test_rows_are_announced_before_they_go(library: Catalog, serve: Callable[..., Client]) -> None:
    announced: list[Any] = []

    def farewell(caller: Caller, keys: Sequence[Key]) -> None:
        announced.append((caller.organization_id, list(keys)))
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM library.book_tags WHERE organization_id = %s AND tag_id = 2", [caller.organization_id]
            )

    polite = serve(with_tags(library, before_delete=farewell))

    assert polite("DELETE", "tags?id=eq.2").status == 204
    assert polite("DELETE", "tags?id=eq.99").status == 204
    assert announced == [(OURS, [("2",)])]
