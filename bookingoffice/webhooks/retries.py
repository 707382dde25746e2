"""When a notification is tried again, and when it is given up."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

DELAYS: Final = tuple(
    timedelta(**delay)
    for delay in (
        {"seconds": 5},
        {"seconds": 30},
        {"minutes": 2},
        {"minutes": 10},
        {"minutes": 30},
        {"hours": 1},
        {"hours": 2},
        {"hours": 4},
    )
)
"""After each failed try; the last one again and again."""
KEEPS_TRYING: Final = timedelta(hours=48)
LONGEST_REST: Final = timedelta(minutes=5)


def delay_after(tries: int) -> timedelta:
    """Up to a quarter longer or shorter, so that what failed together does not come back together."""
    return DELAYS[min(tries, len(DELAYS)) - 1] * random.uniform(0.75, 1.25)  # noqa: S311 (spreads, hides nothing)


def given_up(tries: int, queued_at: datetime, moment: datetime) -> bool:
    """After two days and every kind of delay: a worker that stood still for days gives each its tries all the same."""
    return tries > len(DELAYS) and moment - queued_at >= KEEPS_TRYING


def gone(failures: int) -> bool:
    """Whether a receiver was tried in vain for two days: most that waits for it has had few tries of its own, or none."""
    return failures * LONGEST_REST >= KEEPS_TRYING


def rest_after(failures: int) -> timedelta:
    """How long a receiver is left alone that failed this often in a row. One failure is no reason yet."""
    if failures < 2:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures, 12)), LONGEST_REST) * random.uniform(0.75, 1.25)  # noqa: S311
