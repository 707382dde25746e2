"""Who names a row of another room where no foreign key can: the room that holds the names says so, the room that deletes asks."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.utils.translation import gettext as _

from bookingoffice.errors import RuleViolation

Namers = Callable[[UUID, Collection[UUID]], list[str]]
"""Takes an organization and ids of rows to be deleted; answers, in words, who names them."""

_namers: dict[str, list[Namers]] = {}


def names(table: str, namers: Namers) -> None:
    """Declares that rows of `table` may be named by what `namers` answers."""
    _namers.setdefault(table, []).append(namers)


def refuse_while_named(table: str, organization_id: UUID, ids: Collection[UUID]) -> None:
    """Raises `still_named` with the names in its sentence."""
    found = [name for namers in _namers.get(table, []) for name in namers(organization_id, ids)]
    if found:
        raise RuleViolation(
            "still_named",
            _("Still named by %(found)s.") % {"found": ", ".join(found[:10])},
            hint=_("Take it out there first."),
        )
