"""From a caller of the API to the organization it works for and the actor that history names.

Both are remembered with the key, so that a key at work costs a request no look-up.
"""

from __future__ import annotations

from bookingoffice.accounts.authentication import standing_of
from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.witness import kept, word_of
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.resources import Witness


def organization_of(caller: Caller) -> Organization:
    """As it stood when its key was looked up, at most a second before the request; to read, not to change."""
    return standing_of(caller).organization


def actor_of(caller: Caller) -> Actor:
    return standing_of(caller).actor


def watched(table: str) -> Witness:
    """Writes of this table over the row grammar are kept in the history as acts of the caller's key."""
    return Witness(kept(table), lambda caller: word_of(actor_of(caller)))
