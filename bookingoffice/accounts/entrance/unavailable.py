"""What a person is told while the database is away, full or too busy, which passes. The page asks the database nothing."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string


def unavailable(error: BaseException | None) -> HttpResponse | None:
    """None where something else is wrong."""
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    return HttpResponse(render_to_string("unavailable.html"), status=503, headers={"Retry-After": "5"})
