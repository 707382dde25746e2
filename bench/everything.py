"""`python -m bench.everything`: every read shape, ours against a stock viewset, the bare statement, and PostgREST where it is.

One run, one machine, in turns: what slows a round down slows all of it down. Prints ratios and writes them to a page.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench import callers, postgrest, raw, scene, shapes, stock_server
from bench.house import House, opened
from bench.page import written
from bench.processes import used
from bench.shapes import Shape

CALLERS = 8
OK = b"HTTP/1.1 20"


@dataclass
class Measured:
    """Rates by who answered, a figure a round; and milliseconds of the processor a request of ours."""

    name: str
    rates: dict[str, list[float]] = field(default_factory=dict)
    server_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)

    def note(self, who: str, rate: float) -> None:
        self.rates.setdefault(who, []).append(rate)


@dataclass(frozen=True)
class Stand:
    house: House
    key: str
    seconds: float
    stock_port: int
    postgrest_port: int | None

    def measure(self, shape: Shape, found: Measured) -> None:
        path = shape.ours if shape.ours.startswith("/") else f"/v1/{shape.ours}"
        self._ours(callers.get(path, self.key, prefer=shape.prefer), found)
        if shape.stock:
            found.note("stock", self._rate(self.stock_port, callers.get(f"/{shape.stock}", self.key)))
        if self.postgrest_port and not shape.ours.startswith("/"):
            asked = callers.get(f"/{shape.ours}", postgrest.token(), prefer=shape.prefer)
            found.note("PostgREST", self._rate(self.postgrest_port, asked))
        if shape.sql:
            found.note("statement", raw.statements(self.house, shape.sql, callers=CALLERS, seconds=self.seconds))
            found.note("statement alone", raw.statements(self.house, shape.sql, callers=1, seconds=self.seconds))

    def _ours(self, request: bytes, found: Measured) -> None:
        before, begun = used(self.house.pid), time.monotonic()
        rate = self._rate(self.house.port, request)
        number = rate * (time.monotonic() - begun)
        spent = used(self.house.pid).since(before)
        found.note("ours", rate)
        found.server_ms.append(spent.server / number * 1000)
        found.database_ms.append(spent.database / number * 1000)
        found.note("ours alone", self._rate(self.house.port, request, 1))

    def _rate(self, port: int, request: bytes, number: int = CALLERS) -> float:
        return callers.rate(port, callers.during(self.seconds, request), number, wanted=OK)


def measured(stand: Stand, chosen: list[Shape], rounds: int) -> list[Measured]:
    found = [Measured(shape.name) for shape in chosen]
    for shape in chosen:  # once unmeasured: plans, caches, connections
        path = shape.ours if shape.ours.startswith("/") else f"/v1/{shape.ours}"
        callers.rate(stand.house.port, [callers.get(path, stand.key, prefer=shape.prefer)] * 40, CALLERS, wanted=OK)
    for _ in range(rounds):
        for shape, its in zip(chosen, found, strict=True):
            stand.measure(shape, its)
    return found


def created(house: House, rows: int, rounds: int) -> Measured:
    """Coupons a second, all of a request's in one act."""
    found = Measured(f"bulk create of {rows:,} coupons")
    for turn in range(rounds):
        definition = {"type": "relative", "restrictions": [], "value": -5}
        body = json.dumps([{"code": f"BULK{turn}N{number}", "definition": definition} for number in range(rows)])
        request = callers.post("/v1/coupons", house.key, body, prefer="return=minimal")
        found.note("ours", rows * callers.rate(house.port, [request], 1))
    return found


def main() -> None:
    asked = _options()
    steps = sorted({*asked.growth, asked.uses})
    found: list[Measured] = []
    growth: dict[int, list[Measured]] = {}
    with opened() as house, stock_server.opened(house) as port, postgrest.opened(house, asked.postgrest) as other:
        laid = scene.lay_in(house, scene.Sizes(asked.coupons, steps[0], asked.seasons))
        stand = Stand(house, house.key, asked.seconds, port, other)
        for uses in steps:
            if uses > laid.sizes.uses:
                laid = scene.add_uses(house, laid, scene.Sizes(asked.coupons, uses, asked.seasons))
            growth[uses] = measured(stand, shapes.growing(laid), asked.rounds)
            if uses == asked.uses:
                found = measured(stand, [*shapes.shapes(laid), shapes.botsubscription(laid)], asked.rounds)
        found.append(created(house, asked.bulk, asked.rounds))
    text = written(found, growth, scene.Sizes(asked.coupons, asked.uses, asked.seasons))
    print(text)
    if asked.page:
        asked.page.write_text(text)


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--coupons", type=int, default=100_000)
    options.add_argument("--uses", type=int, default=1_000_000)
    options.add_argument("--seasons", type=int, default=1_000)
    options.add_argument("--bulk", type=int, default=5_000, help="coupons of a bulk create (5000)")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=1.5, help="of each measurement (1.5)")
    growth = [10_000, 100_000, 1_000_000, 5_000_000]
    options.add_argument(
        "--growth", type=int, nargs="*", default=growth, help="numbers of uses at which growth is measured"
    )
    options.add_argument("--postgrest", help="path of a PostgREST binary")
    options.add_argument("--page", type=Path, help="a file for the results, such as docs/benchmarks-results.md")
    return options.parse_args()


if __name__ == "__main__":
    main()
