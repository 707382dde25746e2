"""Organizations and keys by what an operator types. Each search visits one organization a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from bookingoffice.accounts.models import ApiKey, Organization, digest_of
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation

PREFIX_LENGTH = 8


class KeyPlace(NamedTuple):
    organization_id: UUID
    key_id: UUID


def all_organization_ids() -> list[UUID]:
    """Oldest first, deleted ones too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.all_organization_ids()")
        return [organization_id for (organization_id,) in cursor.fetchall()]


def all_organizations() -> Iterator[Organization]:
    for organization_id in all_organization_ids():
        with tenant_scope(organization_id):
            organization = Organization.objects.get(pk=organization_id)
        yield organization


def the_organization(typed: str | None) -> Organization:
    """The named one, or the only one. Refuses `organization_not_found`, `organization_deleted` and `which_organization`."""
    return _only() if typed is None else _named(typed)


def _named(typed: str) -> Organization:
    organization_id = _uuid(typed)
    if organization_id is None:
        raise RuleViolation("organization_not_found", f"{typed!r} is no organization's id, which is a UUID.")
    with tenant_scope(organization_id):
        organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise RuleViolation(
            "organization_not_found", f"There is no organization {typed}.", hint="list_organizations shows them all."
        )
    if organization.deleted_at:
        raise RuleViolation("organization_deleted", f"The organization {typed} was deleted.")
    return organization


def _only() -> Organization:
    present = [organization for organization in all_organizations() if not organization.deleted_at]
    if not present:
        raise RuleViolation(
            "organization_not_found", "There is no organization yet.", hint="Make one with create_organization."
        )
    if len(present) > 1:
        names = ", ".join(f"{organization.pk} ({organization})" for organization in present[:10])
        raise RuleViolation(
            "which_organization", f"There are {len(present)} organizations; name one with --organization: {names}."
        )
    return present[0]


def find_key(typed: str) -> KeyPlace:
    """By the key itself, its id, or its first eight characters. Refuses `key_not_found` and `key_ambiguous`."""
    found = _by_digest(typed.lower()) or _by_id_or_prefix(typed.lower())
    if not found:
        raise RuleViolation("key_not_found", "No API key has this value, this id or these first eight characters.")
    if len(found) > 1:
        ids = ", ".join(str(place.key_id) for place in found)
        raise RuleViolation("key_ambiguous", f"{len(found)} API keys begin like this; name one by its id: {ids}.")
    return found[0]


def _by_digest(token: str) -> list[KeyPlace]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT organization_id, api_key_id FROM public.api_key_caller(%s)", [digest_of(token)])
        return [KeyPlace(*row) for row in cursor.fetchall()]


def _by_id_or_prefix(typed: str) -> list[KeyPlace]:
    key_id = _uuid(typed)
    if key_id is None and len(typed) != PREFIX_LENGTH:
        return []
    wanted: dict[str, object] = {"pk": key_id} if key_id else {"prefix": typed}
    places: list[KeyPlace] = []
    for organization_id in all_organization_ids():
        with tenant_scope(organization_id):
            keys = ApiKey.objects.of(organization_id).filter(**wanted).order_by("pk")
            places += [KeyPlace(organization_id, found) for found in keys.values_list("pk", flat=True)]
    return places


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
