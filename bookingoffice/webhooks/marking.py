"""What came of a notification that was sent, and what it says about its receiver."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bookingoffice.database.scope import tenant_scope
from bookingoffice.webhooks.models import Notification, Status, Webhook
from bookingoffice.webhooks.queue import LOST_AFTER, Claim, Receiver
from bookingoffice.webhooks.retries import KEEPS_TRYING, delay_after, given_up, gone, rest_after
from bookingoffice.webhooks.sending import Outcome

AWAY: Final = 3  # failures in a row
PORTION: Final = 5000


def mark(claim: Claim, outcome: Outcome, moment: datetime) -> None:
    """Unless somebody else has tried since. The receiver's row is locked first, as by whoever deletes it with its notifications or
    sends some again."""
    with tenant_scope(claim.receiver.organization_id):
        if outcome.delivered:
            _wake(claim.receiver, moment)
            _keep(claim, outcome, moment, status=Status.SENT)
        else:
            failures = _rest(claim.receiver, moment)
            over = given_up(claim.tries, claim.queued_at, moment)
            again = moment + delay_after(claim.tries)
            _keep(claim, outcome, moment, status=Status.ERROR if over else Status.PENDING, due_at=again)
            if gone(failures):
                _give_up(claim.receiver, moment)


def _keep(claim: Claim, outcome: Outcome, moment: datetime, **values: object) -> None:
    mine = Notification.objects.of(claim.receiver.organization_id).filter(
        id=claim.id, status=Status.PENDING, tries=claim.tries
    )
    mine.update(response=outcome.kept(), updated_at=moment, **values)


def _wake(receiver: Receiver, moment: datetime) -> None:
    """A receiver that is back is told at once what it missed. One that refuses a single event was never away."""
    receivers = Webhook.objects.of(receiver.organization_id).filter(id=receiver.webhook_id)
    if receivers.filter(failures__gte=AWAY).update(failures=0, resting_until=None):
        waiting = Notification.objects.of(receiver.organization_id).filter(
            webhook_id=receiver.webhook_id, status=Status.PENDING, due_at__gt=moment + LOST_AFTER
        )
        waiting.update(due_at=moment)
    elif receiver.failures:
        receivers.filter(failures__gt=0).update(failures=0, resting_until=None)


def _rest(receiver: Receiver, moment: datetime) -> int:
    """Answers how often it has failed in a row; no times where it is no more."""
    webhook = Webhook.objects.of(receiver.organization_id).filter(id=receiver.webhook_id).select_for_update().first()
    if webhook is None:
        return 0
    failures: int = webhook.failures + 1
    Webhook.objects.of(receiver.organization_id).filter(id=receiver.webhook_id).update(
        failures=failures, resting_until=moment + rest_after(failures)
    )
    return failures


def _give_up(receiver: Receiver, moment: datetime) -> None:
    """What has waited for two days, though it was another's turn at every try. In portions: there may be any number."""
    waiting = Notification.objects.of(receiver.organization_id).filter(
        webhook_id=receiver.webhook_id, status=Status.PENDING, queued_at__lte=moment - KEEPS_TRYING
    )
    oldest = waiting.order_by("id").values("id")[:PORTION]
    waiting.filter(id__in=oldest).update(status=Status.ERROR, updated_at=moment)
