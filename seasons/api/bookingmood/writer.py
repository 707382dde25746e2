"""Writing seasons in this dialect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.utils import timezone

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.audit.renaming import renamed
from bookingoffice.errors import RuleViolation
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.resources import Conflict, Key, Row
from bookingoffice.postgrest.rows import named_rows, once_each, refuse_nulls
from bookingoffice.references.naming import refuse_while_named
from seasons import writes
from seasons.models import Season

NEVER_NULL = ("id", "created_at", "updated_at", "name")


class SeasonWriter:
    def insert(
        self, caller: Caller, rows: Sequence[Row], *, columns: Sequence[str], conflict: Conflict | None, defaults: bool
    ) -> Sequence[Key]:
        named = named_rows(rows, columns, defaults=defaults)
        for row in named:
            refuse_nulls("seasons", row, NEVER_NULL)
        if conflict is None:
            return self._create(caller, named)
        return self._upsert(caller, named, conflict)

    def update(self, caller: Caller, keys: Sequence[Key], changes: Row) -> Sequence[Key]:
        refuse_nulls("seasons", changes, NEVER_NULL)
        ids = [UUID(key[0]) for key in keys]
        writes.change_seasons(
            organization_of(caller), ids, _owned(changes), actor=actor_of(caller), moment=timezone.now()
        )
        if "id" not in changes:
            return keys
        return [(_renamed(caller, season_id, changes["id"]),) for season_id in ids]

    def delete(self, caller: Caller, keys: Sequence[Key]) -> None:
        ids = [UUID(key[0]) for key in keys]
        with _names_kept():
            writes.delete_seasons(organization_of(caller), ids, actor=actor_of(caller), moment=timezone.now())

    def _create(self, caller: Caller, rows: Sequence[Row]) -> list[Key]:
        made = writes.create_seasons(organization_of(caller), rows, actor=actor_of(caller), moment=timezone.now())
        return [(str(season_id),) for season_id in made]

    def _upsert(self, caller: Caller, rows: Sequence[Row], conflict: Conflict) -> list[Key]:
        """The primary key is the only unique rule of seasons. Every row is judged first, by its place in what was sent."""
        writes.refuse_malformed(rows)
        known = zip(rows, writes.known_ids(caller.organization_id, rows), strict=True)
        wanted = once_each(((season_id, (row, season_id, there)) for row, (season_id, there) in known), conflict)
        made = iter(self._create(caller, [row for row, _, there in wanted if not there]))
        merged = [{**_owned(row), "id": season_id} for row, season_id, there in wanted if there and conflict.merge]
        writes.change_each(organization_of(caller), merged, actor=actor_of(caller), moment=timezone.now())
        return [
            (str(season_id),) if there else next(made) for _, season_id, there in wanted if conflict.merge or not there
        ]


def _owned(changes: Row) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if name not in {"organization_id", "id"}}


def _renamed(caller: Caller, season_id: UUID, new_id: object) -> str:
    """The id as it is from now on; what a coupon names keeps its own."""
    act: Any = {"actor": actor_of(caller), "moment": timezone.now()}
    spelled = renamed(Season, caller.organization_id, season_id, new_id, **act)
    if spelled != str(season_id):
        with _names_kept():
            refuse_while_named("seasons", caller.organization_id, [season_id])
    return spelled


@contextmanager
def _names_kept() -> Iterator[None]:
    """A season that is still named is refused as PostgreSQL would, were there a key from the coupons."""
    try:
        yield
    except RuleViolation as refusal:
        message = (
            'update or delete on table "seasons" violates foreign key constraint "coupons_season_ids_fkey"'
            ' on table "coupons"'
        )
        raise Problem(409, "23503", message, refusal.sentence, refusal.hint) from refusal
