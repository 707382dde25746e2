"""The generic cell rate algorithm: a limit's whole memory is one instant, the moment at which the caller is rested again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

SECOND = 1_000_000_000  # all instants and spans are whole nanoseconds


@dataclass(frozen=True, slots=True)
class Limit:
    """`quota` requests at once after a rest, and `quota` in every `seconds` for as long as one likes."""

    name: str
    quota: int
    seconds: int = 60
    window: int = field(init=False)
    interval: int = field(init=False)
    policy: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "window", self.seconds * SECOND)
        object.__setattr__(self, "interval", max(1, self.window // self.quota))
        object.__setattr__(self, "policy", f'"{self.name}";q={self.quota};w={self.seconds}')


class Verdict(NamedTuple):
    """`rested_at` is what to remember; `wait` is 0 where the request may pass."""

    rested_at: int
    remaining: int
    wait: int
    tired: int

    @property
    def allowed(self) -> bool:
        return self.wait == 0


def judged(limit: Limit, rested_at: int, now: int, cost: int = 1) -> Verdict:
    """A refused request costs nothing, so whoever keeps asking is let in as soon as whoever waits."""
    if rested_at < now or rested_at > now + limit.window + SECOND:  # the latter from before a restart of the machine
        rested_at = now
    after = rested_at + cost * limit.interval
    excess = after - now - limit.window
    if excess > 0:
        return Verdict(rested_at, (now + limit.window - rested_at) // limit.interval, excess, rested_at - now)
    return Verdict(after, -excess // limit.interval, 0, after - now)


def charged(limit: Limit, rested_at: int, now: int, cost: int) -> int:
    """What to remember after a cost that is known only afterwards: it is never refused, and never more than all there is."""
    if rested_at < now or rested_at > now + limit.window + SECOND:
        rested_at = now
    return min(rested_at + cost * limit.interval, now + limit.window)
