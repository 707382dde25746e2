"""`/ical/seasons/<secret>.ics`: the door for calendars. Who knows the address may read."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port
from django.urls import path
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bookingoffice.accounts.models import Organization
from bookingoffice.database.scope import tenant_scope
from seasons.feed_addresses import organization_of_secret
from seasons.publishing import Publication, published

MEDIA: Final = "text/calendar; charset=utf-8"
NOT_FOUND: Final = "There is no calendar at this address. It may have been renewed: ask for the new one.\n"


@csrf_exempt
@require_safe
def season_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Nothing is said of an address that was once right."""
    organization_id = organization_of_secret(secret)
    if organization_id is None:
        return HttpResponse(NOT_FOUND, status=404, content_type="text/plain; charset=utf-8")
    with tenant_scope(organization_id):
        organization = Organization.objects.get(pk=organization_id)
        found = published(organization, lang=request.GET.get("lang"), host=_host(request), moment=timezone.now())
    response = _response(found, with_body=request.method != "HEAD")
    # By the tag alone: no moment of change tells of a season that was deleted
    return get_conditional_response(request, etag=found.etag, response=response) or response


def _response(found: Publication, *, with_body: bool) -> HttpResponse:
    headers = {
        "ETag": found.etag,
        "Last-Modified": http_date(
            found.changed_at.replace(microsecond=0).timestamp()
        ),  # the last year is not rounded up
        "Content-Length": str(len(found.body)),
        "Content-Disposition": 'inline; filename="seasons.ics"',
        "Cache-Control": "private, no-cache",
        "X-Robots-Tag": "noindex",
    }
    return HttpResponse(found.body if with_body else b"", content_type=MEDIA, headers=headers)


def _host(request: HttpRequest) -> str:
    """Without its port, which is no part of who somebody is."""
    return split_domain_port(request.get_host())[0]


urlpatterns = [path("seasons/<str:secret>.ics", season_feed, name="season_feed")]
