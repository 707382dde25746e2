"""An organization with a row for every page of the admin."""

from __future__ import annotations

from typing import Any

from bookingoffice.accounts.inviting import invite
from bookingoffice.accounts.models import ApiKey, Member
from bookingoffice.audit.models import AuditEntry
from bookingoffice.webhooks.models import Notification
from tests import builders
from tests.bookingoffice.accounts.desks import Desk
from tests.bookingoffice.accounts.test_admin import fill
from tests.bookingoffice.webhooks.builders import make_webhook, told


def furnish(desk: Desk) -> dict[str, Any]:
    """By page, the key of the row that its change page shows."""
    organization = desk.organization
    webhook = make_webhook(organization)
    rows = fill(organization)
    builders.make_line_item(builders.make_booking(organization))
    builders.make_key(organization)
    told(organization)
    with desk.scope():
        invitation, _ = invite(organization.pk, email="guest@example.com", role="viewer", **desk.act)
        return rows | {
            "accounts_apikey": ApiKey.objects.get().pk,
            "accounts_invitation": invitation.pk,
            "accounts_member": Member.objects.exclude(user=desk.user).get().pk,
            "accounts_organization": organization.pk,
            "audit_auditentry": AuditEntry.objects.values_list("pk", flat=True).first(),
            "auth_user": desk.user.pk,
            "webhooks_notification": Notification.objects.of(organization.pk).first().pk,
            "webhooks_webhook": webhook.pk,
        }
