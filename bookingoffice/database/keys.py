"""Keys that carry the organization: the composite primary and foreign keys, and how Django's joins follow them.

Django keeps `id` as its primary key, so relations and the admin work; the database's keys are the constraints here, under
the names PostgreSQL would give them in a one-column schema, because clients see those names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import Col
from django.db.models.lookups import Exact

from bookingoffice.database.constraints import DatabaseConstraint


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A key between two tables of one organization: every join, filter and prefetch over it names the organization too."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_constraint", False)
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> Any:
        if alias is None:
            return None
        here = self.model._meta.get_field("organization")
        there = self.remote_field.model._meta.get_field("organization")
        return Exact(Col(alias, here), Col(related_alias, there))  # type: ignore[arg-type]

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        return {"organization_id": instance.organization_id}  # type: ignore[attr-defined]


class TenantPrimaryKey(DatabaseConstraint):
    """Replaces Django's `<table>_pkey` on `id` by one of the same name that begins with the organization."""

    def __init__(self, *, name: str, fields: Sequence[str] = ("organization", "id")) -> None:
        super().__init__(name=name)
        self.fields = tuple(fields)

    def sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        columns = ", ".join(f'"{model._meta.get_field(field).column}"' for field in self.fields)  # type: ignore[union-attr]
        return f'DROP CONSTRAINT IF EXISTS "{self.name}", ADD CONSTRAINT "{self.name}" PRIMARY KEY ({columns})'

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "fields": self.fields}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TenantPrimaryKey) and (self.name, self.fields) == (other.name, other.fields)

    def __hash__(self) -> int:
        return hash((self.name, self.fields))


class Reference(DatabaseConstraint):
    """The database's foreign key behind one Django field: composite towards tenant tables, plain towards global ones."""

    def __init__(self, *, name: str, field: str, cascade: bool = False) -> None:
        super().__init__(name=name)
        self.field = field
        self.cascade = cascade

    def sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        field: Any = model._meta.get_field(self.field)
        target = field.remote_field.model
        composite = isinstance(field, TenantForeignKey)
        here = f'"organization_id", "{field.column}"' if composite else f'"{field.column}"'
        there = '"organization_id", "id"' if composite else f'"{target._meta.pk.column}"'
        action = "CASCADE" if self.cascade else "NO ACTION"
        return (
            f'ADD CONSTRAINT "{self.name}" FOREIGN KEY ({here}) REFERENCES "{target._meta.db_table}" ({there})'
            f" ON DELETE {action} NOT DEFERRABLE"
        )

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field, "cascade": self.cascade}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reference):
            return False
        return (self.name, self.field, self.cascade) == (other.name, other.field, other.cascade)

    def __hash__(self) -> int:
        return hash((self.name, self.field, self.cascade))
