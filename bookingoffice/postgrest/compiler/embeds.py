"""How one embed comes in: a lateral sub-query, and what it adds to the outputs of the level above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bookingoffice.postgrest.compiler.fragments import NOTHING, Fragment, join, listed, name, plain
from bookingoffice.postgrest.compiler.outputs import Output, inner_names
from bookingoffice.postgrest.compiler.places import Joined


@dataclass(frozen=True, slots=True)
class Brought:
    """`source` is the SQL to join laterally under the embed's alias."""

    source: Fragment
    outputs: Sequence[Output] = ()


def one_object(joined: Joined, rows: Fragment) -> Brought:
    row = Output(join(plain("row_to_json("), name(joined.alias), plain(".*)")), joined.embed.name, json=True)
    return Brought(rows, () if joined.silent else (row,))


def array_of_objects(joined: Joined, rows: Fragment) -> Brought:
    """HAVING leaves no row for no children, so that a missing match looks the same for one and for many."""
    alias = name(joined.alias)
    collected = join(plain("json_agg("), alias, plain(".*) AS "), alias)
    array = Output(_or_empty(name(joined.alias, joined.alias)), joined.embed.name, json=True)
    return Brought(_collected(joined, collected, rows), () if joined.silent else (array,))


def lifted_row(joined: Joined, outputs: Sequence[Output]) -> Sequence[Output]:
    """A spread to-one: the child's keys in the parent, its aggregates computed there."""
    names = inner_names(outputs)
    if joined.silent:
        return ()
    return [
        Output(name(joined.alias, inner), output.key, output.aggregate, output.result_cast, output.json)
        for inner, output in zip(names, outputs, strict=True)
    ]


def lifted_arrays(joined: Joined, rows: Fragment, outputs: Sequence[Output]) -> Brought:
    """A spread to-many: each of the child's keys is an array in the parent, in the child's order."""
    names = inner_names(outputs)
    arrays = (join(plain("json_agg("), name(joined.alias, inner), plain(") AS "), name(inner)) for inner in names)
    lifted = (
        Output(_or_empty(name(joined.alias, inner)), output.key, json=True)
        for inner, output in zip(names, outputs, strict=True)
    )
    renamed = join(plain(" ("), listed(name(inner) for inner in names), plain(")")) if names else plain("")
    return Brought(_collected(joined, listed(arrays), rows, renamed), () if joined.silent else tuple(lifted))


def _collected(joined: Joined, columns: Fragment, rows: Fragment, renamed: Fragment = NOTHING) -> Fragment:
    return join(
        plain("SELECT "),
        columns,
        plain(" FROM ("),
        rows,
        plain(") AS "),
        name(joined.alias),
        renamed,
        plain(" HAVING count(*) > 0"),
    )


def _or_empty(array: Fragment) -> Fragment:
    return join(plain("COALESCE("), array, plain(", '[]')"))


def lateral(joined: Joined, source: Fragment) -> Fragment:
    word = " INNER JOIN LATERAL (" if joined.embed.join == "inner" else " LEFT JOIN LATERAL ("
    return join(plain(word), source, plain(") AS "), name(joined.alias), plain(" ON TRUE"))


def matched(joined: Joined) -> Fragment:
    """In a level that has joined the embed: whether it found a row, however many of its columns are null."""
    return join(name(joined.alias), plain(".* IS DISTINCT FROM NULL"))
