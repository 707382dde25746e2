"""The ledger's door from Python: reserve, redeem, release, and the limits, which the database functions hold by themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError
from psycopg import sql

from bookingoffice.database.batches import Query
from bookingoffice.database.pipeline import row_of
from bookingoffice.database.rows import Row, execute, query
from bookingoffice.errors import RuleViolation
from coupons.reasons import sentence_of

REFUSED = "BK409"

TAKE = """
SELECT public.ledger_take(%(organization_id)s, given.coupon_id, given.booking_id, %(state)s, given.until, %(moment)s,
    given.id, given.created_at, given.customer, given.amount_minor, given.currency, given.terms)
FROM ROWS FROM (json_to_recordset(%(rows)s::json) AS (
    coupon_id uuid, booking_id uuid, until timestamptz, id uuid, created_at timestamptz,
    customer text, amount_minor bigint, currency text, terms jsonb))
    WITH ORDINALITY AS given(coupon_id, booking_id, until, id, created_at, customer, amount_minor, currency, terms, place)
ORDER BY place
"""

AMEND = """
SELECT public.ledger_amend(%(organization_id)s, given.coupon_id, given.booking_id, given.id, given.created_at)
FROM json_to_recordset(%(rows)s::json) AS given(coupon_id uuid, booking_id uuid, id uuid, created_at timestamptz)
"""

HOLD = "SELECT public.ledger_hold(%(organization_id)s, %(coupon_ids)s::uuid[], %(moment)s)"

RELEASE = """
SELECT count(*) FILTER (WHERE public.ledger_release(%(organization_id)s, given.coupon_id, given.booking_id))
FROM json_to_recordset(%(rows)s::json) AS given(coupon_id uuid, booking_id uuid)
"""

IDS = """
SELECT string_agg(uses.id::text, ',') FROM json_to_recordset(%(rows)s::json) AS given(coupon_id uuid, booking_id uuid)
JOIN coupon_uses AS uses ON uses.organization_id = %(organization_id)s
    AND uses.coupon_id = given.coupon_id AND uses.booking_id = given.booking_id
"""

LIMITS = ("quota", "max_per_customer", "hot", "budget_minor")

SET_LIMITS = """
SELECT public.ledger_set_many_limits(%(organization_id)s, json_agg(changes), %(moment)s) FROM (
    SELECT coupons.id, {quota} AS quota, {max_per_customer} AS max_per_customer, {hot} AS hot, {budget_minor} AS budget_minor
    FROM json_to_recordset(%(rows)s::json)
        AS given(id uuid, quota integer, max_per_customer integer, hot boolean, budget_minor bigint)
    JOIN coupons ON coupons.organization_id = %(organization_id)s AND coupons.id = given.id
    WHERE ({quota}, {max_per_customer}, {hot}, {budget_minor})
        IS DISTINCT FROM (coupons.quota, coupons.max_per_customer, coupons.hot, coupons.budget_minor)) AS changes
HAVING count(*) > 0
"""

RECOUNT = """
SELECT public.ledger_set_many_limits(%(organization_id)s, json_agg(kept), %(moment)s) FROM (
    SELECT id, quota, max_per_customer, hot, budget_minor FROM coupons
    WHERE organization_id = %(organization_id)s AND id = ANY(%(coupon_ids)s::uuid[])) AS kept
HAVING count(*) > 0
"""

IN_ANOTHER_CURRENCY = """
SELECT coupons.id FROM coupons
JOIN organizations ON organizations.id = coupons.organization_id
JOIN coupon_budgets AS budgets ON budgets.organization_id = coupons.organization_id AND budgets.coupon_id = coupons.id
WHERE coupons.organization_id = %(organization_id)s AND coupons.id = ANY(%(ids)s::uuid[])
    AND budgets.currency <> coalesce(coupons.limit_currency, organizations.currency)
"""


def taking(organization_id: UUID, rows: Sequence[Row], *, state: str, moment: datetime) -> list[Query]:
    """What reserves or redeems each row (`coupon_id`, `booking_id`, `id`, and what else is known); all of them or none.

    Counters are taken in the order of coupons and customers, whatever was asked for, so that two bulk acts wait for each other
    instead of crossing. The bookings of a bulk act are locked already.
    """
    act = query(TAKE, organization_id=organization_id, rows=sorted(rows, key=_turn), state=state, moment=moment)
    if len(rows) == 1:
        return [act]
    coupons = sorted({row["coupon_id"] for row in rows})
    return [query(HOLD, organization_id=organization_id, coupon_ids=coupons, moment=moment), act]


def take(organization_id: UUID, rows: Sequence[Row], *, state: str, moment: datetime) -> None:
    with refusals():
        for act in taking(organization_id, rows, state=state, moment=moment):
            row_of(act)


def _turn(row: Row) -> tuple[str, str, str]:
    return str(row["coupon_id"]), row.get("customer") or "", str(row["booking_id"])


def release(organization_id: UUID, coupon_id: UUID, booking_id: UUID) -> bool:
    """False when there was nothing to release."""
    statement = sql.SQL("SELECT public.ledger_release(%(organization_id)s, %(coupon_id)s, %(booking_id)s)")
    with refusals():
        return bool(
            execute(statement, organization_id=organization_id, coupon_id=coupon_id, booking_id=booking_id)[0][0]
        )


def release_many(organization_id: UUID, pairs: Collection[tuple[UUID, UUID]], moment: datetime) -> int:
    """Pairs of coupon and booking; answers how many uses there were. Bookings and counters are taken in the house's order."""
    rows = [{"coupon_id": coupon_id, "booking_id": booking_id} for coupon_id, booking_id in sorted(pairs)]
    if len(rows) > 1:
        lock_bookings(organization_id, [booking_id for _, booking_id in pairs])
        hold(organization_id, [coupon_id for coupon_id, _ in pairs], moment)
    with refusals():
        [number] = row_of(query(RELEASE, organization_id=organization_id, rows=rows))
    return int.from_bytes(number or b"", "big")


