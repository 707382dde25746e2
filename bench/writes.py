"""What changes rows: one coupon, redemptions, many coupons in a request, and files; each beside what PostgreSQL does by itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import count

from bench import callers, files, raw, redemption, stock
from bench.house import House
from bench.measured import Measured

CALLERS = redemption.CALLERS
FIRST_BOOKING = 2_000_000_000
"""Of those that are redeemed on among uses that were laid in."""

ONE = """
INSERT INTO coupons (organization_id, code, name, kind, percent, definition)
VALUES ('{organization_id}', md5(random()::text), 'One', 'percent', 5, '{{"type": "relative", "restrictions": [], "value": -5}}')
"""


def measured(house: House, rounds: int, each: int, bulk: int, rows: int) -> list[Measured]:
    stock.lay_in(house, (rounds + 1) * 2 * len(redemption.cases()) * CALLERS * each + 1000)
    print("what writes …", file=sys.stderr)
    found = [_created(house, rounds, each), *_redeemed(house, rounds, each), _created_together(house, rounds, bulk)]
    return [*found, *_files(house, rounds, rows)]


def redeemed_alone(house: House, uses: int, coupons: int, rounds: int, each: int) -> Measured:
    """By one caller, among so many uses."""
    found = Measured("redeem")
    for turn in range(rounds + 1):
        first = FIRST_BOOKING + uses * 10 + turn * each
        stock.add_bookings(house, first, each)
        stand = redemption.Stand(house, each, used=first)
        rate = callers.rate(house.port, [stand.request(place % coupons, first + place) for place in range(each)], 1)
        if turn:  # the first is unmeasured
            found.note("ours alone", rate)
    return found


def _created(house: House, rounds: int, each: int) -> Measured:
    found, names = Measured("create one coupon"), count()
    for turn in range(rounds + 1):
        requests = [
            _request(house, [{"code": f"ONE{next(names)}", "definition": stock.TEN_PERCENT}])
            for _ in range(CALLERS * each)
        ]
        if not turn:
            callers.rate(house.port, requests, CALLERS)
            continue
        found.note(
            "statement",
            raw.statements(house, ONE.format(organization_id=house.organization_id), callers=CALLERS, seconds=1),
        )
        found.ours(house, _sending(house, requests))
    return found


def _redeemed(house: House, rounds: int, each: int) -> list[Measured]:
    stand, found = redemption.Stand(house, each), []
    for case in redemption.cases():
        its = Measured(f"redeem: {case.name}")
        stand.over_http(case.http)
        stock.settle(house)
        for _ in range(rounds):
            its.note("statement", stand.raw(case.raw))
            its.ours(house, lambda case=case: (stand.over_http(case.http), CALLERS * each))  # type: ignore[misc]
        found.append(its)
    return found


def _created_together(house: House, rounds: int, rows: int) -> Measured:
    """Rows a second, all of a request's in one act."""
    found, source = Measured(f"create {rows:,} coupons at once"), files.write_copy(house, rows)
    for turn in range(rounds + 1):
        files.cleared(house)
        copied = rows / files.copy_in(house, source)
        files.cleared(house)
        request = _request(
            house, [{"code": f"BULK{turn}N{place}", "definition": stock.TEN_PERCENT} for place in range(rows)]
        )
        if not turn:
            callers.rate(house.port, [request], 1)
            continue
        found.note("statement", copied)
        found.ours(house, lambda request=request: (rows * callers.rate(house.port, [request], 1), 1))  # type: ignore[misc]
    return found


def _files(house: House, rounds: int, rows: int) -> list[Measured]:
    """Rows a second over HTTP."""
    into, out = Measured(f"CSV import of {rows:,} coupons"), Measured(f"CSV export of {rows:,} coupons")
    path, source, staff = files.write_file(house, rows), files.write_copy(house, rows), files.Staff(house)
    statement = f"({files.statement_of_export(house)})"
    for _ in range(rounds):
        files.cleared(house)
        into.note("statement", rows / files.copy_in(house, source))
        files.cleared(house)
        into.ours(house, lambda: (rows / files.import_over_http(staff, path), 1))
        out.note("statement", rows / files.copy_out(house, statement))
        out.ours(house, lambda: (rows / files.export_over_http(staff)[0], 1))
    return [into, out]


def _request(house: House, rows: list[dict[str, object]]) -> bytes:
    return callers.post("/v1/coupons", house.key, json.dumps(rows), prefer="return=minimal")


def _sending(house: House, requests: list[bytes]) -> Callable[[], tuple[float, float]]:
    return lambda: (callers.rate(house.port, requests, CALLERS), len(requests))
