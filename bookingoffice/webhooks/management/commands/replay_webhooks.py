"""`replay_webhooks`: sends notifications again that were sent or given up."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from bookingoffice.accounts.finding import the_organization
from bookingoffice.audit.actors import Actor
from bookingoffice.commands import OfficeCommand
from bookingoffice.database.scope import tenant_scope
from bookingoffice.webhooks import services
from bookingoffice.webhooks.models import Notification, Status

PORTION = 1000


class Command(OfficeCommand):
    help = "Sends notifications again: those that were given up, unless --sent or ids say otherwise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=UUID, metavar="ID", help="of notifications; without, all that fit")
        parser.add_argument("--organization", metavar="ID", help="needed where there are several")
        parser.add_argument("--webhook", type=UUID, metavar="ID", help="of one receiver")
        parser.add_argument("--event", metavar="NAME", help="such as coupons.created")
        parser.add_argument("--since", type=_moment, metavar="MOMENT", help="made at this moment or later")
        parser.add_argument("--sent", action="store_true", help="those that were delivered, too")
        parser.add_argument("--dry-run", action="store_true", help="only say how many there are")

    def handle(self, *args: Any, organization: str | None, dry_run: bool, **options: Any) -> None:
        place = the_organization(organization)
        with tenant_scope(place.pk):
            chosen = list(_chosen(place.pk, **options).order_by("id").values_list("pk", flat=True))
        if dry_run:
            self.stdout.write(f"{len(chosen)} would be sent again")
            return
        for start in range(0, len(chosen), PORTION):
            with tenant_scope(place.pk):
                actor = Actor.command("replay_webhooks")
                services.replay(place.pk, chosen[start : start + PORTION], actor=actor, moment=timezone.now())
        self.stdout.write(f"{len(chosen)} will be sent again")


def _chosen(
    organization_id: UUID,
    *,
    ids: list[UUID],
    webhook: UUID | None,
    event: str | None,
    since: datetime | None,
    sent: bool,
    **_: Any,
) -> Any:
    found = Notification.objects.of(organization_id).exclude(status=Status.PENDING)
    wanted: dict[str, Any] = {
        "id__in": ids or None,
        "webhook_id": webhook,
        "event_type": event,
        "created_at__gte": since,
    }
    if not sent and not ids:
        wanted["status"] = Status.ERROR
    return found.filter(**{name: value for name, value in wanted.items() if value is not None})


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text if "T" in text or " " in text else f"{text}T00:00")
    except ValueError:
        moment = None
    if moment is None:
        raise ArgumentTypeError(f"{text!r} is not a moment such as 2027-04-09 or 2027-04-09T08:15+02:00")
    return moment if moment.tzinfo else timezone.make_aware(moment)
