"""`demo`: an organization to look around in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from bookingoffice.accounts.finding import all_organization_ids
from bookingoffice.commands import OfficeCommand
from bookingoffice.demo import create_demo


class Command(OfficeCommand):
    help = "Makes a demo organization with a year of bookings, coupons, uses and seasons, a staff login and an API key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="also where there is an organization already")

    def handle(self, *args: Any, again: bool, **options: Any) -> None:
        if all_organization_ids() and not again:
            raise CommandError("There is an organization already; --again makes a demo beside it.")
        demo = create_demo(timezone.now())
        self.stdout.write(f"Organization  {demo.organization_id}  {demo.organization_name}")
        self.stdout.write(f"Sign in       {demo.staff_username}  {demo.staff_password}")
        self.stdout.write(f"API key       {demo.api_key}")
