"""What the sidebar asks of a request."""

from __future__ import annotations

from django.http import HttpRequest

from bookingoffice.accounts.desk import memberships_of, role_of


def reader(request: HttpRequest) -> bool:
    return role_of(request) is not None


def owner(request: HttpRequest) -> bool:
    return role_of(request) == "owner"


def superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def organization_name(request: HttpRequest) -> str:
    """Under the name of the site; empty before log-in."""
    here = getattr(getattr(request, "organization", None), "pk", None)
    return next((place.label for place in memberships_of(request) if place.organization_id == here), "")
