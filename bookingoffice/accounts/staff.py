"""Where a staff user works: asked before an organization is known, so through a function that runs as the owner."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from bookingoffice.accounts.models import Role
from bookingoffice.localized import choose_text


@dataclass(frozen=True, slots=True)
class Membership:
    """One organization and the user's role there: owner, editor or viewer."""

    organization_id: UUID
    role: str
    label: str

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


def memberships(user_id: int) -> list[Membership]:
    """Oldest organization first. A superuser works everywhere as an owner; an inactive user nowhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, role, name::text, default_language FROM public.staff_organizations(%s)", [user_id]
        )
        rows = cursor.fetchall()
    return [
        Membership(organization_id, role, choose_text(json.loads(name), language) or str(organization_id))
        for organization_id, role, name, language in rows
    ]


def chosen(places: Sequence[Membership], wanted: object) -> Membership | None:
    """The wanted organization where the user works there, else the first; None for a user of no organization."""
    return next((place for place in places if str(place.organization_id) == wanted), places[0] if places else None)
