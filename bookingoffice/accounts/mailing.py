"""Letters to people, where the operator named a mail server. Sent after the transaction, never in it."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from bookingoffice.accounts.inviting import note_mailed
from bookingoffice.accounts.models import Invitation, Organization


def may_mail() -> bool:
    return bool(settings.MAIL.host)


def mail_invitation(organization: Organization, invitation: Invitation, link: str) -> None:
    """Raises what the mail server refuses; the list of invitations then goes on saying that nothing was sent."""
    words = {"organization": organization, "invitation": invitation, "link": link}
    letter = EmailMessage(
        _("%(who)s invites you to %(organization)s")
        % {"who": _one_line(invitation.invited_by), "organization": _one_line(str(organization))},
        render_to_string("mail/invitation.txt", words),
        to=[invitation.email],
    )
    letter.send()
    note_mailed(organization.pk, invitation.pk, timezone.now())


def _one_line(text: str) -> str:
    """A line break in a subject would begin another header."""
    return " ".join(text.split())
