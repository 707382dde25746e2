"""What a question must be answered, worked out in Python from the rows of every table: the judge of the compiled SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bookingoffice.postgrest.relationships import Link, Relationship
from bookingoffice.postgrest.resources import Column, Resource
from tests.bookingoffice.postgrest_fuzz.questions import Child, Condition, Level, Term, Test

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]  # every row of every table, with every column


def answered(rows: Rows, resource: Resource, level: Level) -> list[dict[str, Any]]:
    return [shown(rows, row, level) for row in page(rows, resource, level, rows[resource.name])]


def total(rows: Rows, resource: Resource, level: Level) -> int:
    return len(matching(rows, resource, level, rows[resource.name]))


def page(rows: Rows, resource: Resource, level: Level, candidates: Sequence[Row]) -> list[Row]:
    found = ordered(rows, resource, level, matching(rows, resource, level, candidates))
    end = None if level.limit is None else level.offset + level.limit
    return found[level.offset : end]


def matching(rows: Rows, resource: Resource, level: Level, candidates: Sequence[Row]) -> list[Row]:
    return [row for row in candidates if _kept(rows, resource, level, row)]


def _kept(rows: Rows, resource: Resource, level: Level, row: Row) -> bool:
    if not all(truth(resource, condition, row) is True for condition in level.conditions):
        return False
    wanted = dict(level.present)
    for child in level.children:
        found = bool(children(rows, child, row))
        if (child.inner and not found) or wanted.get(child.name, found) != found:
            return False
    return True


def children(rows: Rows, child: Child, row: Row) -> list[Row]:
    """The rows that a child's place holds, before its page is cut."""
    return matching(rows, child.relationship.target, child.level, _met(rows, child.relationship, row))


def _met(rows: Rows, relationship: Relationship, row: Row) -> list[Row]:
    others = rows[relationship.target.name]
    if relationship.link:
        return _linked(rows, relationship.link, row, others)
    return [other for other in others if all(_same(row[ours], other[theirs]) for ours, theirs in relationship.pairs)]


def _linked(rows: Rows, link: Link, row: Row, others: Sequence[Row]) -> list[Row]:
    (near, near_reference), (far, far_reference) = (
        (key.columns[0], key.references[0]) for key in (link.near, link.far)
    )
    wanted = {each[far] for each in rows[link.resource.name] if each[near] == row[near_reference]}
    return [other for other in others if other[far_reference] in wanted]


def _same(left: Any, right: Any) -> bool:
    return left is not None and left == right


def shown(rows: Rows, row: Row, level: Level) -> dict[str, Any]:
    answer = {output.key: row[output.column] for output in level.outputs}
    for child in level.children:
        found = page(rows, child.relationship.target, child.level, children(rows, child, row))
        inside = [shown(rows, each, child.level) for each in found]
        answer |= _placed(child, inside)
    return answer


def _placed(child: Child, inside: list[dict[str, Any]]) -> dict[str, Any]:
    one = child.relationship.to_one
    if child.spread:
        keys = list(shown_keys(child.level))
        if one:
            return inside[0] if inside else dict.fromkeys(keys)
        return {key: [each[key] for each in inside] for key in keys}
    if one:
        return {child.name: inside[0] if inside else None}
    return {child.name: inside}


def shown_keys(level: Level) -> list[str]:
    keys = [output.key for output in level.outputs]
    for child in level.children:
        keys += shown_keys(child.level) if child.spread else [child.name]
    return keys


def truth(resource: Resource, condition: Condition, row: Row) -> bool | None:
    """SQL's three values: None is unknown."""
    if isinstance(condition, Test):
        found = _tested(resource.by_name[condition.column], condition, row[condition.column])
    else:
        members = [truth(resource, member, row) for member in condition.members]
        decisive = condition.connective == "or"
        found = decisive if decisive in members else None if None in members else not decisive
    return found if found is None or not condition.negated else not found


def _tested(column: Column, test: Test, value: Any) -> bool | None:
    if test.operator == "is":
        return value is test.value
    if test.operator == "isdistinct":
        return bool(value != test.value)
    if value is None:
        return None
    if test.operator == "in":
        return value in test.value
    left, right = comparable(column, value), comparable(column, test.value)
    outcome: bool = {
        "eq": left == right,
        "neq": left != right,
        "gt": left > right,
        "gte": left >= right,
        "lt": left < right,
        "lte": left <= right,
    }[test.operator]
    return outcome


def comparable(column: Column, value: Any) -> Any:
    """As PostgreSQL sorts the type: text by code points, an enum by the order of its labels."""
    if column.enum:
        return column.enum.index(value)
    return datetime.fromisoformat(value) if column.type.startswith("timestamp") else value


def ordered(rows: Rows, resource: Resource, level: Level, found: Sequence[Row]) -> list[Row]:
    """Sorted by each term from the last to the first, as Python's sort is stable; the key goes the way of the last term."""
    result, downwards = list(found), bool(level.order) and level.order[-1].descending
    for column in reversed(resource.primary_key):
        result.sort(key=lambda row, column=column: row[column], reverse=downwards)  # type: ignore[misc]
    for term in reversed(level.order):
        result = _by_term(rows, resource, level, term, result)
    return result


def _by_term(rows: Rows, resource: Resource, level: Level, term: Term, found: list[Row]) -> list[Row]:
    child = next((child for child in level.children if child.name == term.relation), None)
    column = (child.relationship.target if child else resource).by_name[term.column]

    def value(row: Row) -> Any:
        holder = next(iter(children(rows, child, row)), None) if child else row
        return holder and holder[term.column]

    nothing = [row for row in found if value(row) is None]
    something = [row for row in found if value(row) is not None]
    something.sort(key=lambda row: comparable(column, value(row)), reverse=term.descending)
    first = term.nulls == "nullsfirst" if term.nulls else term.descending
    return nothing + something if first else something + nothing
