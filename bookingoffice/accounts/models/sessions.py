"""Where people are logged in. Not an organization's rows: a person works in several with one log-in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models.functions import Now

from bookingoffice import records
from bookingoffice.database.functions import NewUUID
from bookingoffice.database.keys import Reference


class StaffSession(models.Model):
    """What Django's own table cannot say of a log-in. It goes when that row goes, which is how a session ends."""

    id = models.UUIDField(primary_key=True, default=records.uuid7, db_default=NewUUID(), editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    session = models.OneToOneField(
        Session, on_delete=models.DO_NOTHING, db_constraint=False, db_column="session_key", related_name="+"
    )
    user_agent = models.TextField(default="", db_default="")
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    last_seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "staff_sessions"
        constraints = [
            Reference(name="staff_sessions_user_id_fkey", field="user", cascade=True),
            Reference(name="staff_sessions_session_key_fkey", field="session", cascade=True),
        ]

    def __str__(self) -> str:
        return str(self.pk)
