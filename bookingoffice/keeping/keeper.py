"""The role that keeps: row-level security binds the owner of the tables too, so somebody else must see every row."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connections

from bookingoffice.database import addresses
from bookingoffice.database.server.folder import DataFolder
from bookingoffice.env import Environment
from bookingoffice.keeping.refusals import Refused

Link = psycopg.Connection[tuple[object, ...]]
LONGEST_NAME = 48
"""Of a database, in bytes, so that the names of those beside it fit into PostgreSQL's 63."""

POWERS = """
SELECT rolname, rolsuper OR rolbypassrls, rolsuper OR rolcreatedb,
    pg_has_role(oid, %(owner)s, 'SET') AND pg_has_role(oid, %(owner)s, 'USAGE'),
    rolsuper OR pg_has_role(oid, 'pg_signal_backend', 'USAGE')
FROM pg_roles WHERE rolname = current_user
"""


@dataclass(frozen=True)
class Keeper:
    """`parts` are libpq's words for the address; `owner` and `serving` the two roles of the database."""

    parts: dict[str, str]
    database: str
    owner: str
    serving: str

    @classmethod
    def here(cls) -> Keeper:
        """Of the database that the settings name. Refuses a role that could not do it, before anything is done."""
        folder: DataFolder = settings.DATA
        names = {alias: connections[alias].settings_dict for alias in ("default", "owner")}
        parts = addresses.keeper(Environment(), folder.socket_folder())
        keeper = cls(parts, names["owner"]["NAME"], names["owner"]["USER"], names["default"]["USER"])
        if len(keeper.database.encode()) > LONGEST_NAME:
            raise Refused(f"The database's name {keeper.database!r} is longer than {LONGEST_NAME} bytes.")
        keeper.refuse_weak_role()
        return keeper

    def link(self, database: str = "postgres") -> Link:
        """Every statement a transaction of its own."""
        return psycopg.connect(**{**self.parts, "dbname": database}, autocommit=True)  # type: ignore[arg-type]

    def refuse_weak_role(self) -> None:
        try:
            with closing(self.link(self.database)) as link:
                found = link.execute(POWERS, {"owner": self.owner}).fetchone()
        except psycopg.OperationalError as error:
            raise Refused(f"The database does not answer: {str(error).strip()}") from error
        assert found is not None
        role, *powers = found
        if not all(powers):
            raise Refused(
                f'The role "{role}" cannot keep backups: row-level security hides rows from it, or it may not make'
                f" databases. As a superuser: CREATE ROLE bookingoffice_keeper LOGIN PASSWORD '…' BYPASSRLS CREATEDB;"
                f' GRANT pg_signal_backend, "{self.owner}" TO bookingoffice_keeper; then name it in {addresses.KEEPER_VARIABLE}.'
            )
