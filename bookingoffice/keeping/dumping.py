"""Everything of one moment into a draft: one snapshot is counted and dumped, while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils.crypto import salted_hmac

from bookingoffice.database.server.folder import DataFolder
from bookingoffice.keeping import counting
from bookingoffice.keeping.archive import DUMP, KEY, MANIFEST, PORTION, Draft, Told, untold
from bookingoffice.keeping.keeper import Keeper, Link
from bookingoffice.keeping.manifest import FORMAT, Manifest, release
from bookingoffice.keeping.programs import running
from bookingoffice.keeping.refusals import Refused

# An operator's own extensions and publications are made by superusers, and are no part of ours.
OURS_ALONE = ("--exclude-extension=*", "--no-publications", "--no-subscriptions")
MIGRATIONS = "SELECT format('%s.%s', app, name) FROM public.django_migrations ORDER BY id"


def dump_into(draft: Draft, keeper: Keeper, moment: datetime, told: Told = untold) -> Manifest:
    try:
        with _snapshot(keeper) as (link, snapshot):
            manifest = _described(keeper, link, moment)
            draft.add(DUMP, _dumped(keeper, snapshot, told))
    except psycopg.Error as error:
        raise Refused(f"The database failed meanwhile: {str(error).strip()} No backup was made.") from error
    if key := kept_secret_key():
        draft.add(KEY, [key.encode()])
    draft.add(MANIFEST, [manifest.text()])
    draft.finish()
    return manifest


@contextmanager
def _snapshot(keeper: Keeper) -> Iterator[tuple[Link, str]]:
    with closing(keeper.link(keeper.database)) as link, link.transaction():
        link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        link.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        row = link.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield link, str(row[0])


def _described(keeper: Keeper, link: Link, moment: datetime) -> Manifest:
    found = link.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone()
    if found != (True,):
        raise Refused("There is nothing to keep yet: the database has no tables.")
    return Manifest(
        format=FORMAT,
        made_at=moment.astimezone(UTC).isoformat(),
        release=release(),
        postgresql=link.info.server_version // 10_000,
        owner=keeper.owner,
        serving=keeper.serving,
        migrations=[str(name) for (name,) in link.execute(MIGRATIONS).fetchall()],
        tables=counting.contents(link),
        rules=counting.rules(link),
        key_print=key_print(settings.SECRET_KEY),
    )


def _dumped(keeper: Keeper, snapshot: str, told: Told) -> Iterator[bytes]:
    words = ("--format=custom", f"--snapshot={snapshot}", "--lock-wait-timeout=60s", *OURS_ALONE)
    with running("pg_dump", keeper, keeper.database, *words) as process:
        assert process.stdout is not None
        while portion := process.stdout.read(PORTION):
            told(len(portion))
            yield portion


def kept_secret_key() -> str:
    """The data folder's own. One that the environment gives is kept where the environment comes from."""
    folder: DataFolder = settings.DATA
    kept: Path = folder.path / KEY
    key = kept.read_text().strip() if kept.exists() else ""
    return key if key == settings.SECRET_KEY else ""


def key_print(key: str) -> str:
    return salted_hmac("bookingoffice.keeping", "print", secret=key, algorithm="sha256").hexdigest()[:24]
