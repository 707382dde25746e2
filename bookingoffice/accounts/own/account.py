"""A person's own account on one page, and what can be ended from there."""

from __future__ import annotations

from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bookingoffice.accounts import sessions, two_factor
from bookingoffice.accounts.deeds import note_of_person
from bookingoffice.accounts.desk import actor_of, memberships_of, organization_or_none
from bookingoffice.accounts.devices import device_in_words
from bookingoffice.accounts.own.pages import myself, page


def account(request: HttpRequest) -> HttpResponse:
    person, here = myself(request), request.session.session_key
    organization = organization_or_none(request)
    open_ones = [
        (session, device_in_words(session.user_agent), session.session_id == here)
        for session in sessions.sessions_of(person.pk, timezone.now())
    ]
    return page(
        request,
        "own/account.html",
        title=_("My account"),
        places=memberships_of(request),
        two_factor_on=two_factor.device_of(person.pk) is not None,
        two_factor_required=bool(organization and organization.two_factor_required),
        codes_left=two_factor.recovery_codes_left(person),
        sessions=open_ones,
        others=sum(not this for _session, _words, this in open_ones),
    )


@require_POST
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    person = myself(request)
    if sessions.end_session(person.pk, session_id):
        note_of_person(person, "session_ended", actor=actor_of(request), moment=timezone.now())
        messages.success(request, _("That log-in is ended."))
    return HttpResponseRedirect(reverse("account"))


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    person = myself(request)
    if ended := sessions.end_sessions(person.pk, but=request.session.session_key):
        note_of_person(person, "sessions_ended", actor=actor_of(request), moment=timezone.now())
        words = ngettext("%(count)s other log-in is ended.", "%(count)s other log-ins are ended.", ended)
        messages.success(request, words % {"count": ended})
    return HttpResponseRedirect(reverse("account"))


def change_password(request: HttpRequest) -> HttpResponse:
    """The admin's own page. Whoever is logged in with the old password elsewhere is so no longer."""
    response = admin.site.password_change(request)
    if request.method == "POST" and response.status_code == 302:
        person = myself(request)
        sessions.note_seen(request, timezone.now())  # under its new key
        sessions.end_sessions(person.pk, but=request.session.session_key)
        note_of_person(person, "password_changed", actor=actor_of(request), moment=timezone.now())
    return response
