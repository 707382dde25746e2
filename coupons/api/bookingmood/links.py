"""Writing the links of this dialect: the rows that include a product or a service. Excluding rows are others' and stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from psycopg import sql

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.audit.renaming import renamed
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.rows import execute, given_rows, update_rows
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.resources import Conflict, Key, Row
from bookingoffice.postgrest.rows import named_rows, once_each, refuse_absent, refuse_nulls
from coupons import services
from coupons.services.targets import LINKS, Target

FOUND = (
    "SELECT kept.id, kept.excluded, given.coupon_id, given.{target}"
    " FROM {rows} LEFT JOIN {table} AS kept ON kept.organization_id = %(organization_id)s"
    " AND kept.coupon_id = given.coupon_id AND kept.{target} = given.{target} ORDER BY given.place"
)
PAIRS = (
    "SELECT kept.coupon_id::text, kept.{target}::text FROM {table} AS kept"
    " WHERE kept.organization_id = %(organization_id)s AND kept.id = ANY(%(ids)s) ORDER BY array_position(%(ids)s, kept.id)"
)


class Found(NamedTuple):
    """What there is of the pair that a row names."""

    id: UUID | None
    excluded: bool | None
    coupon_id: UUID
    target_id: UUID


class LinkWriter:
    def __init__(self, target: Target) -> None:
        self.target: Target = target
        self.model = LINKS[target]
        self.table = self.model._meta.db_table

    def insert(
        self, caller: Caller, rows: Sequence[Row], *, columns: Sequence[str], conflict: Conflict | None, defaults: bool
    ) -> Sequence[Key]:
        named = named_rows(rows, columns, defaults=defaults)
        for row in named:
            refuse_absent(self.table, row, ("coupon_id", f"{self.target}_id"))
            refuse_nulls(self.table, row, ("id", "created_at"))
        found = self._found(caller, named)
        if any(link.excluded for link in found):
            raise self._excluded()
        if conflict is None:
            return self._written(caller, [(row, None) for row in named], merge=False)
        pairs = zip(named, found, strict=True)
        wanted = once_each(((link[2:], (row, link.id)) for row, link in pairs), conflict)
        return self._written(caller, wanted, merge=conflict.merge)

    def update(self, caller: Caller, keys: Sequence[Key], changes: Row) -> Sequence[Key]:
        refuse_nulls(self.table, changes, ("id", "created_at"))
        return self._keys(caller, self._changed(caller, [(changes, link_id) for link_id in self._ids(caller, keys)]))

    def delete(self, caller: Caller, keys: Sequence[Key]) -> None:
        organization, ids = organization_of(caller), self._ids(caller, keys)
        services.remove_targets(organization, self.target, ids, actor=actor_of(caller), moment=timezone.now())

    def _written(self, caller: Caller, wanted: Sequence[tuple[Row, UUID | None]], *, merge: bool) -> Sequence[Key]:
        """Rows, each with the link that is there for it; a pair that is there unmentioned is the database's own duplicate."""
        new = [row for row, there in wanted if there is None]
        organization, actor = organization_of(caller), actor_of(caller)
        made = iter(services.add_targets(organization, self.target, new, actor=actor, moment=timezone.now()))
        merged = iter(self._changed(caller, [(row, there) for row, there in wanted if there and merge]))
        return self._keys(caller, [next(merged if there else made) for _, there in wanted if merge or not there])

    def _changed(self, caller: Caller, changes: Sequence[tuple[Row, UUID]]) -> list[UUID]:
        """What each link is to be, and the link; answers their ids as they are from then on."""
        rows = [
            {name: row[name] for name in row if name != "organization_id"} | {"id": link_id} for row, link_id in changes
        ]
        ids = [link_id for _, link_id in changes]
        act: Any = {"actor": actor_of(caller), "moment": timezone.now()}
        with witnessed(self.model, caller.organization_id, ids, **act):
            update_rows(self.model, caller.organization_id, rows)
        return [
            UUID(renamed(self.model, caller.organization_id, link_id, row["id"], **act)) if "id" in row else link_id
            for row, link_id in changes
        ]

    def _ids(self, caller: Caller, keys: Sequence[Key]) -> list[UUID]:
        rows = [{"coupon_id": coupon, f"{self.target}_id": target} for coupon, target in keys]
        return [link.id for link in self._found(caller, rows) if link.id]

    def _found(self, caller: Caller, rows: Sequence[Row]) -> list[Found]:
        """For each row the link of the same pair."""
        target = f"{self.target}_id"
        statement = sql.SQL(FOUND).format(
            rows=given_rows(self.model, ["coupon_id", target]),
            table=sql.Identifier(self.table),
            target=sql.Identifier(target),
        )
        return [Found(*link) for link in execute(statement, organization_id=caller.organization_id, rows=rows)]

    def _keys(self, caller: Caller, ids: Sequence[UUID]) -> list[Key]:
        statement = sql.SQL(PAIRS).format(table=sql.Identifier(self.table), target=sql.Identifier(f"{self.target}_id"))
        return [
            (coupon, target)
            for coupon, target in execute(statement, organization_id=caller.organization_id, ids=list(ids))
        ]

    def _excluded(self) -> Problem:
        message = f'duplicate key value violates unique constraint "{self.table}_pkey"'
        details = f"The coupon excludes this {self.target}."
        return Problem(409, "23505", message, details, "Remove the exclusion first; staff and the Fynn dialect can.")
