"""Rows that need no closer look, thousands in one statement each. All others go through the service, which tells what is wrong.

A subject says in SQL which rows those are; for them PostgreSQL computes what the service would, and a test holds the two
together. What the database refuses is no matter here: the whole portion is then given to the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

NEVER: Final = "false"
NUMBER: Final = "(typed.place - %(first)s)"
"""Of a row in its portion, from 0."""


@dataclass(frozen=True)
class Bulk:
    """SQL over `typed`, the file's columns with their types, and over the table's own name for what is kept.

    `plain` is true of a new row that the service would keep as it stands, `changeable` of such a change. `made` and `changed`
    say how columns come about that are not simply the cell. A change in one of the columns `apart` is for the service. Where a
    file gives one of the columns `names`, only the table itself knows whether another row has it.
    """

    label: str = "id"
    plain: str = NEVER
    changeable: str = NEVER
    made: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset({"id"})
