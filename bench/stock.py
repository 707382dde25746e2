"""What there is to redeem: numbered bookings of one line each, and numbered coupons made over HTTP as anybody makes them."""

from __future__ import annotations

import json

from bench import callers, numbers
from bench.house import House

ONE, SLOTTED, FIRST_OF_MANY, MANY = 1, 2, 1001, 10_000
"""The numbers of the coupon whose one counter everybody wants, of the hot one with slots, and of the many."""

PORTION = 1000
TEN_PERCENT = {"type": "relative", "restrictions": [], "value": -10}

BOOKINGS = f"""
WITH made AS (
    INSERT INTO bookings (organization_id, id) SELECT %(organization_id)s, {numbers.booking_sql("number")}
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS numbered(number) RETURNING id
)
INSERT INTO line_items (organization_id, id, booking_id, item_type, name, amount_minor)
SELECT %(organization_id)s, public.uuid7(), id, 'rent', '{{"default": "Rent"}}', 50000 FROM made
"""

HOT = """
SELECT public.ledger_set_limits(organization_id, id, quota, max_per_customer, true, budget_minor, now())
FROM coupons WHERE id = %s
"""


def lay_in(house: House, bookings: int) -> None:
    add_bookings(house, 1, bookings)
    chosen = [ONE, SLOTTED, *range(FIRST_OF_MANY, FIRST_OF_MANY + MANY)]
    portions = [chosen[start : start + PORTION] for start in range(0, len(chosen), PORTION)]
    callers.rate(house.port, [_coupons(house, portion) for portion in portions], 1)
    with house.owner() as cursor:
        cursor.execute(HOT, [numbers.coupon_id(SLOTTED)])
    settle(house)


def add_bookings(house: House, first: int, number: int) -> None:
    with house.owner() as cursor:
        cursor.execute(BOOKINGS, {"organization_id": house.organization_id, "first": first, "last": first + number - 1})


def settle(house: House) -> None:
    """What autovacuum does within minutes: plans that were made while a table was empty are made anew."""
    with house.maintenance() as link:
        link.execute("VACUUM ANALYZE")


def _coupons(house: House, chosen: list[int]) -> bytes:
    rows = [
        {"id": numbers.coupon_id(number), "code": f"BENCH{number}", "definition": TEN_PERCENT, "quota": 10_000_000}
        for number in chosen
    ]
    return callers.post("/v1/coupons", house.key, json.dumps(rows), prefer="return=minimal")
