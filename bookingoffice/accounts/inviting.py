"""Colleagues are asked in by a link. Whoever opens it first, with an account or without, joins in the role it names."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Invitation, Member, digest_of
from bookingoffice.accounts.services import add_member
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation

LASTS = timedelta(days=7)
SECRET_BYTES = 24


class Place(NamedTuple):
    organization_id: UUID
    invitation_id: UUID


def invite(organization_id: UUID, *, email: str, role: str, actor: Actor, moment: datetime) -> tuple[Invitation, str]:
    """The invitation and the secret of its link, which nobody can show again."""
    _refuse_known(organization_id, email, moment)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = Invitation(
        organization_id=organization_id,
        email=email,
        role=role,
        digest=digest_of(secret),
        invited_by=actor.label,
        expires_at=moment + LASTS,
    )
    with witnessed(Invitation, organization_id, [invitation.pk], actor=actor, moment=moment):
        invitation.save(force_insert=True)
    return invitation, secret


def renew_invitation(
    organization_id: UUID, invitation_id: UUID, *, actor: Actor, moment: datetime
) -> tuple[Invitation, str]:
    """A new link for the whole time again; the old one opens nothing any more."""
    invitation = _unfinished(organization_id, invitation_id)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with witnessed(Invitation, organization_id, [invitation_id], actor=actor, moment=moment, action="renewed"):
        invitation.digest, invitation.expires_at, invitation.mailed_at = digest_of(secret), moment + LASTS, None
        invitation.save(update_fields=["digest", "expires_at", "mailed_at", "updated_at"])
    return invitation, secret


def revoke_invitation(organization_id: UUID, invitation_id: UUID, *, actor: Actor, moment: datetime) -> Invitation:
    invitation = _unfinished(organization_id, invitation_id)
    with witnessed(Invitation, organization_id, [invitation_id], actor=actor, moment=moment, action="revoked"):
        invitation.revoked_at = moment
        invitation.save(update_fields=["revoked_at", "updated_at"])
    return invitation


def place_of(secret: str) -> Place | None:
    """Where a link belongs, whatever has become of it: asked before an organization is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organization_id, invitation_id FROM public.invitation_place(%s)", [digest_of(secret)])
        found = cursor.fetchone()
    return Place(*found) if found else None


@transaction.atomic
def accept_invitation(organization_id: UUID, secret: str, user: User, *, moment: datetime) -> Member:
    """Runs in the organization's scope. Of two who open one link, one joins."""
    invitation = _locked(organization_id, digest=digest_of(secret))
    if invitation is None or invitation.state_at(moment) != Invitation.State.OPEN:
        raise RuleViolation("invitation_not_open", _("This invitation is not open any more. Ask for a new one."))
    if Member.objects.of(organization_id).filter(user=user).exists():
        raise RuleViolation("already_member", _("You work here already, so the invitation is left as it is."))
    actor = Actor.staff(user)
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    member = add_member(organization_id, user, role=str(invitation.role), actor=actor, moment=moment)
    with witnessed(Invitation, organization_id, [invitation.pk], actor=actor, moment=moment, action="accepted"):
        invitation.accepted_at = moment
        invitation.save(update_fields=["accepted_at", "updated_at"])
    return member


def note_mailed(organization_id: UUID, invitation_id: UUID, moment: datetime) -> None:
    with tenant_scope(organization_id):
        Invitation.objects.of(organization_id).filter(pk=invitation_id).update(mailed_at=moment)


def _unfinished(organization_id: UUID, invitation_id: UUID) -> Invitation:
    invitation = _locked(organization_id, pk=invitation_id)
    if invitation is None or invitation.accepted_at or invitation.revoked_at:
        raise RuleViolation("invitation_finished", _("This invitation was accepted or revoked already."))
    return invitation


def _locked(organization_id: UUID, **which: object) -> Invitation | None:
    rows = Invitation.objects.of(organization_id).select_for_update(of=("self",))
    found: Invitation | None = rows.filter(**which).first()
    return found


def _refuse_known(organization_id: UUID, email: str, moment: datetime) -> None:
    if Member.objects.of(organization_id).filter(user__email__iexact=email).exists():
        raise RuleViolation("already_member", _("Somebody with this address works here already."), field="email")
    same = Invitation.objects.of(organization_id).filter(email__iexact=email, expires_at__gt=moment)
    if same.filter(accepted_at=None, revoked_at=None).exists():
        raise RuleViolation(
            "already_invited",
            _("This address has an open invitation; send that again from the list of invitations."),
            field="email",
        )
