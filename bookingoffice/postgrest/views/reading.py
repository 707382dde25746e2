"""GET and HEAD of a table: one statement, whose result is the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from bookingoffice.database import pipeline
from bookingoffice.postgrest import errors
from bookingoffice.postgrest.bounds import Bounds
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.compiler.binding import Values
from bookingoffice.postgrest.compiler.reads import Read, compile_read
from bookingoffice.postgrest.execution import Ask, Page, PageRead, read_page
from bookingoffice.postgrest.media import OBJECT
from bookingoffice.postgrest.ranges import read_content_range, read_status
from bookingoffice.postgrest.resources import Resource
from bookingoffice.postgrest.views import asks
from bookingoffice.postgrest.views.asks import (
    LONGEST_REMEMBERED,
    MOST_REMEMBERED,
    Head,
    head_of,
    raw_query,
    refuse_long_target,
    understood,
)
from bookingoffice.postgrest.views.following import Terms, next_page, terms_of
from bookingoffice.postgrest.views.locations import content_location
from bookingoffice.postgrest.views.parting import Parted, part
from bookingoffice.postgrest.views.replies import Reply
from bookingoffice.postgrest.views.requests import Request


@dataclass(frozen=True, slots=True)
class Plan:
    """How requests of one shape are answered, whoever asks: the statement, the values that belong to the shape, and where the
    answer can be read again. `ask` is nobody's."""

    ask: asks.Ask
    read: Read
    texts: tuple[str, ...]
    location: str
    told: Mapping[str, str]
    terms: Terms = ()
    """Of its order, where a page can be followed by its last row."""


class Reading(NamedTuple):
    """A read that has been understood and is still to be asked."""

    request: Request
    plan: Plan
    parted: Parted
    page: PageRead
    resource: Resource | None
    most_rows: int

    @property
    def holds_for_its_shape(self) -> bool:
        """Whether the plan is the one for all values; rarely it had to be made for these."""
        return self.plan.ask.query_string == self.parted.shape

    def again(self, request: Request, parted: Parted) -> Reading:
        """A request of the same shape and caller, with values of its own."""
        page = _page(self.page.asked.organization_id, self.plan, parted, self.most_rows)
        return self._replace(request=request, parted=parted, page=page)

    def reply(self, ask: Ask = pipeline.read) -> Reply:
        page = read_page(self.page, self.resource, ask)
        plan, headers = self.plan, {"Content-Location": self.parted.location(self.plan.location)}
        if plan.terms and page.rows == min(plan.ask.window.limit or self.most_rows, self.most_rows):
            link = next_page(plan.terms, self.request.path, raw_query(self.request), page.body)
            headers |= {"Link": link} if link else {}
        return page_reply(plan.ask, page, {**headers, **plan.told})


def read(request: Request, name: str, caller: Caller, catalog: Catalog, bounds: Bounds) -> Reading:
    """Everything before the statement."""
    refuse_long_target(request, bounds)
    parted = part(raw_query(request))
    plan = _plan(catalog, bounds, name, request, parted)
    page = _page(caller.organization_id, plan, parted, bounds.answer_rows)
    return Reading(request, plan, parted, page, catalog.get(name), bounds.answer_rows)


def _page(organization_id: UUID, plan: Plan, parted: Parted, most_rows: int) -> PageRead:
    values, timezone = parted.texts(plan.texts), plan.ask.preferences.timezone
    return PageRead.of(organization_id, plan.read, values, cap=most_rows, timezone=timezone)


def _plan(catalog: Catalog, bounds: Bounds, name: str, request: Request, parted: Parted) -> Plan:
    head = head_of(request, parted.shape)
    make = _remembered if head.size <= LONGEST_REMEMBERED else _made
    try:
        return make(catalog, bounds, name, head)
    except errors.Problem:
        if not parted.values:
            raise
    return _made(catalog, bounds, name, head_of(request, raw_query(request)))  # refuses too, and quotes what was sent


def _made(catalog: Catalog, bounds: Bounds, name: str, head: Head) -> Plan:
    ask = understood(head, name, bounds)
    values = Values(bounds.answer_rows)
    level = ask.bound_level(values)
    compiled = compile_read(catalog, name, level, ask.form, ask.preferences.count, bounds.answer_rows, ask.media.name)
    resource = catalog.get(name)
    terms = terms_of(ask, resource) if resource else ()
    return Plan(ask, compiled, tuple(values.texts), content_location(name, head.query_string), told(ask), terms)


_remembered = lru_cache(maxsize=MOST_REMEMBERED)(_made)


def page_reply(ask: asks.Ask, page: Page, headers: Mapping[str, str]) -> Reply:
    """`headers` are those beside the range, what `told` gives among them; an answer past the end has them too."""
    refuse_unless_single(ask, page.rows)
    try:
        status = read_status(ask.window, page.rows, page.total)
    except errors.Problem as beyond:
        beyond.headers = {**headers, **beyond.headers}
        raise
    content_range = read_content_range(ask.window, page.rows, page.total)
    return Reply(status, page.body, ask.media.content_type, {"Content-Range": content_range, **headers})


def told(ask: asks.Ask) -> dict[str, str]:
    """What every answer with a body says of how it was asked."""
    applied = ask.preferences.applied(ask.method)
    return ask.headers() | ({"Preference-Applied": applied} if applied else {})


def refuse_unless_single(ask: asks.Ask, rows: int) -> None:
    """The refusal has the type that was asked for."""
    if ask.singular and rows != 1:
        problem = errors.not_singular(rows)
        problem.headers = {"Content-Type": OBJECT.content_type}
        raise problem
