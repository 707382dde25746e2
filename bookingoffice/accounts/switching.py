"""Staff of several organizations choose the one they work in; the session remembers it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from bookingoffice.accounts.desk import memberships_of
from bookingoffice.accounts.middleware import SESSION_KEY


@require_POST
def switch_organization(request: HttpRequest) -> HttpResponse:
    """Always ends on the first page: what was open belongs to the other organization. A foreign id changes nothing."""
    wanted = request.POST.get("organization", "")
    if wanted in {str(place.organization_id) for place in memberships_of(request)}:
        request.session[SESSION_KEY] = wanted
    return HttpResponseRedirect(reverse("admin:index"))
