"""What people do to their log-ins, kept in the history of every organization they work in."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from bookingoffice.accounts.models import Member
from bookingoffice.accounts.staff import memberships
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.noting import note
from bookingoffice.database.scope import current_organization_id, tenant_scope


def note_of_person(user: User, action: str, *, actor: Actor, moment: datetime) -> None:
    """In the running organization at once. The others follow when this is kept for good, each in a transaction of its own."""
    here = current_organization_id()
    for place in memberships(user.pk):
        if place.organization_id == here:
            _note(here, user, action, actor, moment)
        else:
            transaction.on_commit(partial(_note_there, place.organization_id, user, action, actor, moment))


def _note_there(organization_id: UUID, user: User, action: str, actor: Actor, moment: datetime) -> None:
    with tenant_scope(organization_id):
        _note(organization_id, user, action, actor, moment)


def _note(organization_id: UUID, user: User, action: str, actor: Actor, moment: datetime) -> None:
    """On the page of the member. A superuser who is none is told of on that of the organization."""
    member = Member.objects.of(organization_id).filter(user=user).values_list("pk", flat=True).first()
    table, row = ("members", member) if member else ("organizations", organization_id)
    label = user.get_full_name() or user.get_username()
    note(organization_id, table, row, label, action=action, actor=actor, moment=moment)
