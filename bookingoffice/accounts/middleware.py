"""Every page of the admin works in one organization and in one transaction of its scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookingoffice.accounts.desk import sit_down
from bookingoffice.accounts.gate import detour
from bookingoffice.accounts.models import Organization
from bookingoffice.accounts.sessions import note_seen
from bookingoffice.accounts.staff import Membership, chosen, memberships
from bookingoffice.database.scope import tenant_scope

SESSION_KEY = "organization"
WITHOUT_ORGANIZATION = tuple(
    map("admin:{}".format, ("login", "logout", "password_change", "password_change_done", "jsi18n"))
)
"""Pages for a user who belongs nowhere, besides those of their account."""
ENTRANCES = ("join/", "password/")
"""Below the admin's address, for people who may not have logged in; these pages open their own scope."""

Answer = Callable[[HttpRequest], HttpResponseBase]


class Clock(ZoneInfo):
    """The ends of the calendar stay where they are: no clock in the east can show the last hour of the year 9999."""

    def fromutc(self, moment: datetime) -> datetime:
        try:
            return super().fromutc(moment)
        except OverflowError:
            return moment


class StaffOrganization:
    """Opens the scope of the session's organization, or of the first, for staff under the admin's address; other paths pass."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        home = reverse("admin:index")
        if not request.path.startswith(home) or request.path.removeprefix(home).startswith(ENTRANCES):
            return self.get_response(request)
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest(_("No text of the database holds a NUL character."))
        if not (request.user.is_authenticated and request.user.is_staff):
            return self.get_response(request)
        note_seen(request, timezone.now())
        places = memberships(request.user.pk)
        place = chosen(places, request.session.get(SESSION_KEY))
        return self._at(request, place, places) if place else self._nowhere(request)

    def _at(self, request: HttpRequest, place: Membership, places: list[Membership]) -> HttpResponseBase:
        """An answer of 500 and above leaves nothing behind."""
        with tenant_scope(place.organization_id):
            organization = Organization.objects.get(pk=place.organization_id)
            sit_down(request, organization, place.role, places)
            with timezone.override(zone_of(organization)):
                response = detour(request, organization) or self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def _nowhere(self, request: HttpRequest) -> HttpResponseBase:
        sit_down(request, None, None, [])
        if elsewhere := detour(request, None):
            return elsewhere
        own_pages = request.path.startswith(reverse("account"))
        if own_pages or request.path in {reverse(name) for name in WITHOUT_ORGANIZATION}:
            return self.get_response(request)
        return render(request, "admin/no_organization.html", {"title": _("No organization yet")}, status=403)


def zone_of(organization: Organization) -> ZoneInfo:
    """The clock staff read and type by. A name that this machine does not know reads as UTC."""
    try:
        return Clock(organization.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return Clock("UTC")
