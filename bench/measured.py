"""What was found of one shape: rates of whoever answered it, and what it took of the processor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bench.house import House
from bench.processes import used


@dataclass
class Measured:
    """Rates by who answered, a figure a round; and milliseconds of the processor a request of ours."""

    name: str
    rates: dict[str, list[float]] = field(default_factory=dict)
    server_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)

    def note(self, who: str, rate: float) -> None:
        self.rates.setdefault(who, []).append(rate)

    def ours(self, house: House, act: Callable[[], tuple[float, float]]) -> None:
        """`act` gives the rate, and the number of requests that it sent."""
        before = used(house.pid)
        rate, number = act()
        spent = used(house.pid).since(before)
        self.note("ours", rate)
        self.server_ms.append(spent.server / number * 1000)
        self.database_ms.append(spent.database / number * 1000)
