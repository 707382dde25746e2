"""What a request of the staff carries: the organization it works in, as whom, and when it was made.

The middleware puts these on the request; only doors read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from bookingoffice.accounts.models import Organization
from bookingoffice.accounts.staff import Membership
from bookingoffice.audit.actors import Actor


def sit_down(
    request: HttpRequest, organization: Organization | None, role: str | None, places: Sequence[Membership]
) -> None:
    desk: Any = request
    desk.organization, desk.role, desk.memberships = organization, role, places


def organization_of(request: HttpRequest) -> Organization:
    """The organization of the running scope. A view of the admin is never reached without one."""
    organization: Organization | None = getattr(request, "organization", None)
    assert organization is not None
    return organization


def organization_or_none(request: HttpRequest) -> Organization | None:
    """None for a person who belongs nowhere yet, whose own account is all they reach."""
    return getattr(request, "organization", None)


def role_of(request: HttpRequest) -> str | None:
    """owner, editor or viewer; None where nobody has sat down."""
    return getattr(request, "role", None)


def memberships_of(request: HttpRequest) -> Sequence[Membership]:
    return getattr(request, "memberships", ())


def actor_of(request: HttpRequest) -> Actor:
    return Actor.staff(request.user)
