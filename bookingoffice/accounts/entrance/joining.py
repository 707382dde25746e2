"""The page of an invitation's link. Reading it changes nothing: programs that look at links in letters only read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookingoffice.accounts.entrance.forms import JoinForm
from bookingoffice.accounts.entrance.pages import entrance, page
from bookingoffice.accounts.gate import detour
from bookingoffice.accounts.inviting import accept_invitation, place_of
from bookingoffice.accounts.middleware import SESSION_KEY
from bookingoffice.accounts.models import Invitation, Organization
from bookingoffice.accounts.sessions import note_seen
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation

BACKEND = "django.contrib.auth.backends.ModelBackend"


@entrance
def join(request: HttpRequest, secret: str) -> HttpResponse:
    if request.user.is_authenticated and (elsewhere := detour(request, None)):
        return elsewhere
    place = place_of(secret)
    if place is None:
        return _closed(request, _("This link leads to no invitation. Was all of it copied?"), 404)
    with tenant_scope(place.organization_id):
        organization = Organization.objects.get(pk=place.organization_id)
        invitation = Invitation.objects.of(organization.pk).get(pk=place.invitation_id)
        if refusal := _refusal(organization, invitation):
            return _closed(request, refusal, 410)
        if request.user.is_authenticated:
            return _as_they_are(request, organization, invitation, secret)
        return _as_somebody_new(request, organization, invitation, secret)


def _refusal(organization: Organization, invitation: Invitation) -> str:
    state = invitation.state_at(timezone.now())
    if organization.deleted_at:
        return _("This organization is closed.")
    if state == Invitation.State.OPEN:
        return ""
    if state == Invitation.State.ACCEPTED:
        return _("This invitation was accepted already. If that was you, log in.")
    if state == Invitation.State.EXPIRED:
        return _("This invitation has expired. Ask %(who)s for a new one.") % {"who": invitation.invited_by}
    return _("This invitation was taken back. Ask %(who)s about it.") % {"who": invitation.invited_by}


def _closed(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return page(request, "entrance/closed.html", status, title=_("Invitation"), sentence=sentence)


def _as_they_are(request: HttpRequest, organization: Organization, invitation: Invitation, secret: str) -> HttpResponse:
    if request.method == "POST":
        assert isinstance(request.user, User)
        return _joined(request, organization, secret, request.user)
    return page(request, "entrance/join.html", organization=organization, invitation=invitation)


def _as_somebody_new(
    request: HttpRequest, organization: Organization, invitation: Invitation, secret: str
) -> HttpResponse:
    form = JoinForm(request.POST or None, initial={"username": invitation.email})
    if request.method == "POST" and form.is_valid():
        person = form.person(email=invitation.email)
        person.set_password(form.cleaned_data["password"])
        try:
            with transaction.atomic():
                person.save()
                return _joined(request, organization, secret, person)
        except IntegrityError:  # two of one name in the same moment
            form.add_error(
                "username", _("This user name is taken. If it is yours, log in with it; else choose another.")
            )
    return page(request, "entrance/join.html", organization=organization, invitation=invitation, form=form)


def _joined(request: HttpRequest, organization: Organization, secret: str, person: User) -> HttpResponse:
    try:
        accept_invitation(organization.pk, secret, person, moment=timezone.now())
    except RuleViolation as refusal:
        transaction.set_rollback(True)
        return _closed(request, refusal.sentence, 409)
    if not request.user.is_authenticated:
        login(request, person, BACKEND)
        note_seen(request, timezone.now())
    request.session[SESSION_KEY] = str(organization.pk)
    messages.success(request, _("Welcome to %(organization)s.") % {"organization": organization})
    return HttpResponseRedirect(reverse("admin:index"))
