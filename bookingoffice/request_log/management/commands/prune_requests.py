"""Makes the days ahead and drops those past keeping. `up` does the same once an hour."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from bookingoffice.commands import whole
from bookingoffice.request_log import partitions

LONGEST: Final = 36_500  # days


class Command(BaseCommand):
    help = (
        "Makes the request log's partitions of the coming days and drops those past keeping. Safe to run at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--keep-days",
            type=whole(0, LONGEST),
            default=settings.REQUESTS_KEPT_DAYS,
            help="days that are kept (%(default)s)",
        )

    def handle(self, *args: Any, keep_days: int, **options: Any) -> None:
        today = datetime.now(UTC).date()
        made, dropped = partitions.make(today), partitions.prune(today, keep_days=keep_days)
        self.stdout.write(f"{len(made)} days made, {len(dropped)} dropped, {len(partitions.existing())} there.")
