"""GET and HEAD of a table: one statement, whose result is the body."""

from __future__ import annotations

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.bounds import Bounds
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.compiler.binding import Values
from bookingoffice.postgrest.compiler.reads import compile_read
from bookingoffice.postgrest.execution import Page, read_page
from bookingoffice.postgrest.media import OBJECT
from bookingoffice.postgrest.ranges import read_content_range, read_status
from bookingoffice.postgrest.views.asks import Ask
from bookingoffice.postgrest.views.locations import content_location
from bookingoffice.postgrest.views.replies import Reply


def read(ask: Ask, catalog: Catalog, bounds: Bounds) -> Reply:
    cap = bounds.answer_rows
    values = Values(cap)
    level = ask.bound_level(values)
    compiled = compile_read(catalog, ask.name, level, ask.form, ask.preferences.count, cap, ask.media.name)
    page = read_page(
        ask.caller.organization_id,
        compiled,
        values.texts,
        cap=cap,
        timezone=ask.preferences.timezone,
        resource=catalog.get(ask.name),
    )
    return page_reply(ask, page, {"Content-Location": content_location(ask.name, ask.query_string)})


def page_reply(ask: Ask, page: Page, headers: dict[str, str]) -> Reply:
    refuse_unless_single(ask, page.rows)
    status = read_status(ask.window, page.rows, page.total)
    headers = {"Content-Range": read_content_range(ask.window, page.rows, page.total), **headers, **ask.headers()}
    if applied := ask.preferences.applied(ask.method):
        headers["Preference-Applied"] = applied
    return Reply(status, page.body, ask.media.content_type, headers)


def refuse_unless_single(ask: Ask, rows: int) -> None:
    """The refusal has the type that was asked for."""
    if ask.singular and rows != 1:
        problem = errors.not_singular(rows)
        problem.headers = {"Content-Type": OBJECT.content_type}
        raise problem
