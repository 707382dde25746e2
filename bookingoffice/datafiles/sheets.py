"""What a subject says about its files: the columns, how a row is recognized, how rows are put and how a refusal is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.database.rows import execute
from bookingoffice.datafiles.bulk import Bulk
from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.faults import Faults
from bookingoffice.datafiles.staging import TABLE, Staging

Told = tuple[str, str, str]
"""Column, code and sentence of a fault."""

BY_ID: Final = "CASE WHEN pg_input_is_valid(staged_rows.id, 'uuid') THEN staged_rows.id::uuid END"

BY_STATE: Final[Mapping[str, tuple[str, str]]] = {
    "23502": ("required", gettext_noop("This column needs a value.")),
    "23503": ("not_found", gettext_noop("This names something that the organization does not have.")),
    "23505": ("duplicate", gettext_noop("There is such a row already.")),
    "23514": ("not_allowed", gettext_noop("These values do not go together.")),
}
"""How a refusal of the database is told where the subject knows nothing better, by SQLSTATE."""


class Sheet:
    """One table as a file. Subclasses say the nouns, the model and the columns, and how rows are put."""

    noun: str
    plural: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    expressions: Mapping[str, str] = {}
    """SQL of columns that are not the table's own, over the table's name and %(organization_id)s."""
    keys: Mapping[str, str] = {}
    """SQL over a file's cells of what rows are recognized by, computed once."""
    bulk: Bulk = Bulk()
    """Which rows need not go through `put`."""
    constraints: Mapping[str, Told] = {}
    """How a broken constraint is told. Engines may put a number behind a name, so beginnings count."""

    def recognize(self, staging: Staging, organization: Organization, faults: Faults) -> set[int]:
        """Sets the targets of rows the organization has. Answers the places of rows that were told to be at fault."""
        self.set_targets(staging, organization)
        sentence = _("The same %(noun)s stands on line {line}.") % {"noun": _(self.noun)}
        key = sql.SQL(f"coalesce(staged_rows.target, {BY_ID})")
        return staging.find_repeated(key, "", f"duplicate_{self.noun}", sentence, faults)

    def set_targets(self, staging: Staging, organization: Organization) -> None:
        """By id; a subject may know other ways."""
        if "id" in staging.given:
            self.aim(BY_ID, "id", organization)

    def aim(self, key: str, column: str, organization: Organization, condition: str = "true") -> None:
        """Rows without a target whose key is the table's column get that row's id as their target."""
        statement = sql.SQL(
            "UPDATE {staged} AS staged_rows SET target = kept.id FROM {table} AS kept"
            " WHERE staged_rows.target IS NULL AND kept.organization_id = %(organization_id)s AND kept.{column} = {key}"
            " AND {condition}"
        ).format(
            staged=TABLE,
            table=sql.Identifier(self.model._meta.db_table),
            column=sql.Identifier(column),
            key=sql.SQL(key),
            condition=sql.SQL(condition),
        )
        execute(statement, organization_id=organization.pk)

    def put(
        self,
        organization: Organization,
        rows: Sequence[dict[str, Any]],
        *,
        known: Collection[UUID],
        actor: Actor,
        moment: datetime,
    ) -> None:
        """Every row has its `id`; those of `known` are there already. Raises Malformed, RuleViolation or the database's errors."""
        raise NotImplementedError

    def told(self, error: DatabaseError) -> Told:
        """A refusal of the database in the subject's words."""
        diagnosis = getattr(error.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", None) or ""
        for beginning, told in self.constraints.items():
            if name.startswith(beginning):
                column, code, sentence = told
                return column, code, _(sentence)
        code, sentence = BY_STATE.get(
            getattr(diagnosis, "sqlstate", ""), ("not_kept", gettext_noop("The database refused this row."))
        )
        return getattr(diagnosis, "column_name", None) or "", code, _(sentence)
