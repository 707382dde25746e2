"""Constraints that only the database judges; Django learns of one when a save is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table


class DatabaseConstraint(models.BaseConstraint):
    def sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        raise NotImplementedError

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Never inside CREATE TABLE: Django's own primary key must be there before it can be replaced."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return Statement(f"ALTER TABLE %(table)s {self.sql(model, schema_editor)}", table=table)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return Statement(f'ALTER TABLE %(table)s DROP CONSTRAINT "{self.name}"', table=table)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        return None


class SqlCheck(DatabaseConstraint):
    """A CHECK in SQL, for conditions over our own functions."""

    def __init__(self, *, name: str, condition: str) -> None:
        super().__init__(name=name)
        self.condition = condition

    def sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        return f'ADD CONSTRAINT "{self.name}" CHECK ({self.condition})'.replace("%", "%%")

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "condition": self.condition}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SqlCheck) and (self.name, self.condition) == (other.name, other.condition)

    def __hash__(self) -> int:
        return hash((self.name, self.condition))
