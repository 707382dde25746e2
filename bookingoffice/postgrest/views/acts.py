"""A write in two steps: everything that can be refused without the database, then the statement, or the work, that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.compiler.answers import Form
from bookingoffice.postgrest.compiler.binding import Values
from bookingoffice.postgrest.compiler.changes import Body
from bookingoffice.postgrest.compiler.fragments import Statement
from bookingoffice.postgrest.compiler.writes import (
    Action,
    Delete,
    FindKeys,
    Insert,
    Nothing,
    Update,
    compile_write,
)
from bookingoffice.postgrest.execution import Outcome, run_keys, run_write
from bookingoffice.postgrest.nodes import OrderTerm
from bookingoffice.postgrest.ranges import Window
from bookingoffice.postgrest.resources import Column, Conflict, Key, Resource
from bookingoffice.postgrest.views import permits
from bookingoffice.postgrest.views.asks import Ask

LIMITABLE = frozenset({"PATCH", "DELETE"})
Work = Statement | Callable[[], Outcome]


class Act:
    """One write of one request to a resource without rules of its own: a single statement."""

    def __init__(self, ask: Ask, catalog: Catalog, resource: Resource, cap: int) -> None:
        self.ask = ask
        self.catalog = catalog
        self.resource = resource
        self.cap = cap
        self.values = Values(cap)
        limited = replace(ask.query.root, order=self._order(), limit=ask.window.limit, offset=ask.window.offset)
        self.level = self.values.bind_level(limited, capped=False)

    def compiled(self, action: Action) -> Statement:
        returning = self.ask.preferences.returning
        shown = returning == "representation" or (returning is None and self.ask.method == "POST")
        form = self.ask.form if shown else Form.NONE
        locate = returning == "headers-only" and self.ask.method == "POST"
        return compile_write(
            self.catalog, self.resource, self.level, action, form, self.cap, locate=locate, teller=self.teller
        )

    @cached_property
    def teller(self) -> int | None:
        witness = self.resource.witness
        return self.values.slot(witness.told_of(self.ask.caller)) if witness else None

    def _order(self) -> tuple[OrderTerm, ...]:
        """An order chooses rows where a limit is on what changes. Elsewhere PostgREST v11.1 does not look at it, so there what
        is no column of the table is passed over and the rest is for the answer."""
        order = self.ask.query.root.order
        if self.ask.method in LIMITABLE and self.ask.window != Window():
            return order
        return tuple(term for term in order if not term.relation and term.field.column in self.resource.by_name)

    def insert(self) -> Work:
        columns = self._judged_columns(inserting=True)
        if not self.ask.body.rows:
            return self.compiled(Nothing())
        return self.inserting(columns, self._conflict())

    def put(self) -> Work:
        key = permits.put_key(self.ask.query.root, self.resource)
        columns = self._judged_columns(inserting=True)
        if not set(key) <= set(self.ask.body.keys) or not self.ask.body.rows:
            raise errors.mismatched_put()
        return self.putting(columns, key)

    def update(self) -> Work:
        columns = self._judged_columns(inserting=False)
        if not (self.ask.body.rows and columns):
            return self.compiled(Nothing())
        permits.refuse_unfiltered(self.ask)
        return self.updating(self._without_owner(columns))

    def delete(self) -> Work:
        permits.refuse_unless_permitted(self.ask, self.resource)
        permits.refuse_unfiltered(self.ask)
        return self.deleting()

    def inserting(self, columns: tuple[Column, ...], conflict: Conflict | None) -> Work:
        return self.compiled(Insert(self._body(columns), conflict))

    def putting(self, columns: tuple[Column, ...], key: dict[str, str]) -> Work:
        conflict = Conflict(self.resource.primary_key, merge=True)
        only = tuple((column, str(self.values.slot(value))) for column, value in key.items())
        return self.compiled(Insert(self._body(columns), conflict, only))

    def updating(self, columns: tuple[Column, ...]) -> Work:
        return self.compiled(Update(self._body(columns)))

    def deleting(self) -> Work:
        delete = self.compiled(Delete())
        farewell = self.resource.before_delete
        if farewell is None:
            return delete

        def work() -> Outcome:
            keys, _ = self.found()
            if keys:
                farewell(self.ask.caller, keys)
            return self.outcome(delete)

        return work

    def found(self) -> tuple[list[Key], int]:
        """The keys of the rows that the request is about, locked, and how many a limit could not tell apart."""
        return run_keys(self.compiled(FindKeys()), self.ask.caller.organization_id, self.values.texts)

    @property
    def defaults(self) -> bool:
        return self.ask.preferences.missing == "default"

    def _judged_columns(self, *, inserting: bool) -> tuple[Column, ...]:
        body = self.ask.body
        columns = permits.sent_columns(self.resource, body.keys)
        permits.refuse_unless_permitted(self.ask, self.resource)
        permits.refuse_unwritable(self.resource, columns, inserting=inserting)
        permits.refuse_foreign_owner(self.resource, self.ask.caller, body.rows)
        permits.examine(self.resource, body.rows)
        return columns

    def _without_owner(self, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        """The caller's own organization need not be set again; anything else that was sent there is for PostgreSQL to refuse."""
        owner = self.resource.tenant_column
        others = tuple(column for column in columns if column.name != owner)
        return others if others and isinstance(self.ask.body.rows[0].get(owner or ""), str) else columns

    def _conflict(self) -> Conflict | None:
        resolution = self.ask.preferences.resolution
        target = self.ask.query.on_conflict
        target = self.resource.primary_key if target is None else target
        return Conflict(target, merge=resolution == "merge-duplicates") if resolution else None

    def _body(self, columns: tuple[Column, ...]) -> Body:
        return Body(columns, self.values.slot(self.ask.body.array), self.defaults)

    def outcome(self, statement: Statement, *, last: bool = False) -> Outcome:
        return run_write(statement, self.ask.caller.organization_id, self.values.texts, last=last)
