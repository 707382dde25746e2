"""The choice of a person, remembered in the session so that a page costs no question."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from bookingoffice.languages.models import StaffLanguage

SESSION_KEY = "language"
UNDECIDED = ""


def chosen_language(request: HttpRequest) -> str | None:
    """None where nobody is logged in or nothing was chosen."""
    if not request.user.is_authenticated:
        return None
    if SESSION_KEY not in request.session:
        kept = StaffLanguage.objects.filter(user_id=request.user.pk).values_list("language", flat=True).first()
        request.session[SESSION_KEY] = kept or UNDECIDED
    language = request.session[SESSION_KEY]
    return language if language in dict(settings.LANGUAGES) else None


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Comes back to the page it was chosen on. A language we do not speak changes nothing."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        StaffLanguage.objects.update_or_create(user_id=request.user.pk, defaults={"language": language})
        request.session[SESSION_KEY] = language
    return HttpResponseRedirect(_page(request))


def _page(request: HttpRequest) -> str:
    """Where the form says it was, or the browser; never another site."""
    for page in (request.POST.get("next"), request.META.get("HTTP_REFERER")):
        if page and url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
            return page
    return reverse("admin:index")
