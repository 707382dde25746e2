"""What a request of the row grammar says, as frozen data: made by `grammar`, read by `compiler`, aware of neither.

Names stand as they were written; whether a table, column or relationship of that name exists is the compiler's question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Quantifier = Literal["any", "all"]
Direction = Literal["asc", "desc"]
Nulls = Literal["nullsfirst", "nullslast"]


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow of a JSON path; an int is an array index and may be negative."""

    operator: Literal["->", "->>"]
    key: str | int


@dataclass(frozen=True, slots=True)
class Field:
    column: str
    path: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Everything:
    """`*`: the resource's columns in their declared order."""


@dataclass(frozen=True, slots=True)
class Column:
    """`[alias:]field[::cast]`, or with an aggregate `[alias:]field[::cast].fn()[::result_cast]`."""

    field: Field
    alias: str | None = None
    cast: str | None = None
    aggregate: str | None = None
    result_cast: str | None = None


@dataclass(frozen=True, slots=True)
class CountRows:
    """`count()`, and a bare `count` where the table has no such column (`bare`)."""

    alias: str | None = None
    result_cast: str | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Embed:
    """`[alias:]target[!hint][!inner|!left](…)`, or `...target(…)`; `level.items` is empty for `target()`."""

    target: str
    level: Level
    alias: str | None = None
    hint: str | None = None
    join: Literal["inner", "left"] | None = None
    spread: bool = False

    @property
    def name(self) -> str:
        """The word that later keys (`name.order`, `name=is.null`) may use, and the key of the answer."""
        return self.alias or self.target


Item = Everything | Column | CountRows | Embed


@dataclass(frozen=True, slots=True)
class Compare:
    """`field=[not.]operator[(any|all)].value`; the value is text that PostgreSQL will type."""

    field: Field
    operator: str
    value: str
    negated: bool = False
    quantifier: Quantifier | None = None


@dataclass(frozen=True, slots=True)
class In:
    field: Field
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    """`is.null`, `is.true` and so on, lower case; `not_null` stands as `null` with `negated` turned."""

    field: Field
    value: Literal["null", "true", "false", "unknown"]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """Full-text search: `fts plfts phfts wfts`, with an optional configuration."""

    field: Field
    operator: Literal["fts", "plfts", "phfts", "wfts"]
    query: str
    configuration: str | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """`and=(…)`, `or=(…)`, also nested and negated."""

    connective: Literal["and", "or"]
    members: tuple[Condition, ...]
    negated: bool = False


Condition = Compare | In | Is | Search | Group


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """`field[.asc|.desc][.nullsfirst|.nullslast]`, or `relation(field)…` for a to-one embed."""

    field: Field
    direction: Direction | None = None
    nulls: Nulls | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One table's part of a request: the root, or the inside of one embed."""

    items: tuple[Item, ...] = ()
    conditions: tuple[Condition, ...] = ()
    order: tuple[OrderTerm, ...] = ()
    limit: int | None = None
    offset: int | None = None

    @property
    def embeds(self) -> Iterator[Embed]:
        return (item for item in self.items if isinstance(item, Embed))


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query string. `columns` and `on_conflict` are None where absent."""

    root: Level
    columns: tuple[str, ...] | None = None
    on_conflict: tuple[str, ...] | None = None
