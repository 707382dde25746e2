"""Where the database is: Django's connection settings from an address or from a socket's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bookingoffice.database.server.cluster import SUPERUSER
from bookingoffice.env import Environment, OddSetting

OWNER_ROLE = "bookingoffice_owner"
SERVING_ROLE = "bookingoffice"
DATABASE_NAME = "bookingoffice"
ENGINE = "bookingoffice.database.backend"

SERVING_VARIABLE = "DATABASE_URL"
OWNER_VARIABLE = "DATABASE_OWNER_URL"
KEEPER_VARIABLE = "DATABASE_KEEPER_URL"


def external(environment: Environment) -> bool:
    """Whether a server of the operator's is named, so that none of ours is started."""
    return bool(environment.text(SERVING_VARIABLE))


def connections(environment: Environment, socket_folder: Path) -> dict[str, dict[str, Any]]:
    """The two doors to one database: `default` serves, `owner` migrates. The embedded one unless addresses are given."""
    if not external(environment):
        return {
            "default": _alias({"host": str(socket_folder), "user": SERVING_ROLE, "dbname": DATABASE_NAME}),
            "owner": _alias({"host": str(socket_folder), "user": OWNER_ROLE, "dbname": DATABASE_NAME}),
        }
    if not environment.text(OWNER_VARIABLE):
        raise OddSetting(
            OWNER_VARIABLE, "", f"the address of the role that owns the tables, as {SERVING_VARIABLE} is given"
        )
    return {
        "default": _alias(_parts(environment, SERVING_VARIABLE)),
        "owner": _alias(_parts(environment, OWNER_VARIABLE)),
    }


def keeper(environment: Environment, socket_folder: Path) -> dict[str, str]:
    """For backups alone, in libpq's words: the embedded server's superuser, or the role that the operator named for it."""
    if not external(environment):
        return {"host": str(socket_folder), "user": SUPERUSER, "dbname": DATABASE_NAME}
    return _parts(environment, KEEPER_VARIABLE if environment.text(KEEPER_VARIABLE) else OWNER_VARIABLE)


def _parts(environment: Environment, variable: str) -> dict[str, str]:
    """Parsed by libpq's own rules. The value itself may hold a password and is not repeated in the refusal."""
    expected = "an address such as postgresql://role:password@host:5432/database"
    address = environment.text(variable)
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(address).items()}
    except psycopg.ProgrammingError:
        raise OddSetting(variable, "…", expected) from None
    if not address.startswith(("postgresql://", "postgres://")) or not {"user", "dbname"} <= parts.keys():
        raise OddSetting(variable, "…", expected)
    return parts


def _alias(parts: dict[str, str]) -> dict[str, Any]:
    rest = {key: value for key, value in parts.items() if key not in {"dbname", "user", "password", "host", "port"}}
    # Told at connection time, so that Django need not ask for the time zone in a round trip of its own.
    rest["options"] = f"{rest.get('options', '')} -c TimeZone=UTC".strip()
    return {
        "ENGINE": ENGINE,
        "NAME": parts["dbname"],
        "USER": parts["user"],
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**rest, "server_side_binding": False},
    }
