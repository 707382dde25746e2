"""A database that is fit, migrated and not empty, before anybody is let in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import OperationalError

from bookingoffice.accounts.models import Organization
from bookingoffice.database import roles
from bookingoffice.database.on_demand import migrate
from bookingoffice.database.server.folder import DataFolder
from bookingoffice.database.server.trouble import ServerTrouble

if TYPE_CHECKING:
    from bookingoffice.demo import DemoCredentials


@contextmanager
def sentences() -> Iterator[None]:
    """A server that does not answer, or that must not be used, ends the start with a sentence."""
    try:
        yield
    except OperationalError as error:
        raise ServerTrouble(f"The database does not answer: {error}".strip()) from error
    except roles.UnfitDatabase as unfit:
        raise ServerTrouble(str(unfit)) from unfit


def make_ready(folder: DataFolder) -> None:
    with sentences():
        roles.refuse_unfit_server()
        migrate(folder)
        roles.refuse_owned_tables()


def organizations(most: int = 5) -> list[Organization]:
    """The oldest first, through the owner's door: the serving role sees none outside a scope."""
    return list(Organization.objects.using("owner").order_by("created_at", "id")[:most])


def first_demo(moment: datetime) -> DemoCredentials:
    from bookingoffice.demo import create_demo  # not needed at any later start

    return create_demo(moment)
