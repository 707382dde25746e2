"""A forgotten password: an owner makes a link, the person sets a new one. No letter is needed, and no owner learns it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from axes.utils import reset as forgive
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from bookingoffice.accounts.deeds import note_of_person
from bookingoffice.accounts.models import Member
from bookingoffice.accounts.sessions import end_sessions
from bookingoffice.accounts.staff import memberships
from bookingoffice.audit.actors import Actor
from bookingoffice.errors import RuleViolation


class Tokens(PasswordResetTokenGenerator):
    """Dead, too, once the person works elsewhere or runs the office: there nobody who had the link made may become them."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        places = sorted(str(place.organization_id) for place in memberships(user.pk))
        return f"{super()._make_hash_value(user, timestamp)}{user.is_superuser}{places}"


tokens = Tokens()


class Secret(NamedTuple):
    """What a link says. It is drawn from the password's digest, so it dies with the password, with a log-in, and after a day."""

    user: str
    token: str


def password_secret(organization_id: UUID, member_id: UUID, *, actor: Actor, moment: datetime) -> Secret:
    member = Member.objects.of(organization_id).select_related("user").get(pk=member_id)
    refuse_unless_ours(organization_id, member.user)
    note_of_person(member.user, "password_link_made", actor=actor, moment=moment)
    return Secret(urlsafe_base64_encode(force_bytes(member.user.pk)), tokens.make_token(member.user))


def refuse_unless_ours(organization_id: UUID, user: User) -> None:
    """Whoever may set a person's log-in anew may become that person: in no organization but the owner's own."""
    if user.is_superuser:
        raise RuleViolation("operator", _("This person runs the whole office; only an operator can do this."))
    if {place.organization_id for place in memberships(user.pk)} != {organization_id}:
        raise RuleViolation(
            "works_elsewhere", _("This person works for other organizations too; ask the operator of this office.")
        )


def person_of(secret: Secret) -> User | None:
    """None for a link that is made up, used, or too old."""
    try:
        user = User.objects.get(pk=int(urlsafe_base64_decode(secret.user).decode()), is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist):
        return None
    return user if tokens.check_token(user, secret.token) else None


@transaction.atomic
def set_password(user: User, password: str, *, moment: datetime) -> None:
    """Ends every log-in, and the wait of somebody who had guessed at the old one."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user.pk)
    forgive(username=user.get_username())
    note_of_person(user, "password_changed", actor=Actor.staff(user), moment=moment)
