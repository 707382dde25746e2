"""An answer as it is kept: what a door said, without what it says anew each time (a date, the headers that browsers ask for)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

REPLAYED = "Idempotency-Replayed"
RIGHTS_OR_RATE = frozenset({401, 403, 429})  # may be another answer as soon as a right is given, or time has passed


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` has the content type too, where there is one."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def refuses(self) -> bool:
        """Nothing may be left of what was begun."""
        return self.status >= 300

    @property
    def lasting(self) -> bool:
        """Whether the same request would be answered alike; a failure of ours is to be tried again."""
        return self.status < 500 and self.status not in RIGHTS_OR_RATE

    @property
    def transient(self) -> bool:
        """What a door says of a deadlock or a lock that was not had in time: 503, come again."""
        return self.status == 503 and "Retry-After" in self.headers

    def replayed(self) -> Answer:
        return replace(self, headers={**self.headers, REPLAYED: "true"})
