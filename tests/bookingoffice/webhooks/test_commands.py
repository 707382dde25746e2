"""`deliver_webhooks --once` and `replay_webhooks`."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.webhooks.models import Notification
from tests.bookingoffice.webhooks.builders import make_webhook
from tests.builders import make_coupon, make_organization


@pytest.fixture
def organization(committed_db):
    return make_organization(currency="EUR")


def said(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


def test_once_delivers_what_is_due(organization, receiver):
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization, "ONE"), make_coupon(organization, "TWO")

    assert said("deliver_webhooks", "--once") == "2 delivered"
    assert said("deliver_webhooks", "--once") == "0 delivered"


def test_what_was_given_up_is_sent_again(organization, receiver):
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization, "ONE"), make_coupon(organization, "TWO")
    said("deliver_webhooks", "--once")
    with tenant_scope(organization.pk):
        notes = Notification.objects.of(organization.pk)
        given_up, delivered = notes.order_by("id").values_list("pk", flat=True)
        notes.filter(pk=given_up).update(status="error")

    assert said("replay_webhooks", "--dry-run") == "1 would be sent again"
    assert said("replay_webhooks") == "1 will be sent again"
    assert said("deliver_webhooks", "--once") == "1 delivered"
    assert said("replay_webhooks", str(delivered)) == "1 will be sent again"
    assert said("replay_webhooks", "--sent", "--event", "coupons.created") == "1 will be sent again"
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    assert said("replay_webhooks", "--sent", "--since", tomorrow) == "0 will be sent again"

    with tenant_scope(organization.pk):
        acts = AuditEntry.objects.of(organization.pk).filter(table_name="webhooks").exclude(action="created")
        assert {entry.action for entry in acts} == {"replayed"}


def test_a_moment_that_is_none(organization):
    with pytest.raises(CommandError, match="is not a moment"):
        call_command("replay_webhooks", "--since", "yesterday")
