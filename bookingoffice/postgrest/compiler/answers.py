"""The body of an answer, built by PostgreSQL from the rows of a SELECT in one of the forms that a client may ask for."""

from __future__ import annotations

from enum import Enum

from bookingoffice.postgrest.compiler.fragments import Fragment, Parameters, join, listed, plain

ROW = plain("answer.*")


class Form(Enum):
    """What the body is; NONE counts the rows and shows nothing."""

    JSON = "json"
    JSON_STRIPPED = "json, nulls left out"
    OBJECT = "the only row"
    OBJECT_STRIPPED = "the only row, nulls left out"
    CSV = "csv"
    TEXT = "values of one column, joined"
    XML = "xml"
    NONE = "nothing"


JSON_FORMS = {
    Form.JSON: "COALESCE(json_agg(answer.*), '[]')",
    Form.JSON_STRIPPED: "COALESCE(json_strip_nulls(json_agg(answer.*)), '[]')",
    Form.OBJECT: "COALESCE(json_agg(answer.*)->0, 'null')",
    Form.OBJECT_STRIPPED: "COALESCE(json_strip_nulls(json_agg(answer.*)->0), 'null')",
    Form.NONE: "''::text",
}
# Not xmlagg, which a server built without XML refuses even for text.
RAW_FORMS = {
    Form.TEXT: "COALESCE(string_agg(answer.value, ''), '')",
    Form.XML: "COALESCE(string_agg(answer.value::text, ''), '')",
}
CSV_ROWS = "COALESCE(string_agg(substring((answer.*)::text, 2, length((answer.*)::text) - 2), E'\\n'), '')"


def body_sql(form: Form, keys: list[str], parameters: Parameters) -> Fragment:
    """`keys` head the CSV; an answer of no rows has no header."""
    if form is Form.CSV:
        header = parameters.take(",".join(keys))
        return join(plain("CASE WHEN count(*) > 0 THEN "), header, plain(" ELSE '' END || E'\\n' || "), plain(CSV_ROWS))
    return plain(JSON_FORMS.get(form) or RAW_FORMS[form])


def answer_sql(form: Form, keys: list[str], rows: Fragment, more: list[Fragment], parameters: Parameters) -> Fragment:
    """One row: the body, the number of rows in it, and `more`."""
    columns = listed([body_sql(form, keys, parameters), plain("count(*)"), *more])
    renamed = plain(" (value)" if form in RAW_FORMS else "")
    return join(plain("SELECT "), columns, plain(" FROM ("), rows, plain(") AS answer"), renamed)
