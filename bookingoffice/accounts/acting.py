"""From a caller of the API to the organization it works for and the actor that history names."""

from __future__ import annotations

from bookingoffice.accounts.models import ApiKey, Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.postgrest.callers import Caller


def organization_of(caller: Caller) -> Organization:
    return Organization.objects.get(pk=caller.organization_id)


def actor_of(caller: Caller) -> Actor:
    """Named by the key's label and first characters, which stay readable after it is revoked."""
    key = ApiKey.objects.of(caller.organization_id).filter(pk=caller.api_key_id).first()
    return Actor.key(caller.api_key_id, str(key) if key else "")
