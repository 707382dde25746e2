"""Who stays, and as what. An organization keeps at least one owner, whoever asks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Member, Role
from bookingoffice.accounts.services import add_member
from bookingoffice.accounts.sessions import end_sessions
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.errors import RuleViolation


@transaction.atomic
def change_role(organization_id: UUID, member_id: UUID, *, role: str, actor: Actor, moment: datetime) -> Member:
    member = Member.objects.of(organization_id).select_related("user").get(pk=member_id)
    return give_role(organization_id, member.user, role=role, actor=actor, moment=moment)


@transaction.atomic
def give_role(organization_id: UUID, user: User, *, role: str, actor: Actor, moment: datetime) -> Member:
    """To a colleague or to somebody new, whatever the role was before."""
    if role != Role.OWNER:
        here = list(Member.objects.of(organization_id).filter(user=user).values_list("pk", flat=True))
        _refuse_without_owner(organization_id, here)
    return add_member(organization_id, user, role=role, actor=actor, moment=moment)


@transaction.atomic
def remove_members(organization_id: UUID, member_ids: Collection[UUID], *, actor: Actor, moment: datetime) -> None:
    """Their accounts stay, so that what they did keeps their names; their log-ins end."""
    _refuse_without_owner(organization_id, member_ids)
    for user_id in Member.objects.of(organization_id).filter(pk__in=member_ids).values_list("user_id", flat=True):
        end_sessions(user_id)
    with witnessed(Member, organization_id, member_ids, actor=actor, moment=moment):
        Member.objects.of(organization_id).filter(pk__in=member_ids)._raw_delete("default")


def _refuse_without_owner(organization_id: UUID, leaving: Collection[UUID]) -> None:
    """Locks the owners first: two of them cannot make each other the last one."""
    owners = Member.objects.of(organization_id).filter(role=Role.OWNER).select_for_update()
    left = set(owners.order_by("id").values_list("pk", flat=True))
    if left and left <= set(leaving):
        raise RuleViolation("last_owner", _("An organization keeps at least one owner."), field="role")
