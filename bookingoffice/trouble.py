"""What a person in the admin is told when a request failed and no page of ours could foresee it."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error


def failed(request: HttpRequest) -> HttpResponse:
    """503 where the database is away, full or too busy, which passes; else Django's own page. It asks the database nothing."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(render_to_string("unavailable.html"), status=503, headers={"Retry-After": "5"})
    return server_error(request)
