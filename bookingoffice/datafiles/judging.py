"""Which cells of staged rows are of their column's type: PostgreSQL judges, and each bad one is named."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from psycopg import sql

from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.rows import DEEPEST

DAY = r"\d{4}-\d\d-\d\d"
INSTANT = rf"^{DAY}([T ]\d\d:\d\d(:\d\d(\.\d{{1,6}})?)? ?(Z|[+-]\d\d(:?\d\d)?)?)?$"
NUMBER = r"^[+-]?\d*\.?\d*([eE][+-]?\d+)?$"
FORMS = {"date": f"^{DAY}$", "timestamp with time zone": INSTANT, "numeric": NUMBER, "real": NUMBER}
"""What PostgreSQL would take beyond these (`infinity`, `now`, `NaN`) is no value for a file."""

USUAL = {
    "timestamp with time zone": (
        "0000-00-00T00:00:00Z", "0000-00-00", "0000-00-00 00:00", "0000-00-00T00:00", "0000-00-00T00:00:00+00:00",
    ),
    "numeric": ("0", "00", "000", "0.0", "0.00", "00.0", "00.00"),
}  # fmt: skip
"""Shapes that most cells have, every digit a zero. They are of the form, and comparing costs a third of the regular expression."""

EXPECTED = {
    "integer": ("not_an_integer", gettext_noop("a whole number from -2147483648 to 2147483647")),
    "smallint": ("not_an_integer", gettext_noop("a whole number from -32768 to 32767")),
    "bigint": ("not_an_integer", gettext_noop("a whole number from -9223372036854775808 to 9223372036854775807")),
    "numeric": ("not_a_number", gettext_noop("a number such as 12.5")),
    "real": ("not_a_number", gettext_noop("a number such as 12.5")),
    "boolean": ("not_a_boolean", gettext_noop("true or false")),
    "date": ("not_a_date", gettext_noop("a date of the calendar such as 2027-04-30")),
    "timestamp with time zone": ("not_an_instant", gettext_noop("an instant such as 2027-04-30T18:00:00+02:00")),
    "uuid": ("not_a_uuid", gettext_noop("an id (UUID)")),
    "jsonb": ("not_json", gettext_noop("JSON that can be kept")),
}


def cast_type(column: Column) -> str:
    """A number's limits and an enum's labels were judged; Python takes them as they are."""
    known = column.element in EXPECTED
    return (column.element if known else "text") + ("[]" if column.is_list else "")


def judged(columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column.type != "text" or column.choices]


def good(column: Column) -> sql.Composed:
    cell, kind = sql.Identifier(column.name), sql.Literal(cast_type(column))
    conditions = [sql.SQL("pg_input_is_valid({}, {})").format(cell, kind)]
    if column.choices:
        conditions.append(sql.SQL("{} = ANY({})").format(cell, sql.Literal(list(column.choices))))
    if column.element in FORMS:
        conditions.append(_has_form(column))
    parts = [sql.SQL("CASE WHEN {0} THEN {1} ELSE false END").format(conditions[0], rest) for rest in conditions[1:]]
    return sql.SQL("({} IS NULL OR {})").format(cell, sql.SQL(" AND ").join(parts or conditions))


def may_be_deep(column: Column) -> sql.Composed:
    """Of JSON that nobody has looked at: PostgreSQL ends a statement that goes too deep, and says of no cell that it was it."""
    cell, deepest = sql.Identifier(column.name), sql.Literal(DEEPEST)
    return sql.SQL("(octet_length({0}) - octet_length(translate({0}, {1}, '')) > {2})").format(
        cell, sql.Literal("[{"), deepest
    )


def _has_form(column: Column) -> sql.Composed:
    """Of a list, each item. An instant at either end of time would not fit Python's calendar in every time zone."""
    cell, form = sql.Identifier(column.name), sql.Literal(FORMS[column.element])
    if column.is_list:
        return sql.SQL("(SELECT coalesce(bool_and(item ~ {form}), true) FROM unnest({cell}::text[]) AS item)").format(
            form=form, cell=cell
        )
    matches = sql.SQL("{} ~ {}").format(cell, form)
    if column.element in USUAL:
        shapes = sql.Literal(list(USUAL[column.element]))
        matches = sql.SQL("(translate({}, '123456789', '000000000') = ANY({}) OR {})").format(cell, shapes, matches)
    if column.element == "timestamp with time zone":
        return sql.SQL("{0} AND left({1}, 4) BETWEEN '0002' AND '9998'").format(matches, cell)
    return matches


def expectation(column: Column) -> tuple[str, str]:
    if column.choices and not column.is_list:
        return "unknown_choice", _("one of %(choices)s") % {"choices": ", ".join(column.choices)}
    code, expected = EXPECTED.get(column.element, ("not_valid", gettext_noop("valid here")))
    if column.is_list:
        return code, _("a list, each item %(expected)s") % {"expected": _(expected)}
    return code, _(expected)
