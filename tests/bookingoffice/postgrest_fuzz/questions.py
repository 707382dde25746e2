"""A question about our tables as data, and the query string that asks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bookingoffice.postgrest.relationships import Relationship
from tests.bookingoffice.postgrest_fuzz.asking import Parameters


@dataclass(frozen=True)
class Test:
    """`column=[not.]operator.value`; a value is None, a boolean, a number, a text, or a list of these for `in`."""

    column: str
    operator: str
    value: Any
    negated: bool = False

    def text(self, *, nested: bool) -> str:
        value = (
            f"({','.join(_quoted(_word(each)) for each in self.value)})" if self.operator == "in" else _word(self.value)
        )
        if nested and self.operator not in ("in", "is"):
            value = _quoted(value)
        return f"{'not.' if self.negated else ''}{self.operator}.{value}"


@dataclass(frozen=True)
class Group:
    connective: Literal["and", "or"]
    members: tuple[Condition, ...]
    negated: bool = False

    @property
    def key(self) -> str:
        return f"{'not.' if self.negated else ''}{self.connective}"

    def members_text(self) -> str:
        return f"({','.join(_member(member) for member in self.members)})"


Condition = Test | Group


@dataclass(frozen=True)
class Term:
    """One column to order by; `relation` names a to-one child whose column it is."""

    column: str
    descending: bool = False
    nulls: Literal["nullsfirst", "nullslast"] | None = None
    relation: str | None = None

    def __str__(self) -> str:
        column = f"{self.relation}({self.column})" if self.relation else self.column
        return ".".join([column, "desc" if self.descending else "asc", *([self.nulls] if self.nulls else [])])


@dataclass(frozen=True)
class Output:
    """A plain column under a key."""

    key: str
    column: str

    def __str__(self) -> str:
        return self.column if self.key == self.column else f"{self.key}:{self.column}"


@dataclass(frozen=True, eq=False)
class Child:
    """`word` is what stands before the brackets, with hint and join; `name` what later keys call it, `target` would do too."""

    name: str
    target: str
    word: str
    relationship: Relationship
    level: Level
    inner: bool = False
    spread: bool = False

    def __str__(self) -> str:
        return f"{self.word}({self.level.select})"


@dataclass(frozen=True, repr=False)
class Level:
    outputs: tuple[Output, ...]
    children: tuple[Child, ...] = ()
    conditions: tuple[Condition, ...] = ()
    order: tuple[Term, ...] = ()
    limit: int | None = None
    offset: int = 0
    present: tuple[tuple[str, bool], ...] = field(default=())  # children that must, or must not, have a match

    def __repr__(self) -> str:
        return "&".join(f"{key}={value}" for key, value in parameters(self))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For hypothesis, which would print every field."""
        printer.text(repr(self))

    @property
    def select(self) -> str:
        return ",".join(str(item) for item in (*self.outputs, *self.children))


def parameters(level: Level) -> Parameters:
    return [("select", level.select), *_parameters(level, "")]


def _parameters(level: Level, path: str) -> Iterator[tuple[str, str]]:
    for condition in level.conditions:
        if isinstance(condition, Test):
            yield f"{path}{condition.column}", condition.text(nested=False)
        else:
            yield f"{path}{condition.key}", condition.members_text()
    for name, wanted in level.present:
        yield f"{path}{name}", "not.is.null" if wanted else "is.null"
    if level.order:
        yield f"{path}order", ",".join(map(str, level.order))
    if level.limit is not None:
        yield f"{path}limit", str(level.limit)
    if level.offset:
        yield f"{path}offset", str(level.offset)
    for child in level.children:
        yield from _parameters(child.level, f"{path}{child.name}.")


def _member(condition: Condition) -> str:
    if isinstance(condition, Test):
        return f"{condition.column}.{condition.text(nested=True)}"
    return f"{condition.key}{condition.members_text()}"


def _word(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
