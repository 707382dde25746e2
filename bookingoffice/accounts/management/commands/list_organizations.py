"""`list_organizations`: every organization, oldest first."""

from __future__ import annotations

from typing import Any

from bookingoffice.accounts.finding import all_organizations
from bookingoffice.commands import OfficeCommand


class Command(OfficeCommand):
    help = "Lists every organization, oldest first: id, currency, time zone and name, separated by tabs."

    def handle(self, *args: Any, **options: Any) -> None:
        for organization in all_organizations():
            name = f"{organization} (deleted)" if organization.deleted_at else str(organization)
            self.stdout.write("\t".join([str(organization.pk), organization.currency, organization.timezone, name]))
