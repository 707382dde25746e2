"""Notifications are kept for a while after they were sent or given up, and then forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from psycopg import sql

from bookingoffice.accounts.finding import all_organization_ids
from bookingoffice.database.rows import execute
from bookingoffice.database.scope import tenant_scope

PORTION: Final = 5000

PRUNE = sql.SQL("""
DELETE FROM webhook_notifications WHERE organization_id = %(organization_id)s AND id IN (
    SELECT id FROM webhook_notifications
    WHERE organization_id = %(organization_id)s AND created_at < %(before)s AND status <> 'pending'
    ORDER BY created_at LIMIT %(portion)s FOR UPDATE SKIP LOCKED
) RETURNING id
""")


def prune(moment: datetime) -> int:
    """In portions, so that nobody waits long; answers how many went."""
    before, gone = moment - timedelta(days=settings.WEBHOOKS_KEPT_DAYS), 0
    for organization_id in all_organization_ids():
        number = PORTION
        while number == PORTION:
            with tenant_scope(organization_id):
                number = len(execute(PRUNE, organization_id=organization_id, before=before, portion=PORTION))
            gone += number
    return gone
