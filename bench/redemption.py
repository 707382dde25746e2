"""`python -m bench.redemption`: redemption over HTTP against the ledger's function alone, and against the same statements under
pgbench, in turns; and its statements counted."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from bench import callers, numbers, raw, replay, statements, stock
from bench.house import House, opened
from bench.spread import ratios, told

CALLERS: Final = 8


@dataclass
class Stand:
    """Hands out bookings: each can be redeemed on once, and a measurement takes the next of them."""

    house: House
    each: int
    """Redemptions of every caller in one measurement."""
    used: int = 0
    trips: list[replay.Trip] = field(default_factory=list)
    """Of a redemption, as the server sends it."""

    def over_http(self, coupon: Callable[[int], int]) -> float:
        first = self._take(CALLERS * self.each)
        requests = [self.request(coupon(place), first + place) for place in range(1, CALLERS * self.each + 1)]
        return callers.rate(self.house.port, requests, CALLERS)

    def raw(self, coupon: str) -> float:
        first = self._take(CALLERS * self.each)
        return raw.rate(self.house, coupon=coupon, first=first, callers=CALLERS, each=self.each)

    def replayed(self, coupon: str) -> float:
        first = self._take(CALLERS * self.each)
        return replay.rate(self.house, self.trips, coupon=coupon, first=first, callers=CALLERS, each=self.each)

    def record(self) -> None:
        self.trips = replay.recorded(self.house, self._take(3) + 1)

    def request(self, coupon: int, booking: int) -> bytes:
        body = {"coupon_id": numbers.coupon_id(coupon), "booking_id": numbers.booking_id(booking)}
        return callers.post("/v1/coupon_uses", self.house.key, json.dumps(body))

    def one(self) -> bytes:
        return self.request(stock.ONE, self._take(1) + 1)

    def _take(self, number: int) -> int:
        first, self.used = self.used, self.used + number
        return first


@dataclass(frozen=True)
class Case:
    """The same coupons for both: as a function of the redemption's place, and as pgbench's expression."""

    name: str
    http: Callable[[int], int]
    raw: str
    found: dict[str, list[float]] = field(default_factory=lambda: {"http": [], "raw": [], "same": []})

    def measure(self, stand: Stand) -> None:
        self.found["raw"].append(stand.raw(self.raw))
        self.found["http"].append(stand.over_http(self.http))
        self.found["same"].append(stand.replayed(self.raw))

    def told(self) -> str:
        http, alone, same = self.found["http"], self.found["raw"], self.found["same"]
        of_function, of_same = told(ratios(http, alone), ".2f"), told(ratios(http, same), ".2f")
        return (
            f"{self.name}: {of_function} of the function's rate, {of_same} of the same statements'; "
            f"{told(http)}/s over HTTP, {told(alone)}/s the function alone, {told(same)}/s the same statements"
        )


def cases() -> list[Case]:
    turns = count()
    return [
        Case("one coupon, one counter", lambda place: stock.ONE, str(stock.ONE)),
        Case("one hot coupon, sixteen slots", lambda place: stock.SLOTTED, str(stock.SLOTTED)),
        Case(
            f"{stock.MANY} coupons in turn",
            lambda place: stock.FIRST_OF_MANY + next(turns) * 7919 % stock.MANY,
            f"random({stock.FIRST_OF_MANY}, {stock.FIRST_OF_MANY + stock.MANY - 1})",
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.redemption", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each kind (5)")
    parser.add_argument("--each", type=int, default=200, help="redemptions of every caller in a measurement (200)")
    asked = parser.parse_args()
    rounds, each = asked.rounds, asked.each
    measured = cases()
    with opened() as house:
        stock.lay_in(house, (rounds + 1) * 3 * len(measured) * CALLERS * each + 1000)
        stand = Stand(house, each)
        stand.record()
        for case in measured:  # once unmeasured: plans, caches, connections
            stand.raw(case.raw)
            stand.over_http(case.http)
        stock.settle(house)
        for _ in range(rounds):
            for case in measured:
                case.measure(stand)
        sent = statements.sent_by(house, stand.one)
    print(f"{CALLERS} callers, {CALLERS * each} redemptions a measurement, {rounds} rounds: median (least to most)")
    for case in measured:
        print(case.told())
    print(statements.told(sent))


if __name__ == "__main__":
    main()
