"""What a backup says of itself."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.migrations.loader import MigrationLoader

from bookingoffice.database.server.folder import PROJECT
from bookingoffice.keeping.counting import Contents
from bookingoffice.keeping.refusals import Damaged, Refused

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """`postgresql` is the major version it was made on; `key_print` tells whether a SECRET_KEY is the one of that day."""

    format: int
    made_at: str
    release: str
    postgresql: int
    owner: str
    serving: str
    migrations: list[str]
    tables: Contents
    rules: str
    key_print: str

    def text(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def read(cls, text: bytes) -> Manifest:
        try:
            said = json.loads(text)
            if isinstance(said, dict) and isinstance(said.get("format"), int) and said["format"] > FORMAT:
                raise Refused("The backup was made by a newer release: install that one, and restore with it.")
            tables = {table: (int(rows), str(content)) for table, (rows, content) in said.pop("tables").items()}
            return cls(tables=tables, **said)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Damaged("The backup's description of itself cannot be read.") from error

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    def refuse_newer(self) -> None:
        """A migration that this release does not bring would leave a database that this release does not know."""
        unknown = sorted(set(self.migrations) - known_migrations())
        if unknown:
            raise Refused(
                f"The backup was made by release {self.release}, which is newer than this one ({release()}):"
                f" it has {len(unknown)} migrations that are not known here, such as {unknown[0]}."
                " Install that release, and restore with it."
            )


def known_migrations() -> set[str]:
    return {".".join(key) for key in MigrationLoader(None).disk_migrations or {}}


def release() -> str:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    return str(project["project"]["version"])
