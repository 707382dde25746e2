"""Whose rows a transaction may see: one organization, told to PostgreSQL for this transaction and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast
from uuid import UUID

from django.db import connections, transaction

from bookingoffice.database.backend.base import DatabaseWrapper

_organization: ContextVar[UUID | None] = ContextVar("organization", default=None)


def current_organization_id() -> UUID | None:
    """The organization of the running scope; None outside, where row-level security shows nothing."""
    return _organization.get()


@contextmanager
def tenant_scope(organization_id: UUID, *, using: str = "default") -> Iterator[None]:
    """One transaction that sees one organization. An inner scope of another organization ends with the outer one restored; one of
    the same has nothing to say."""
    connection = cast("DatabaseWrapper", connections[using])
    outermost = not connection.in_atomic_block
    outer = None if outermost else connection.scoped_to
    with transaction.atomic(using=using):
        if outermost:
            connection.ahead = [b"BEGIN", scope_command(organization_id)]
        elif outer != organization_id:
            set_organization(organization_id, using=using)
        connection.scoped_to = organization_id
        token = _organization.set(organization_id)
        try:
            yield
        finally:
            _organization.reset(token)
            connection.scoped_to = outer
        if outer != organization_id and not outermost and connection.in_atomic_block and not connection.needs_rollback:
            set_organization(outer, using=using)


@contextmanager
def nobodys_scope() -> Iterator[None]:
    """For building what is asked for many organizations: managers name none. What PostgreSQL shows does not change."""
    token = _organization.set(None)
    try:
        yield
    finally:
        _organization.reset(token)


def set_organization(organization_id: UUID | None, *, using: str = "default") -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(scope_command(organization_id).decode())


def scope_command(organization_id: UUID | None) -> bytes:
    """A literal SET LOCAL: `set_config` would not reach the workers of a distributed engine. The UUID type is what makes it safe."""
    text = str(UUID(str(organization_id))) if organization_id else ""
    return f"SET LOCAL bookingoffice.organization_id = '{text}'".encode()
