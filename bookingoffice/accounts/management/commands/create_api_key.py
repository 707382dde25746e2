"""`create_api_key ORGANIZATION_ID`: issues a bearer key and prints it alone, this once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from bookingoffice.accounts.deadlines import deadline
from bookingoffice.accounts.finding import the_organization
from bookingoffice.accounts.models import DEFAULT_SCOPES, Scope
from bookingoffice.accounts.services import issue_key
from bookingoffice.audit.actors import Actor
from bookingoffice.commands import OfficeCommand
from bookingoffice.database.scope import tenant_scope


class Command(OfficeCommand):
    help = "Issues an API key and prints it, alone on one line. It is kept as a digest only and cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", metavar="ORGANIZATION_ID", help="whose rows the key opens")
        parser.add_argument(
            "--scopes",
            default=",".join(DEFAULT_SCOPES),
            help=f"what it may do, separated by commas: {', '.join(Scope.values)} (default: %(default)s)",
        )
        parser.add_argument(
            "--expires", metavar="WHEN", help="a date (until its end, in the organization's time zone) or an instant"
        )
        parser.add_argument("--label", default="", help="what it is for, shown to staff")

    def handle(
        self, *args: Any, organization: str, scopes: str, expires: str | None, label: str, **options: Any
    ) -> None:
        owner = the_organization(organization)
        with tenant_scope(owner.pk):
            _, token = issue_key(
                owner.pk,
                label=label,
                scopes=list(dict.fromkeys(word.strip() for word in scopes.split(","))),
                expires_at=deadline(expires, owner.timezone, field="expires") if expires else None,
                actor=Actor.command("create_api_key"),
                moment=timezone.now(),
            )
        self.stdout.write(token)
