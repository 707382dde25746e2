"""One column, or a way into its JSON, as SQL, and the key it has in the answer."""

from __future__ import annotations

import re

from psycopg import sql

from bookingoffice.postgrest.compiler.fragments import Fragment, Parameters, join, name, plain
from bookingoffice.postgrest.compiler.places import Place
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.nodes import Column, Field, Step

# Words that begin like a name or a number. A `$` may only stand inside a name: elsewhere it could open a quoted string.
TYPE_NAME = re.compile(r" *(?:[^\W\d][\w$]*|\d\w*)(?: +(?:[^\W\d][\w$]*|\d\w*))* *")


def column_sql(place: Place, field: Field, parameters: Parameters) -> Fragment:
    return addressed(place, place.alias, field, parameters)


def addressed(place: Place, alias: str, field: Field, parameters: Parameters) -> Fragment:
    """The field of a row that is called `alias`; only jsonb need not become jsonb before its path is walked."""
    bare = name(alias, field.column)
    if not field.path:
        return bare
    column = place.resource.by_name.get(field.column)
    start: Fragment = bare if column and column.type == "jsonb" else join(plain("to_jsonb("), bare, plain(")"))
    return join(start, *(_arrow(step, parameters) for step in field.path))


def _arrow(step: Step, parameters: Parameters) -> Fragment:
    key = parameters.take(str(step.key))
    return join(plain(step.operator), key, plain("::int" if isinstance(step.key, int) else ""))


def cast(expression: Fragment, type_name: str | None) -> Fragment:
    """`CAST(… AS type)`; PostgreSQL judges the type, but only words of letters, digits, `_` and `$` get that far."""
    if type_name is None:
        return expression
    if not TYPE_NAME.fullmatch(type_name):
        raise Problem(400, "42601", f'syntax error at or near "{type_name.strip()}"')
    return join(plain("CAST("), expression, plain(" AS "), plain(type_name), plain(")"))


def key_of(column: Column) -> str:
    """The key in the answer: the alias, the aggregate, the last key of the path that is no index, or the column."""
    if column.alias is not None:
        return column.alias
    if column.aggregate is not None:
        return column.aggregate
    keys = [step.key for step in column.field.path if isinstance(step.key, str)]
    return keys[-1] if keys else column.field.column


def literal(text: str) -> sql.Literal:
    return sql.Literal(text)
