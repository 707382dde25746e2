"""What a person reads when an address leads nowhere, or not for them. Elsewhere Django's plain words stand."""

from __future__ import annotations

import logging
import sys

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import defaults

from bookingoffice.accounts.entrance.pages import page
from bookingoffice.accounts.entrance.unavailable import unavailable

log = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not _is_a_person(request):
        return defaults.page_not_found(request, exception)
    sentence = _("It was deleted, or it belongs to another organization, or the address is not quite right.")
    return _page(request, _("There is nothing here"), sentence, 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not _is_a_person(request):
        return defaults.permission_denied(request, exception)
    sentence = _("Your role does not reach this far. An owner of the organization can change that under Members.")
    return _page(request, _("This page is not open to you"), sentence, 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not _is_a_person(request):
        return defaults.bad_request(request, exception)
    return _page(request, _("This cannot be read"), _("The address or the form holds something that is no text."), 400)


def failed(request: HttpRequest) -> HttpResponseBase:
    """Where even this page fails, the middleware outside of the broken transaction asks once more."""
    if away := unavailable(sys.exc_info()[1]):
        return away
    if not _is_a_person(request):
        return defaults.server_error(request)
    sentence = _("The fault is ours, and nothing was changed. Try again; if it stays, tell whoever runs this office.")
    return _page(request, _("Something went wrong"), sentence, 500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Named in the settings: a form that was open while its person logged out or in again."""
    sentence = _("You logged in or out since it was opened. Go back, load the page again, and send it once more.")
    return _page(request, _("This form is out of date"), sentence, 403)


def _is_a_person(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


def _page(request: HttpRequest, title: str, sentence: str, status: int) -> HttpResponse:
    """In bare words where even a page fails, as without its style sheets: an apology must not become a fault."""
    try:
        return page(request, "entrance/sorry.html", status, title=title, sentence=sentence).render()
    except Exception:
        log.exception("The page of an apology could not be drawn")
        return HttpResponse(f"{title}. {sentence}", status=status, content_type="text/plain; charset=utf-8")
