"""Who types wrong passwords waits. Counted for a user name at an address, and for an address, never for a user name alone:
so a stranger cannot keep an owner out, who comes from elsewhere.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest
from django.utils import timezone


class LockOut(AxesStandaloneBackend):  # type: ignore[misc]
    """Refuses a locked-out log-in before the password is looked at. Without a request, as in commands, nobody guesses."""

    def authenticate(self, request: HttpRequest | None, *args: Any, **kwargs: Any) -> None:
        if request is not None:
            super().authenticate(request, *args, **kwargs)


class TwoLimits(AxesDatabaseHandler):  # type: ignore[misc]
    """An address has more tries than one user name has there: a whole office may share it."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Told on the scale of the user name's limit, the only one that axes knows."""
        here, address = (_sum(attempts) for attempts in self.get_user_attempts(request, credentials))
        limit: int = settings.AXES_FAILURE_LIMIT
        return max(here, limit) if address >= settings.LOG_IN_FAILURES_PER_ADDRESS else here

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """A log-in that succeeds forgives that user name here. What the address owes for others stays."""
        return int(self.filter_user_attempts(request, credentials)[0].delete()[0])

    def minutes_left(self, request: HttpRequest, credentials: dict[str, Any]) -> int:
        """Rounded up; at least one."""
        last = max(
            (
                newest
                for attempts in self.get_user_attempts(request, credentials)
                if (newest := attempts.aggregate(newest=Max("attempt_time"))["newest"])
            ),
            default=timezone.now(),
        )
        ends = last + (get_cool_off(request) or timedelta())
        return max(1, math.ceil((ends - timezone.now()).total_seconds() / 60))


def locked_out(request: HttpRequest) -> bool:
    """Whether this request was refused a log-in, or has just lost its last try."""
    return bool(getattr(request, "axes_locked_out", False))


def minutes_left(request: HttpRequest, username: str) -> int:
    return TwoLimits().minutes_left(request, {"username": username})


def _sum(attempts: Any) -> int:
    return int(attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0)
