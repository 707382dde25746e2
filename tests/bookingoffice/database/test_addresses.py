"""Where the database is: the embedded socket, or what two addresses say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bookingoffice.database.addresses import connections
from bookingoffice.env import Environment, OddSetting

SOCKETS = Path("/srv/office/cluster")
SERVING = "postgresql://bookingoffice:s3cret@db.example:5433/office?sslmode=require"
OWNER = "postgresql://bookingoffice_owner:other@db.example:5433/office"


def test_without_an_address_both_doors_are_the_embedded_servers() -> None:
    doors = connections(Environment({}), SOCKETS)

    assert {alias: (door["HOST"], door["USER"], door["NAME"]) for alias, door in doors.items()} == {
        "default": (str(SOCKETS), "bookingoffice", "bookingoffice"),
        "owner": (str(SOCKETS), "bookingoffice_owner", "bookingoffice"),
    }


def test_addresses_are_read_whole() -> None:
    door = connections(Environment({"DATABASE_URL": SERVING, "DATABASE_OWNER_URL": OWNER}), SOCKETS)["default"]

    assert (door["HOST"], door["PORT"], door["USER"], door["PASSWORD"]) == (
        "db.example",
        "5433",
        "bookingoffice",
        "s3cret",
    )
    assert door["OPTIONS"] == {"sslmode": "require", "options": "-c TimeZone=UTC", "server_side_binding": False}


def test_one_address_without_the_other_is_refused() -> None:
    with pytest.raises(OddSetting, match=r"^DATABASE_OWNER_URL="):
        connections(Environment({"DATABASE_URL": SERVING}), SOCKETS)


@pytest.mark.parametrize(
    "odd", ["mysql://a:s3cret@h/d", "postgresql://u:s3cret@h", "postgresql://h/d", "postgresql://[s3cret"]
)
def test_an_odd_address_is_refused_without_being_repeated(odd: str) -> None:
    with pytest.raises(OddSetting, match=r"^DATABASE_URL=") as refusal:
        connections(Environment({"DATABASE_URL": odd, "DATABASE_OWNER_URL": OWNER}), SOCKETS)

    assert "s3cret" not in str(refusal.value)
