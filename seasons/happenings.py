"""What changes of seasons mean to whoever listens. Dates of a single year change the season that they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from psycopg import sql

from bookingoffice.database.rows import execute
from bookingoffice.webhooks.tellers import Change, Happening, Image, Listening, Teller, made_changed_or_gone, read_json
from seasons.api.bookingmood.resources import RESOURCES

NOW = sql.SQL(
    "SELECT id, to_jsonb(seasons)::text FROM seasons WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)"
)


def meaning(listening: Listening, changes: Sequence[Change]) -> Iterator[Happening]:
    seasons = _seasons(listening, [change for change in changes if change.table == "season_years"])
    for change in changes:
        if change.table == "seasons":
            yield made_changed_or_gone(change, change.row_id)
        elif image := seasons.get(change.either["season_id"]):
            subject = UUID(str(change.either["season_id"]))
            yield Happening("seasons.updated", change.moment, subject, str(change.entry), "seasons", image, image)


def _seasons(listening: Listening, changes: Sequence[Change]) -> dict[Any, Image]:
    """As they stand; years that went with their season have none."""
    ids = list({UUID(change.either["season_id"]) for change in changes})
    if not ids:
        return {}
    return {
        str(row_id): read_json(image)
        for row_id, image in execute(NOW, organization_id=listening.organization.pk, ids=ids)
    }


TELLER = Teller(meaning=meaning, shown=RESOURCES, also_reads=("season_years",))
