"""Writes of a resource that has rules: its service changes the rows, the engine finds them before and shows them after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.compiler.conflicts import refuse_unruled
from bookingoffice.postgrest.compiler.defaults import compile_defaults
from bookingoffice.postgrest.compiler.writes import Nothing, ShowKeys
from bookingoffice.postgrest.execution import Outcome, run
from bookingoffice.postgrest.resources import Column, Conflict, Key, Row, RowService
from bookingoffice.postgrest.views.acts import Act, Work


class ServedAct(Act):
    """As many statements as the service needs, all in the one transaction."""

    @property
    def service(self) -> RowService:
        assert self.resource.service is not None
        return self.resource.service

    def inserting(self, columns: tuple[Column, ...], conflict: Conflict | None) -> Work:
        if conflict:
            refuse_unruled(self.resource, conflict.target)
        return lambda: self._insert(self.ask.body.rows, columns, conflict)

    def putting(self, columns: tuple[Column, ...], key: dict[str, str]) -> Work:
        rows = [row for row in self.ask.body.rows if _carries(row, key)]
        if len(rows) != 1:
            raise errors.mismatched_put()
        return lambda: self._insert(rows, columns, Conflict(self.resource.primary_key, merge=True))

    def updating(self, columns: tuple[Column, ...]) -> Work:
        return lambda: self._update(columns)

    def deleting(self) -> Work:
        return self._delete

    def _insert(self, rows: Sequence[Row], columns: tuple[Column, ...], conflict: Conflict | None) -> Outcome:
        """A merge may meet a row that is there, and what was not sent takes its default there too."""
        names = [column.name for column in columns]
        if conflict and conflict.merge:
            rows = self._completed(rows, columns)
        keys = self.service.insert(self.ask.caller, rows, columns=names, conflict=conflict, defaults=self.defaults)
        with self.refusing():
            return self._told(keys, last=self.ask.method == "POST" and not self.ask.singular)

    @property
    def _tells_nothing(self) -> bool:
        """Whether the rows need not be looked at again: nobody asked, and the service has put nothing off."""
        asked = self.ask.preferences.returning
        unasked = asked == "minimal" or (asked is None and self.ask.method != "POST")
        return unasked and not hasattr(self.service, "refusing")

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """What a service put off leaves with the statement that shows the rows, and is refused there in the service's words."""
        refusing = getattr(self.service, "refusing", nullcontext)
        with refusing():
            yield

    def _update(self, columns: tuple[Column, ...]) -> Outcome:
        keys, tied = self.found()
        if not keys:
            return self._shown(keys)
        changes = self._changes(columns)
        changed = self.service.update(self.ask.caller, keys, changes) if changes else keys
        return self._told(changed, tied)

    def _changes(self, columns: Sequence[Column]) -> dict[str, Any]:
        [row] = self._completed(self.ask.body.rows[:1], columns)
        return {column.name: row.get(column.name) for column in columns if column.name in row or not self.defaults}

    def _completed(self, rows: Sequence[Row], columns: Sequence[Column]) -> Sequence[Row]:
        """With `missing=default` every row with all columns, but for the owner, which is the caller's to say."""
        others = [column for column in columns if column.name != self.resource.tenant_column]
        absent = [column for column in others if any(column.name not in row for row in rows)]
        if not (self.defaults and absent):
            return rows
        made = run(compile_defaults(absent, len(rows)), self.ask.caller.organization_id, ())
        nulls = dict.fromkeys(column.name for column in absent)
        return [{**nulls, **defaults, **row} for defaults, row in zip(json.loads(made[0] or b""), rows, strict=True)]

    def _delete(self) -> Outcome:
        """The rows are shown as they were."""
        keys, tied = self.found()
        outcome = self._shown(keys, tied)
        if keys:
            self.service.delete(self.ask.caller, keys)
        return outcome

    def _told(self, keys: Sequence[Key], tied: int = 0, *, last: bool = False) -> Outcome:
        """Of rows that were written; `last` as in `_shown`."""
        if not self._tells_nothing:
            return self._shown(keys, tied, last=last)
        self.compiled(Nothing())  # which judges the select
        return Outcome(b"", 0, len(keys), tied)

    def _shown(self, keys: Sequence[Key], tied: int = 0, *, last: bool = False) -> Outcome:
        """`last` where no outcome can be refused any more, so that the COMMIT may leave with it."""
        names = self.resource.primary_key
        listed = [{"place": place, **dict(zip(names, key, strict=True))} for place, key in enumerate(keys)]
        slot = self.values.slot(json.dumps(listed, default=str))
        outcome = self.outcome(self.compiled(ShowKeys(slot)), last=last)
        return Outcome(outcome.body, outcome.rows, len(keys), tied, outcome.key)


def _carries(row: Row, key: Mapping[str, str]) -> bool:
    return all(str(row.get(column)).lower() == value.lower() for column, value in key.items())
