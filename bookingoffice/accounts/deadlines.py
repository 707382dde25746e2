"""Deadlines as people type them: an instant, or a bare date that lasts until its end where the organization is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookingoffice.errors import RuleViolation


def deadline(text: str, timezone: str, *, field: str = "expires_at") -> datetime:
    """The first moment that is too late. A time without an offset is meant in the time zone. Refuses `deadline_not_understood`."""
    zone = ZoneInfo(timezone)
    try:
        if len(text) == len("2027-04-30"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), zone)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise RuleViolation(
            "deadline_not_understood",
            f"{text!r} is no date and no instant; write 2027-04-30 or 2027-04-30T18:00:00+02:00.",
            field=field,
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
