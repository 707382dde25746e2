"""`revoke_api_key KEY`: closes a key for good."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from bookingoffice.accounts.finding import find_key
from bookingoffice.accounts.models import ApiKey
from bookingoffice.accounts.services import revoke_key
from bookingoffice.audit.actors import Actor
from bookingoffice.commands import OfficeCommand
from bookingoffice.database.scope import tenant_scope


class Command(OfficeCommand):
    help = "Revokes an API key: from the next request on it opens nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "key", help="the key itself, its id, its first eight characters, or - to read one of them from stdin"
        )

    def handle(self, *args: Any, key: str, **options: Any) -> None:
        typed = sys.stdin.readline() if key == "-" else key
        organization_id, key_id = find_key(typed.strip())
        moment = timezone.now()
        with tenant_scope(organization_id):
            revoked = revoke_key(organization_id, key_id, actor=Actor.command("revoke_api_key"), moment=moment)
        self.stdout.write(_outcome(revoked, now=revoked.revoked_at == moment))


def _outcome(key: ApiKey, *, now: bool) -> str:
    if now:
        return f"Revoked: {key} of organization {key.organization_id}."
    return f"Nothing to do: {key} of organization {key.organization_id} was revoked at {key.revoked_at:%Y-%m-%d %H:%M} UTC."
