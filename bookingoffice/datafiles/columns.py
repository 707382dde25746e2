"""What a file's columns are: their names, their PostgreSQL types, and whether a cell may say “nothing”."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models


@dataclass(frozen=True, slots=True)
class Column:
    """`nullable`: an empty cell is kept as null; otherwise it leaves the value as it is, or at its default."""

    name: str
    type: str
    nullable: bool = True
    choices: tuple[str, ...] = ()
    end_of_day: bool = False
    """A bare date means the end of that day where the organization is."""

    @property
    def is_list(self) -> bool:
        return self.type.endswith("[]")

    @property
    def is_free_text(self) -> bool:
        """Anybody's words, which a spreadsheet may take for a formula."""
        return self.type == "text" and not self.choices

    @property
    def unlimited(self) -> str:
        """The type, of a number without its limits: those are a rule's to judge, not to round."""
        return self.type.partition("(")[0]

    @property
    def element(self) -> str:
        """The same without brackets."""
        return self.unlimited.removesuffix("[]")


def columns_of(
    model: type[models.Model], names: Iterable[str], *, end_of_day: Iterable[str] = ()
) -> tuple[Column, ...]:
    """The named columns as the model declares them."""
    fields: dict[str, Any] = {field.column: field for field in model._meta.concrete_fields}
    return tuple(_column(fields[name], name in set(end_of_day)) for name in names)


def _column(field: Any, end_of_day: bool) -> Column:
    choices = tuple(str(value) for value, _ in field.choices or ())
    return Column(field.column, str(field.db_type(connection)), field.null, choices, end_of_day)
