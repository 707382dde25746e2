"""What a worker has taken ahead from the shared memory, so that most requests need no lock.

Of a large limit a worker takes a few at once and gives them out itself, for a second at most. They are paid for when they are
taken: a limit is never exceeded, and a caller is short of what is left over, never more than one lease a worker.
Small limits are taken one by one, so they are exact.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from bookingoffice.limits.gcra import SECOND, Limit, Verdict
from bookingoffice.limits.slots import Slots

SHARE = 1000  # a lease is this part of the quota, at most LONGEST requests
LONGEST = 32
MOST_KEPT = 10_000


@dataclass(slots=True)
class Lease:
    mark: int
    verdict: Verdict
    left: int
    until: int


class Leases:
    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._kept: dict[tuple[str, str], Lease] = {}
        self._giving = threading.Lock()

    def take(self, limit: Limit, who: str, now: int) -> Verdict:
        lease = self._kept.get((limit.name, who))
        if lease is not None and now < lease.until:
            with self._giving:  # or two threads would both give out the last one
                if lease.left > 0:
                    lease.left -= 1
                    return lease.verdict
        return self._taken(limit, who, now, lease)

    def charge(self, limit: Limit, who: str, now: int, cost: int) -> None:
        """Whatever was taken ahead is given up with it."""
        self._kept.pop((limit.name, who), None)
        self._slots.charge(self._mark(limit, who), limit, now, cost)

    def _taken(self, limit: Limit, who: str, now: int, lease: Lease | None) -> Verdict:
        mark = lease.mark if lease else self._mark(limit, who)
        many = min(LONGEST, limit.quota // SHARE)
        if many > 1:
            verdict = self._slots.take(mark, limit, now, many)
            if not verdict.wait:
                self._keep(limit, who, Lease(mark, verdict, many - 1, now + SECOND))
                return verdict
        return self._slots.take(mark, limit, now)

    def _keep(self, limit: Limit, who: str, lease: Lease) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[limit.name, who] = lease

    def _mark(self, limit: Limit, who: str) -> int:
        return self._slots.mark(f"{limit.name} {who}")
