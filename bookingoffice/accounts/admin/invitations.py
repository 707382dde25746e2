"""Invitations: made here, their link shown once, sent again or revoked here; kept for good as a part of the history."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.accounts import inviting
from bookingoffice.accounts.admin.acts import Act, WithActs
from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.forms import TenantForm
from bookingoffice.accounts.admin.links import link_shown
from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.accounts.mailing import mail_invitation, may_mail
from bookingoffice.accounts.models import Invitation

FINISHED = (Invitation.State.ACCEPTED, Invitation.State.REVOKED)
COLOURS = {"open": "info", "accepted": "success", "expired": "warning", "revoked": "danger"}


class InvitationForm(TenantForm):
    class Meta:
        labels = {"email": gettext_lazy("E-mail"), "role": gettext_lazy("Role")}
        help_texts = {
            "email": gettext_lazy(
                "Whose it is. The person chooses a user name and a password on the page of the link."
            ),
            "role": gettext_lazy(
                "Viewers read. Editors also change everything but people, keys and the organization. Owners do all."
            ),
        }


def unfinished(invitation: Invitation) -> bool:
    return invitation.state_at(timezone.now()) not in FINISHED


def _renew(page: InvitationAdmin, request: HttpRequest, invitation: Invitation) -> HttpResponse:
    renewed, secret = inviting.renew_invitation(
        organization_of(request).pk, invitation.pk, actor=actor_of(request), moment=timezone.now()
    )
    return page.shown(request, renewed, secret)


def _revoke(page: InvitationAdmin, request: HttpRequest, invitation: Invitation) -> None:
    inviting.revoke_invitation(
        organization_of(request).pk, invitation.pk, actor=actor_of(request), moment=timezone.now()
    )
    messages.success(request, _("The invitation of %(email)s is revoked.") % {"email": invitation.email})


@admin.register(Invitation)
class InvitationAdmin(WithActs, TenantAdmin):  # type: ignore[misc]
    form = InvitationForm
    readers = writers = OWNERS
    only_save = True
    fields = ("email", "role")
    list_display = ("email", "state", "role", "invited_by", "created_at", "expires_at", "mailed_at")
    search_fields = ("email", "invited_by")
    ordering = ("-created_at", "-id")
    actions = None
    acts = (
        Act(
            "send_again",
            gettext_lazy("Send again"),
            gettext_lazy("Send the invitation of %(record)s again?"),
            gettext_lazy("There will be a new link that is good for 7 days. The old one stops working at once."),
            _renew,
            offered=unfinished,
            dangerous=False,
        ),
        Act(
            "revoke",
            gettext_lazy("Revoke"),
            gettext_lazy("Revoke the invitation of %(record)s?"),
            gettext_lazy("Its link stops working at once. You can invite the same address anew."),
            _revoke,
            offered=unfinished,
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        ends = ("accepted_at", "revoked_at", "mailed_at")
        return ("email", "role", "state_in_words", "invited_by", "created_at", "expires_at", *ends) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_readonly_fields(request, obj) if obj else self.fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        invitation, obj.secret = inviting.invite(
            organization_of(request).pk,
            email=obj.email,
            role=obj.role,
            actor=actor_of(request),
            moment=timezone.now(),
        )
        obj.pk, obj.expires_at = invitation.pk, invitation.expires_at

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.shown(request, obj, obj.secret)

    def shown(self, request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
        """The letter leaves when the invitation is kept for good, so that no lost invitation is ever written about."""
        link = request.build_absolute_uri(reverse("join", args=[secret]))
        if may_mail():
            transaction.on_commit(partial(mail_invitation, organization_of(request), invitation, link), robust=True)
        return link_shown(
            self,
            request,
            title=_("An invitation for %(email)s") % {"email": invitation.email},
            sentence=_("Give this link to nobody else. It works once, until %(when)s, and is shown only now.")
            % {"when": _when(invitation)},
            link=link,
            mailed_to=invitation.email if may_mail() else "",
        )

    @column(gettext_lazy("State"), label=COLOURS)
    def state(self, invitation: Invitation) -> tuple[str, str]:
        state = invitation.state_at(timezone.now())
        return state.value, str(state.label)

    @column(gettext_lazy("State"))
    def state_in_words(self, invitation: Invitation) -> str:
        return self.state(invitation)[1]


def _when(invitation: Invitation) -> str:
    return date_format(timezone.localtime(invitation.expires_at), "DATETIME_FORMAT")
