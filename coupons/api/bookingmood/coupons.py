"""Writing coupons in this dialect: its columns only, all others untouched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from psycopg import sql

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.audit.renaming import renamed
from bookingoffice.database.rows import execute, given_rows
from bookingoffice.errors import RuleViolation
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.resources import Conflict, Key, Row
from bookingoffice.postgrest.rows import named_rows, once_each, refuse_absent, refuse_nulls
from coupons import services
from coupons.drafts import refuse_malformed
from coupons.models import Coupon

REQUIRED = dict.fromkeys(("code", "definition")).keys()  # a set that keeps its order
NEVER_NULL = ("id", "created_at", "updated_at", "code", "description", "definition", "scope", "stackable")

SAME_ID = "coupons.id = given.id"
ITS_ID = "given.id::text"
SAME_CODE = "coupons.code_key = public.coupon_code_key(given.code) AND coupons.deleted_at IS NULL"
# A deleted coupon's code is anybody's, and what an empty one is refused for is not that it comes twice.
ITS_CODE = "coalesce(coupons.id::text, nullif(public.coupon_code_key(CASE WHEN given.deleted_at IS NULL THEN given.code END), ''))"
FOUND = (
    "SELECT {its_key}, coupons.id FROM {rows} LEFT JOIN coupons ON coupons.organization_id = %(organization_id)s AND {same}"
    " ORDER BY given.place"
)


class CouponWriter:
    """A write here owns code, description, quota, definition, scope, stackable and deleted_at, and nothing else of the row."""

    def insert(
        self, caller: Caller, rows: Sequence[Row], *, columns: Sequence[str], conflict: Conflict | None, defaults: bool
    ) -> Sequence[Key]:
        named = named_rows(rows, columns, defaults=defaults)
        for row in named:
            if None in row.values() or not row.keys() >= REQUIRED:
                refuse_absent("coupons", row, REQUIRED)
                refuse_nulls("coupons", row, NEVER_NULL)
        if conflict is None:
            return self._create(caller, named)
        return self._upsert(caller, named, conflict)

    def update(self, caller: Caller, keys: Sequence[Key], changes: Row) -> Sequence[Key]:
        refuse_nulls("coupons", changes, NEVER_NULL)
        owned = _owned(changes)
        new_id = owned.pop("id", None)
        ids = [UUID(key[0]) for key in keys]
        services.change_coupons(organization_of(caller), ids, owned, actor=actor_of(caller), moment=timezone.now())
        if new_id is None:
            return keys
        return [self._renamed(caller, coupon_id, new_id) for coupon_id in ids]

    def delete(self, caller: Caller, keys: Sequence[Key]) -> None:
        ids = [UUID(key[0]) for key in keys]
        try:
            services.delete_coupons(organization_of(caller), ids, actor=actor_of(caller), moment=timezone.now())
        except RuleViolation as refusal:
            raise _still_used(refusal) from refusal

    def _create(self, caller: Caller, rows: Sequence[Row]) -> list[Key]:
        organization, actor = organization_of(caller), actor_of(caller)
        made = services.create_coupons(organization, rows, actor=actor, moment=timezone.now())
        return [(str(coupon_id),) for coupon_id in made]

    def _upsert(self, caller: Caller, rows: Sequence[Row], conflict: Conflict) -> list[Key]:
        """Every row is judged first, by its place in what was sent."""
        refuse_malformed(rows, organization_of(caller).currency)
        by_code = "code" in conflict.target
        found = zip(rows, _found(caller, rows, by_code=by_code), strict=True)
        wanted = once_each(((its_key, (row, coupon_id)) for row, (its_key, coupon_id) in found), conflict)
        made = iter(self._create(caller, [row for row, there in wanted if not there]))
        meant = [(row if by_code else {**row, "id": str(there)}, there) for row, there in wanted if there]
        merged = iter(self._changed(caller, meant if conflict.merge else []))
        return [next(merged if there else made) for _, there in wanted if conflict.merge or not there]

    def _changed(self, caller: Caller, changes: Sequence[tuple[Row, UUID]]) -> list[Key]:
        """What each coupon is to be, and the coupon, in a constant number of statements but for those that get another id."""
        rows = [{**_owned(row), "id": coupon_id} for row, coupon_id in changes]
        services.change_each(organization_of(caller), rows, actor=actor_of(caller), moment=timezone.now())
        return [self._renamed(caller, coupon_id, row.get("id", str(coupon_id))) for row, coupon_id in changes]

    def _renamed(self, caller: Caller, coupon_id: UUID, new_id: object) -> Key:
        act: Any = {"actor": actor_of(caller), "moment": timezone.now()}
        return (renamed(Coupon, caller.organization_id, coupon_id, new_id, **act),)


def _owned(row: Row) -> dict[str, Any]:
    """A code that was sent is no longer a generated one."""
    owned = {name: value for name, value in row.items() if name != "organization_id"}
    return {**owned, "code_generated": False} if "code" in owned else owned


def _found(caller: Caller, rows: Sequence[Row], *, by_code: bool) -> list[tuple[str | None, UUID | None]]:
    """For each row the key that no other may have, and the coupon it would collide with."""
    statement = sql.SQL(FOUND).format(
        its_key=sql.SQL(ITS_CODE if by_code else ITS_ID),
        rows=given_rows(Coupon, ["code", "deleted_at"] if by_code else ["id"]),
        same=sql.SQL(SAME_CODE if by_code else SAME_ID),
    )
    found = execute(statement, organization_id=caller.organization_id, rows=rows)
    return [(its_key, coupon_id) for its_key, coupon_id in found]


def _still_used(refusal: RuleViolation) -> Problem:
    message = (
        'update or delete on table "coupons" violates foreign key constraint "coupon_uses_coupon_id_fkey"'
        ' on table "coupon_uses"'
    )
    return Problem(409, "23503", message, refusal.sentence, refusal.hint)
