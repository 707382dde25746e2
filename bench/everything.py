"""`python -m bench.everything`: every shape, ours against a stock viewset, the bare statement or COPY, and PostgREST where it is.

One run, one machine, in turns: what slows a round down slows all of it down. Prints ratios and writes them to a page of the docs.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import callers, postgrest, raw, scene, shapes, stock_server, writes
from bench.house import House, opened
from bench.machine import told_of_machine, versions
from bench.measured import Measured
from bench.page import written
from bench.shapes import Shape
from bookingoffice.database.server.folder import PROJECT

CALLERS = 8
OK = b"HTTP/1.1 20"
PAGE = PROJECT / "docs/benchmarks-results.md"


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
        found.ours(self.house, lambda: self._counted(request))
        found.note("ours alone", self._rate(self.house.port, request, 1))

    def _counted(self, request: bytes) -> tuple[float, float]:
        begun = time.monotonic()
        rate = self._rate(self.house.port, request)
        return rate, rate * (time.monotonic() - begun)

    def _rate(self, port: int, request: bytes, number: int = CALLERS) -> float:
        return callers.rate(port, callers.during(self.seconds, request), number, wanted=OK)


def measured(stand: Stand, chosen: list[Shape], rounds: int) -> list[Measured]:
    found = [Measured(shape.name) for shape in chosen]
    for shape in chosen:  # once unmeasured: plans, caches, connections
        path = shape.ours if shape.ours.startswith("/") else f"/v1/{shape.ours}"
        callers.rate(stand.house.port, [callers.get(path, stand.key, prefer=shape.prefer)] * 40, CALLERS, wanted=OK)
    for _ in range(rounds):
        for shape, its in zip(chosen, found, strict=True):
            print(f"{shape.name} …", file=sys.stderr)
            stand.measure(shape, its)
    return found


def main() -> None:
    asked = _options()
    steps = sorted({*asked.sizes, asked.uses})
    machine, found, growth = told_of_machine(), list[Measured](), dict[int, list[Measured]]()
    with opened() as house, stock_server.opened(house) as port, postgrest.opened(house, asked.postgrest) as other:
        machine += versions(house)
        laid = scene.lay_in(house, scene.Sizes(asked.coupons, steps[0], asked.seasons))
        stand = Stand(house, house.key, asked.seconds, port, other)
        for uses in steps:
            if uses > laid.sizes.uses:
                laid = scene.add_uses(house, laid, scene.Sizes(asked.coupons, uses, asked.seasons))
            growth[uses] = [
                *measured(stand, shapes.growing(laid), asked.rounds),
                writes.redeemed_alone(house, uses, laid.coupons, asked.rounds, asked.each),
            ]
            if uses == asked.uses:
                found = measured(stand, [*shapes.shapes(laid), shapes.botsubscription(laid)], asked.rounds)
    with opened() as house:
        found += writes.measured(house, asked.rounds, asked.each, asked.bulk, asked.rows)
    text = written(found, growth, scene.Sizes(asked.coupons, asked.uses, asked.seasons), machine)
    print(text)
    if str(asked.page) != "-":
        asked.page.write_text(text)


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="bench.everything", description=__doc__)
    options.add_argument("--coupons", type=int, default=100_000)
    options.add_argument("--uses", type=int, default=1_000_000)
    options.add_argument("--seasons", type=int, default=1_000)
    options.add_argument("--bulk", type=int, default=5_000, help="coupons of a bulk create (5000)")
    options.add_argument("--rows", type=int, default=100_000, help="coupons of a file (100000)")
    options.add_argument("--each", type=int, default=200, help="writes of every caller in a measurement (200)")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=1.5, help="of each measurement of a read (1.5)")
    options.add_argument(
        "--sizes",
        type=lambda text: [int(size) for size in text.split(",") if size],
        default=[10_000, 100_000, 1_000_000, 5_000_000],
        help="numbers of uses at which growth is measured (10000,100000,1000000,5000000)",
    )
    options.add_argument("--postgrest", metavar="PATH", help="a PostgREST binary, which is then measured too")
    options.add_argument(
        "--page", type=Path, default=PAGE, help="where the results are written (docs/benchmarks-results.md; -: nowhere)"
    )
    return options.parse_args()


if __name__ == "__main__":
    main()
