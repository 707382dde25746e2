"""`check_ledger`: Recounts the counters of coupons from their uses; exit code 1 where one is wrong."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from bookingoffice.accounts.finding import all_organizations, the_organization
from bookingoffice.accounts.models import Organization
from bookingoffice.commands import OfficeCommand
from bookingoffice.database.scope import tenant_scope
from coupons.services.checking import Drift, drift, repair


class Command(OfficeCommand):
    help = "Recounts the counters of coupons, batches and customers from the uses. Exits with 1 where one is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="ID", help="(default: all of them)")
        parser.add_argument("--repair", action="store_true", help="count anew what is wrong, then look once more")

    def handle(self, *args: Any, organization: str | None, repair: bool, **options: Any) -> None:
        places = list(all_organizations()) if organization is None else [the_organization(organization)]
        wrong = sum(self._checked(place, with_repair=repair) for place in places)
        if wrong:
            raise CommandError(f"{wrong} of the counters and limits are wrong.")
        self.stdout.write(f"Every counter agrees with the ledger. Organizations: {len(places)}.")

    def _checked(self, place: Organization, *, with_repair: bool) -> int:
        """How many are wrong in the end."""
        found = self._found(place)
        for one in found:
            self.stdout.write(f"{place.pk}: {one}")
        if not (found and with_repair):
            return len(found)
        repair(place, found, timezone.now())
        left = self._found(place)
        self.stdout.write(f"{place.pk}: {len(found)} found, {len(left)} left after counting anew.")
        return len(left)

    def _found(self, place: Organization) -> list[Drift]:
        with tenant_scope(place.pk):
            return drift(place, timezone.now())
