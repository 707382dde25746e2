"""`create_organization NAME`: opens an organization and prints its id alone."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from bookingoffice.accounts.services import create_organization
from bookingoffice.commands import OfficeCommand


class Command(OfficeCommand):
    help = "Opens an organization and prints its id, alone on one line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what guests and staff call it")
        parser.add_argument("--currency", default="EUR", help="ISO 4217 code of its money (default: EUR)")
        parser.add_argument(
            "--timezone", default="UTC", help="where its days begin and end, as Europe/Amsterdam (default: UTC)"
        )
        parser.add_argument("--language", default="en-US", help="tag of its first language (default: en-US)")

    def handle(self, *args: Any, name: str, currency: str, timezone: str, language: str, **options: Any) -> None:
        organization = create_organization(name, currency=currency, timezone=timezone, language=language)
        self.stdout.write(str(organization.pk))
