"""An index built anew while everybody goes on reading and writing."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import NotInTransactionMixin
from django.db import models
from django.db.migrations.operations.base import Operation
from django.db.transaction import atomic


class ReplaceIndex(NotInTransactionMixin, Operation):
    """Another definition under the same name: built beside the old one, which serves until the new one is whole.

    What a try left behind that ended early is cleared away by the next, so the migration may come again.
    """

    atomic = False

    def __init__(self, model_name: str, index: models.Index) -> None:
        self.model_name = model_name
        self.index = index

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.remove_index(app_label, self.model_name, self.index.name)
        state.add_index(app_label, self.model_name, self.index)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._ensure_not_in_transaction(schema_editor)
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            found = to_state.models[app_label, self.model_name].get_index_by_name(self.index.name)
            _replace(schema_editor, model, found)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Build index {self.index.name} of {self.model_name} anew"


def _replace(schema_editor: Any, model: type[models.Model], index: models.Index) -> None:
    """The names change hands at once, and the old index goes last: whenever this ends early, there is a whole one."""
    building, leaving = _named(index, f"{index.name}_new"), _named(index, f"{index.name}_old")
    for left in (building, leaving):
        schema_editor.remove_index(model, left, concurrently=True)
    schema_editor.add_index(model, building, concurrently=True)
    with atomic(schema_editor.connection.alias):
        _rename(schema_editor, index, leaving)
        _rename(schema_editor, building, index)
    schema_editor.remove_index(model, leaving, concurrently=True)


def _named(index: models.Index, name: str) -> models.Index:
    copy = index.clone()
    copy.name = name
    return copy


def _rename(schema_editor: Any, index: models.Index, other: models.Index) -> None:
    old, new = map(schema_editor.quote_name, (index.name, other.name))
    schema_editor.execute(f"ALTER INDEX IF EXISTS {old} RENAME TO {new}")
