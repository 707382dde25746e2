"""Who works for whom, and who is asked to."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookingoffice import records
from bookingoffice.database.fields import EnumField
from bookingoffice.database.keys import Reference, TenantPrimaryKey


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


class Member(records.ChangingRecord):
    """A staff user's place in one organization."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    role = EnumField(enum="member_role", choices=Role.choices, default=Role.EDITOR, db_default=Role.EDITOR)

    class Meta(records.ChangingRecord.Meta):
        db_table = "members"
        constraints = [
            TenantPrimaryKey(name="members_pkey"),
            Reference(name="members_organization_id_fkey", field="organization"),
            Reference(name="members_user_id_fkey", field="user", cascade=True),
            models.UniqueConstraint(fields=["organization", "user"], name="members_organization_id_user_id_key"),
        ]

    def __str__(self) -> str:
        return self.user.get_full_name() or self.user.get_username()


class Invitation(records.ChangingRecord):
    """Somebody asked to join. Its link is shown once; `digest` finds it again and no two are alike in any organization."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    email = models.EmailField(_("e-mail"))
    role = EnumField(_("role"), enum="member_role", choices=Role.choices, default=Role.VIEWER, db_default=Role.VIEWER)
    digest = models.BinaryField(max_length=32, editable=False)
    invited_by = models.TextField(_("invited by"), default="", db_default="", editable=False)
    expires_at = models.DateTimeField(_("expires"), editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    mailed_at = models.DateTimeField(_("sent by e-mail"), null=True, editable=False)

    class Meta(records.ChangingRecord.Meta):
        db_table = "invitations"
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            TenantPrimaryKey(name="invitations_pkey"),
            Reference(name="invitations_organization_id_fkey", field="organization"),
            models.UniqueConstraint(fields=["digest"], name="invitations_digest_key"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitations_end_once_check"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def state_at(self, moment: datetime) -> State:
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= moment else self.State.OPEN
