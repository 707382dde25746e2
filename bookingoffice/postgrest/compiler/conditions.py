"""Filters and logic as SQL. Values stay untyped parameters, so that PostgreSQL reads them and raises its own errors."""

from __future__ import annotations

from collections.abc import Callable

from bookingoffice.postgrest.compiler.fields import column_sql
from bookingoffice.postgrest.compiler.fragments import Fragment, Parameters, join, listed, plain
from bookingoffice.postgrest.compiler.places import Joined, Place, embed_filter
from bookingoffice.postgrest.nodes import Compare, Condition, Group, In, Is, Search

Presence = Callable[[Joined], Fragment]

OPERATORS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "LIKE",
    "ilike": "ILIKE",
    "match": "~",
    "imatch": "~*",
    "isdistinct": "IS DISTINCT FROM",
    "cs": "@>",
    "cd": "<@",
    "ov": "&&",
    "sl": "<<",
    "sr": ">>",
    "nxr": "&<",
    "nxl": "&>",
    "adj": "-|-",
}
SEARCHES = {
    "fts": "to_tsquery",
    "plfts": "plainto_tsquery",
    "phfts": "phraseto_tsquery",
    "wfts": "websearch_to_tsquery",
}


def condition_sql(place: Place, condition: Condition, parameters: Parameters, presence: Presence) -> Fragment:
    """`presence` says in SQL that an embed has a match, for the null tests on embeds."""
    if isinstance(condition, Group):
        return _group(place, condition, parameters, presence)
    if joined := embed_filter(place, condition):
        absent = not condition.negated
        return join(plain("(NOT " if absent else "("), presence(joined), plain(")"))
    test = _test(column_sql(place, condition.field, parameters), condition, parameters)
    return join(plain("NOT "), test) if condition.negated else test


def _group(place: Place, group: Group, parameters: Parameters, presence: Presence) -> Fragment:
    members = (condition_sql(place, member, parameters, presence) for member in group.members)
    between = plain(" AND " if group.connective == "and" else " OR ")
    return join(plain("NOT (" if group.negated else "("), listed(members, between), plain(")"))


def _test(column: Fragment, condition: Compare | In | Is | Search, parameters: Parameters) -> Fragment:
    match condition:
        case Compare(operator=operator, value=value, quantifier=quantifier):
            operand: Fragment = parameters.value(value)
            if quantifier:
                operand = join(plain(f"{quantifier.upper()}("), operand, plain(")"))
            return join(column, plain(f" {OPERATORS[operator]} "), operand)
        case In(values=(members,)):
            return join(column, plain(" = ANY("), parameters.value(members), plain(")"))
        case Is(value=word):
            return join(column, plain(f" IS {word.upper()}"))
        case Search():
            return join(column, plain(" @@ "), _query(condition, parameters))
    raise AssertionError(f"not bound: {condition}")


def _query(search: Search, parameters: Parameters) -> Fragment:
    texts = [text for text in (search.configuration, search.query) if text is not None]
    return join(plain(f"{SEARCHES[search.operator]}("), listed(parameters.value(text) for text in texts), plain(")"))
