"""Questions drawn at random from the catalog, with values that rows have, nearly have, or lack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from bookingoffice.api import engine
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.relationships import Relationship
from bookingoffice.postgrest.resources import Column, Resource
from tests.bookingoffice.postgrest_fuzz.model import Rows
from tests.bookingoffice.postgrest_fuzz.questions import Child, Condition, Group, Level, Output, Term, Test

CATALOG = engine.catalog
DEPTH = 3
RESERVED = frozenset({"order", "limit", "offset", "and", "or", "select", "columns"})  # as keys of a query string
COMPARED = ("eq", "neq", "gt", "gte", "lt", "lte", "isdistinct", "in", "is")
PLAIN = ("uuid", "text", "integer", "smallint", "bigint", "boolean", "timestamp with time zone")

Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def levels(draw: Draw, rows: Rows, resource: Resource, depth: int = DEPTH) -> Level:
    """A question about one table, with children down to `depth` levels below it."""
    outputs = draw(_outputs(resource))
    level = Level(outputs)
    number = draw(st.integers(0, 2 if depth == DEPTH else 1)) if depth and _related(resource) else 0
    for place in range(number):
        child = draw(_children(rows, resource, depth, level, place))
        level = replace(level, children=tuple(dict.fromkeys([*level.children, child])))
    conditions = tuple(draw(st.lists(_conditions(rows, resource), max_size=2)))
    level = replace(level, conditions=conditions, present=draw(_present(level)), order=draw(_orders(resource, level)))
    limit = draw(st.none() | st.integers(0, 4))
    return replace(level, limit=limit, offset=draw(st.integers(0, 2)) if limit else 0)


def _related(resource: Resource) -> bool:
    return bool(CATALOG.relationships_of(resource.name))


@st.composite
def _outputs(draw: Draw, resource: Resource) -> tuple[Output, ...]:
    columns = draw(
        st.lists(st.sampled_from(resource.visible), min_size=1, max_size=4, unique_by=lambda each: each.name)
    )
    renamed = draw(st.booleans())
    return tuple(Output(f"{column.name}_as" if renamed else column.name, column.name) for column in columns)


@st.composite
def _children(draw: Draw, rows: Rows, resource: Resource, depth: int, level: Level, place: int) -> Child:
    """A spread has no alias, so that a later key could mean another child of the same target, or a column of that name."""
    relationship = draw(st.sampled_from(CATALOG.relationships_of(resource.name)))
    target, hint = draw(st.sampled_from(words_for(resource, relationship)))
    inner = draw(st.booleans())
    inside = draw(levels(rows, relationship.target, depth - 1))
    word = f"{target}{f'!{hint}' if hint else ''}{'!inner' if inner else ''}"
    alike = [child for child in level.children if child.target == target]
    if any(child.spread for child in alike):
        return alike[0]
    if not alike and target not in resource.by_name and draw(st.integers(0, 3)) == 0:
        return Child(target, target, f"...{word}", relationship, _spread(inside, f"{depth}{place}"), inner, spread=True)
    inside = replace(inside, limit=None, offset=0) if inner or relationship.to_one else inside
    return Child(f"e{place}", target, f"e{place}:{word}", relationship, inside, inner)


def _spread(inside: Level, mark: str) -> Level:
    """Without grandchildren and with keys of its own, so that nothing in the parent has the same key."""
    outputs = tuple(Output(f"s{mark}_{place}", output.column) for place, output in enumerate(inside.outputs))
    order = tuple(term for term in inside.order if not term.relation)
    return replace(inside, outputs=outputs, children=(), present=(), order=order, limit=None, offset=0)


def words_for(origin: Resource, relationship: Relationship) -> list[tuple[str, str | None]]:
    """Every way to write `target[!hint]` that means this relationship."""
    pairs = relationship.pairs
    hints = [None, relationship.hint, *(column for pair in pairs for column in pair)]
    targets = [relationship.target.name, relationship.constraint, *(ours for ours, _ in pairs)]
    written = [(target, hint) for target in dict.fromkeys(targets) for hint in dict.fromkeys(hints)]
    return [each for each in written if _means(origin, each, relationship)]


def _means(origin: Resource, word: tuple[str, str | None], relationship: Relationship) -> bool:
    try:
        return CATALOG.find(origin.name, *word) is relationship
    except Problem:
        return False


@st.composite
def _conditions(draw: Draw, rows: Rows, resource: Resource) -> Condition:
    if draw(st.integers(0, 3)):
        keyed = [column for column in _comparable(resource) if column.name not in RESERVED]
        return draw(_tests(rows, resource, keyed))
    return draw(_groups(rows, resource))


@st.composite
def _groups(draw: Draw, rows: Rows, resource: Resource, depth: int = 2) -> Group:
    inner: st.SearchStrategy[Condition] = _tests(rows, resource, _comparable(resource))
    if depth:
        inner = inner | _groups(rows, resource, depth - 1)
    members = draw(st.lists(inner, min_size=1, max_size=3))
    return Group(draw(st.sampled_from(["and", "or"])), tuple(members), draw(st.booleans()))


@st.composite
def _tests(draw: Draw, rows: Rows, resource: Resource, columns: list[Column]) -> Test:
    column = draw(st.sampled_from(columns))
    operator = draw(st.sampled_from(_operators(column)))
    negated = draw(st.integers(0, 3)) == 0
    if operator == "is":
        words = [None, True, False] if column.type == "boolean" else [None]
        return Test(column.name, operator, draw(st.sampled_from(words)), negated)
    value = values(rows, resource, column)
    if operator == "in":
        value = st.lists(value, min_size=1, max_size=3)
    return Test(column.name, operator, draw(value), negated)


def _comparable(resource: Resource) -> list[Column]:
    return [column for column in resource.visible if column.type in PLAIN or column.enum]


def _operators(column: Column) -> tuple[str, ...]:
    if column.type.startswith("timestamp"):
        return tuple(word for word in COMPARED if word not in ("in", "isdistinct"))
    return COMPARED


def values(rows: Rows, resource: Resource, column: Column) -> st.SearchStrategy[Any]:
    """A value that some row has, or another of the type."""
    there = [row[column.name] for row in rows[resource.name] if row[column.name] is not None]
    strange = _strange(column)
    return st.sampled_from(there) | strange if there else strange


def _strange(column: Column) -> st.SearchStrategy[Any]:
    if column.enum:
        return st.sampled_from(column.enum)
    return {
        "uuid": st.integers(0, 2**128 - 1).map(lambda number: str(UUID(int=number))),
        "text": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4),
        "boolean": st.booleans(),
        "timestamp with time zone": st.just("2027-01-01T00:00:00+00:00"),
    }.get(column.type, st.integers(-5, 300))


@st.composite
def _present(draw: Draw, level: Level) -> tuple[tuple[str, bool], ...]:
    """Null tests on children that have no page of their own and whose name is theirs alone."""
    usable = [child for child in level.children if not child.spread and child.level.limit is None]
    if not usable or draw(st.integers(0, 3)):
        return ()
    return ((draw(st.sampled_from(usable)).name, draw(st.booleans())),)


@st.composite
def _orders(draw: Draw, resource: Resource, level: Level) -> tuple[Term, ...]:
    terms: list[tuple[str, str | None]] = [(column.name, None) for column in _comparable(resource)]
    for child in level.children:
        if child.relationship.to_one and not child.spread:
            known = child.relationship.target.by_name
            plain = [output.column for output in child.level.outputs if output.key == output.column]
            terms += [(name, child.name) for name in plain if known[name] in _comparable(child.relationship.target)]
    chosen = draw(st.lists(st.sampled_from(terms), max_size=2, unique=True))
    nulls = st.sampled_from([None, "nullsfirst", "nullslast"])
    return tuple(Term(name, draw(st.booleans()), draw(nulls), relation) for name, relation in chosen)