def ids_of(organization_id: UUID, pairs: Collection[tuple[UUID, UUID]]) -> list[UUID]:
    """Of the uses that there are for these pairs of coupon and booking."""
    rows = [{"coupon_id": coupon_id, "booking_id": booking_id} for coupon_id, booking_id in set(pairs)]
    [ids] = row_of(query(IDS, organization_id=organization_id, rows=rows))
    return list(map(UUID, ids.decode().split(","))) if ids else []


def lock_bookings(organization_id: UUID, ids: Sequence[UUID]) -> None:
    statement = sql.SQL(
        "SELECT id FROM bookings WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s::uuid[])"
        " ORDER BY id FOR NO KEY UPDATE"
    )
    execute(statement, organization_id=organization_id, ids=list(ids))


def hold(organization_id: UUID, coupon_ids: Sequence[UUID], moment: datetime) -> None:
    """Locks every counter of several coupons in one order, so that acts over the same coupons wait instead of crossing."""
    ids = sorted(set(coupon_ids))
    execute(sql.SQL(HOLD), organization_id=organization_id, coupon_ids=ids, moment=moment)


def amend(organization_id: UUID, rows: Sequence[Row]) -> None:
    """Gives uses (`coupon_id`, `booking_id`) another `id` or `created_at`; no counter moves."""
    execute(sql.SQL(AMEND), organization_id=organization_id, rows=rows)


def forget_expired(organization_id: UUID, coupon_ids: Sequence[UUID], moment: datetime) -> None:
    statement = sql.SQL("SELECT public.ledger_forget_expired(%(organization_id)s, %(ids)s::uuid[], %(moment)s)")
    execute(statement, organization_id=organization_id, ids=list(coupon_ids), moment=moment)


def set_limits(organization_id: UUID, rows: Sequence[Row], *, columns: Sequence[str], moment: datetime) -> None:
    """Each row has an `id` and those of LIMITS that `columns` names. Refuses to go below live uses."""
    source = {name: sql.Identifier("given" if name in columns else "coupons", name) for name in LIMITS}
    with refusals():
        execute(sql.SQL(SET_LIMITS).format(**source), organization_id=organization_id, rows=rows, moment=moment)


def set_batch_quota(organization_id: UUID, batch_id: UUID, quota: int | None, moment: datetime) -> None:
    """How many uses the coupons of a batch share; None for no limit. Refuses to go below live uses."""
    statement = sql.SQL(
        "SELECT public.ledger_set_batch_quota(%(organization_id)s, %(batch_id)s, %(quota)s, %(moment)s)"
    )
    with refusals():
        execute(statement, organization_id=organization_id, batch_id=batch_id, quota=quota, moment=moment)


def recount(organization_id: UUID, coupon_ids: Sequence[UUID], moment: datetime) -> None:
    """Counts coupons anew, all of them locked, their limits as they are. Refuses where there are more uses than the limit."""
    with refusals():
        execute(sql.SQL(RECOUNT), organization_id=organization_id, coupon_ids=list(coupon_ids), moment=moment)


def follow_currency(organization_id: UUID, coupon_ids: Sequence[UUID], moment: datetime) -> None:
    """Of coupons that are locked for their limits: holds a budget that is in another currency now against what was taken in it."""
    moved = execute(sql.SQL(IN_ANOTHER_CURRENCY), organization_id=organization_id, ids=list(coupon_ids))
    if moved:
        recount(organization_id, [coupon_id for (coupon_id,) in moved], moment)


@contextmanager
def refusals() -> Iterator[None]:
    """Turns the door's refusal into the house's; every other database error passes."""
    try:
        yield
    except (DatabaseError, psycopg.Error) as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        diagnosis: Any = getattr(cause, "diag", None)
        if diagnosis is None or diagnosis.sqlstate != REFUSED:
            raise
        code = diagnosis.message_primary
        sentence = sentence_of(code).format(uses=diagnosis.message_detail)
        raise RuleViolation(code, sentence, field=diagnosis.column_name, hint=diagnosis.message_detail) from error
