"""POST, PATCH, PUT and DELETE of a table."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bookingoffice.postgrest import errors, execution
from bookingoffice.postgrest.bounds import Bounds
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.compiler.fragments import Statement
from bookingoffice.postgrest.execution import Outcome
from bookingoffice.postgrest.preferences import Preferences
from bookingoffice.postgrest.ranges import changed_content_range, written_content_range
from bookingoffice.postgrest.resources import Resource
from bookingoffice.postgrest.views.acts import Act, Work
from bookingoffice.postgrest.views.asks import Ask
from bookingoffice.postgrest.views.locations import row_location
from bookingoffice.postgrest.views.reading import refuse_unless_single
from bookingoffice.postgrest.views.replies import NO_SUCH_PLACE, Reply
from bookingoffice.postgrest.views.served import ServedAct


def write(ask: Ask, catalog: Catalog, bounds: Bounds) -> Reply:
    resource = catalog.get(ask.name)
    if resource is None:
        return _unknown_table(ask, catalog)
    act = (ServedAct if resource.service else Act)(ask, catalog, resource, bounds.answer_rows)
    judge = {"POST": act.insert, "PUT": act.put, "PATCH": act.update, "DELETE": act.delete}[ask.method]
    with execution.translated(resource):
        work = judge()
    return _reply(ask, resource, _done(ask, resource, act, work))


def _done(ask: Ask, resource: Resource, act: Act, work: Work) -> Outcome:
    owner, zone = ask.caller.organization_id, ask.preferences.timezone
    if isinstance(work, Statement):
        return execution.write_at_once(work, act.values.texts, partial(_accepted, ask), owner, resource, zone)
    return execution.write(lambda: _accepted(ask, work()), owner, resource, zone)


def _unknown_table(ask: Ask, catalog: Catalog) -> Reply:
    for embed in ask.query.root.embeds:
        catalog.find(ask.name, embed.target, embed.hint)
    if ask.method == "PUT":
        raise errors.bad_put_filters()
    if ask.method == "DELETE":
        raise errors.unknown_table(ask.name)
    return NO_SUCH_PLACE


def _accepted(ask: Ask, outcome: Outcome) -> Outcome:
    """Raised inside the transaction, so that a refused outcome is undone."""
    refuse_unless_single(ask, outcome.rows if shows_rows(ask) else outcome.changed)
    if ask.method == "PUT" and outcome.changed != 1:
        raise errors.mismatched_put()
    if ask.method in ("PATCH", "DELETE"):
        refuse_too_many(ask, max(outcome.changed, outcome.tied), outcome.changed)
    return outcome


def refuse_too_many(ask: Ask, tied: int, changed: int) -> None:
    limit, most = ask.window.limit, ask.preferences.affected_limit
    if limit is not None and tied > limit:
        raise errors.too_many_changes(tied, limit)
    if most is not None and changed > most:
        raise errors.too_many_affected(changed)


def shows_rows(ask: Ask) -> bool:
    """A POST answers what it created unless it was asked not to."""
    asked = ask.preferences.returning
    return asked == "representation" or (asked is None and ask.method == "POST")


def _reply(ask: Ask, resource: Resource, outcome: Outcome) -> Reply:
    shown = shows_rows(ask)
    headers = _headers(ask, resource, outcome)
    status = 201 if ask.method == "POST" else 200 if shown else 204
    reply = Reply(status, headers=headers)
    if not shown:
        return reply
    return reply._replace(body=outcome.body, content_type=ask.media.content_type, headers={**headers, **ask.headers()})


def _headers(ask: Ask, resource: Resource, outcome: Outcome) -> dict[str, str]:
    rows = outcome.rows if shows_rows(ask) else outcome.changed  # an inner embed may hide what was changed
    total = rows if ask.preferences.count in ("exact", "estimated") else None
    headers: dict[str, str] = {}
    if ask.method == "PATCH":
        headers["Content-Range"] = changed_content_range(rows, total)
    elif ask.method != "PUT":
        headers["Content-Range"] = written_content_range(total)
    if outcome.key and outcome.changed == 1:
        headers["Location"] = row_location(resource.name, outcome.key)
    if applied := _preferences(ask, resource).applied(ask.method):
        headers["Preference-Applied"] = applied
    return headers


def _preferences(ask: Ask, resource: Resource) -> Preferences:
    """Where no unique rule is meant, no duplicate was resolved."""
    if resource.primary_key or ask.query.on_conflict is not None:
        return ask.preferences
    return replace(ask.preferences, resolution=None)
