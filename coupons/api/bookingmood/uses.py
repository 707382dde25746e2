"""Writing uses in this dialect: a POST redeems, a DELETE releases, a PATCH that moves a use is checked like a POST."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.utils import timezone
from psycopg import sql

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.database.rows import execute, given_rows
from bookingoffice.errors import RuleViolation
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.resources import Conflict, Key, Row
from bookingoffice.postgrest.rows import named_rows, refuse_absent, refuse_nulls
from bookingoffice.records import uuid7
from coupons import ledger, services
from coupons.models import CouponUse

TYPED = """
SELECT given.id, given.created_at, given.coupon_id, given.booking_id, uses.state
FROM {rows} LEFT JOIN coupon_uses AS uses ON uses.organization_id = %(organization_id)s
    AND uses.coupon_id = given.coupon_id AND uses.booking_id = given.booking_id
    AND (uses.state = 'redeemed' OR uses.expires_at > %(moment)s)
ORDER BY given.place
"""
COLUMNS = ("id", "created_at", "coupon_id", "booking_id")
Typed = tuple[services.Redemption, str | None]
"""A use to be made, and the state of the live one that the booking has of that coupon already."""

IDS = frozenset(["id", "coupon_id", "booking_id"])
PLAIN_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class UseWriter:
    def insert(
        self, caller: Caller, rows: Sequence[Row], *, columns: Sequence[str], conflict: Conflict | None, defaults: bool
    ) -> Sequence[Key]:
        named = named_rows(rows, columns, defaults=defaults)
        for row in named:
            refuse_absent("coupon_uses", row, ("coupon_id", "booking_id"))
            refuse_nulls("coupon_uses", row, ("id", "created_at"))
        plain = None if conflict else plainly_typed(named)
        typed = self._typed(caller, named) if plain is None else plain
        kept = [use for use, state in typed if not (conflict and _is_left(state, conflict))]
        self._redeem(caller, kept, later=True)
        answered = [use for use, state in typed if conflict is None or conflict.merge or not state]
        return [(str(use.coupon_id), str(use.booking_id)) for use in answered]

    def update(self, caller: Caller, keys: Sequence[Key], changes: Row) -> Sequence[Key]:
        refuse_nulls("coupon_uses", changes, COLUMNS)
        wanted = {name: changes[name] for name in COLUMNS if name in changes}
        before = [self._use(caller, key) for key in keys]
        after = [use for use, _ in self._typed(caller, [{**_row(use), **wanted} for use in before])]
        moved = [pair for pair in zip(before, after, strict=True) if _key(pair[0]) != _key(pair[1])]
        organization, actor, moment = organization_of(caller), actor_of(caller), timezone.now()
        pairs = [(old.coupon_id, old.booking_id) for old, _ in moved]
        services.release_many(organization, pairs, actor=actor, moment=moment)
        self._redeem(caller, [new for _, new in moved])
        stayed = [new for old, new in zip(before, after, strict=True) if _key(old) == _key(new) and old != new]
        services.amend_many(organization, stayed, actor=actor, moment=moment)
        return [_key(use) for use in after]

    def delete(self, caller: Caller, keys: Sequence[Key]) -> None:
        pairs = [(UUID(coupon), UUID(booking)) for coupon, booking in keys]
        services.release_many(organization_of(caller), pairs, actor=actor_of(caller), moment=timezone.now())

    def _redeem(self, caller: Caller, uses: Sequence[services.Redemption], *, later: bool = False) -> None:
        with self.refusing():
            act: Any = {"actor": actor_of(caller), "moment": timezone.now(), "later": later}
            services.redeem_many(organization_of(caller), uses, **act)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """An insert leaves with the statement that shows its rows, so that is where the ledger may still refuse."""
        with row_grammar_refusals(), ledger.refusals():
            yield

    def _typed(self, caller: Caller, rows: Sequence[Row]) -> list[Typed]:
        """Each row as PostgreSQL reads it."""
        statement = sql.SQL(TYPED).format(rows=given_rows(CouponUse, COLUMNS))
        found = execute(statement, organization_id=caller.organization_id, moment=timezone.now(), rows=rows)
        return [
            (services.Redemption(coupon_id, booking_id, id=use_id or uuid7(), created_at=created_at), state)
            for use_id, created_at, coupon_id, booking_id, state in found
        ]

    def _use(self, caller: Caller, key: Key) -> services.Redemption:
        use = CouponUse.objects.of(caller.organization_id).get(coupon_id=key[0], booking_id=key[1])
        return services.Redemption(use.coupon_id, use.booking_id, id=use.pk, created_at=use.created_at)


def _is_left(state: str | None, conflict: Conflict) -> bool:
    """A hold is redeemed by whoever posts its use, unless what is there was to be ignored."""
    return state == "redeemed" or (state == "reserved" and not conflict.merge)


def plainly_typed(rows: Sequence[Row]) -> list[Typed] | None:
    """Rows of nothing but ids as everybody spells them need no PostgreSQL to read them; None where one is different."""
    if not all(row.keys() <= IDS and all(map(_is_spelled_out, row.values())) for row in rows):
        return None
    return [
        (services.Redemption(UUID(row["coupon_id"]), UUID(row["booking_id"]), id=_given_id(row)), None) for row in rows
    ]


def _is_spelled_out(value: object) -> bool:
    return isinstance(value, str) and bool(PLAIN_ID.fullmatch(value))


def _given_id(row: Row) -> UUID:
    return UUID(row["id"]) if "id" in row else uuid7()


def _key(use: services.Redemption) -> Key:
    return str(use.coupon_id), str(use.booking_id)


def _row(use: services.Redemption) -> dict[str, Any]:
    return {name: getattr(use, name) for name in COLUMNS}


@contextmanager
def row_grammar_refusals() -> Iterator[None]:
    """Where PostgreSQL has a code of its own for the same thing, that is the code here."""
    try:
        yield
    except RuleViolation as refusal:
        coupon, _, booking = (refusal.hint or "").partition(" ")
        match refusal.code:
            case "coupon_not_found":
                raise _missing("coupon_id", coupon, "coupons") from refusal
            case "booking_not_found":
                raise _missing("booking_id", booking, "bookings") from refusal
            case "already_used_on_booking":
                message = 'duplicate key value violates unique constraint "coupon_uses_pkey"'
                details = f"Key (coupon_id, booking_id)=({coupon}, {booking}) already exists."
                raise Problem(409, "23505", message, details) from refusal
        raise Problem(409, refusal.code, refusal.sentence) from refusal


def _missing(column: str, value: str, table: str) -> Problem:
    message = f'insert or update on table "coupon_uses" violates foreign key constraint "coupon_uses_{column}_fkey"'
    return Problem(409, "23503", message, f'Key ({column})=({value}) is not present in table "{table}".')
