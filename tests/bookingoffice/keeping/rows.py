"""Everything that is in a database, above row-level security, read by other means than a backup's own."""

from __future__ import annotations

from psycopg import sql

from bookingoffice.database.server.bootstrap import superuser
from bookingoffice.database.server.folder import DataFolder
from tests.cluster import FOLDER

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def everything(database: str, folder: DataFolder = FOLDER) -> dict[str, list[tuple[object, ...]]]:
    with superuser(folder.socket_folder(), database) as link:
        names = [str(name) for (name,) in link.execute(TABLES).fetchall()]
        rows = {
            name: link.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall() for name in names
        }
    return {name: sorted(found, key=repr) for name, found in rows.items()}
