"""How many rows a request is about, without limit and order: the conditions, and a match wherever an embed is inner."""

from __future__ import annotations

from bookingoffice.postgrest.compiler.conditions import condition_sql
from bookingoffice.postgrest.compiler.fragments import AND, Fragment, Parameters, clause, join, plain
from bookingoffice.postgrest.compiler.joins import meeting, source
from bookingoffice.postgrest.compiler.places import Joined, Place


def counted_rows(place: Place, parameters: Parameters, joined: Joined | None = None) -> Fragment:
    """`SELECT 1 …`, one row for each that counts."""

    def matched(child: Joined) -> Fragment:
        return matched_rows(child, parameters)

    conditions = meeting(joined) if joined else []
    conditions += [condition_sql(place, each, parameters, matched) for each in place.level.conditions]
    conditions += [matched(child) for child in place.joined if child.embed.join == "inner"]
    return join(plain("SELECT 1 FROM "), source(place, joined, parameters), clause(" WHERE ", conditions, AND))


def matched_rows(joined: Joined, parameters: Parameters) -> Fragment:
    """Whether an embed has a match, where it is not joined."""
    return join(plain("EXISTS ("), counted_rows(joined.place, parameters, joined), plain(")"))


def total_sql(place: Place, parameters: Parameters, *, at_most: int | None = None) -> Fragment:
    """The number itself; `at_most` stops counting there."""
    limit = plain(f" LIMIT {at_most}" if at_most else "")
    return join(plain("(SELECT count(*) FROM ("), counted_rows(place, parameters), limit, plain(") AS counted)"))
