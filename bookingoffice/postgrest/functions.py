"""Functions that are called by name under `/rpc/`: declared by the rooms that have them, run here in the caller's scope."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.resources import NO_REFUSALS, Column, Resource

Arguments = Mapping[str, Any]

TRUE_WORDS = frozenset({"true", "t", "yes", "on", "1"})
MEMBER = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,"]+)')
FALSE_WORDS = frozenset({"false", "f", "no", "off", "0"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """`type` as PostgreSQL spells it; it tells how the text of a query string is read: json, integer, boolean, else text."""

    name: str
    type: str = "text"
    required: bool = False

    def read(self, text: str) -> Any:
        """Raises 22P02 for text that is not of the type."""
        try:
            return self._read(text)
        except (ValueError, RecursionError):
            raise Problem(400, "22P02", f'invalid input syntax for type {self.type}: "{text}"') from None

    def _read(self, text: str) -> Any:
        match self.type:
            case "json" | "jsonb":
                return json.loads(text)
            case "integer" | "bigint" | "smallint":
                return int(text)
            case "boolean":
                return _truth(text.strip().lower())
            case "text[]":
                return json.loads(text) if text.startswith("[") else array_members(text)
            case _:
                return text


def array_members(literal: str) -> list[str]:
    """The members of PostgreSQL's array literal, `{A,"B, C"}`, as clients write a list into an address."""
    if not (literal.startswith("{") and literal.endswith("}")):
        raise ValueError(literal)
    found = MEMBER.findall(literal[1:-1])
    return [re.sub(r"\\(.)", r"\1", quoted) if quoted else bare.strip() for quoted, bare in found]


def _truth(word: str) -> bool:
    if word in TRUE_WORDS | FALSE_WORDS:
        return word in TRUE_WORDS
    raise ValueError(word)


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """`act` answers something JSON can hold; with `returns` it answers rows with these columns, which the query then selects from,
    filters and orders like a table. `status` is that of a POST; 204 has no body. One that writes needs `scope`."""

    name: str
    act: Callable[[Caller, Arguments], Any]
    parameters: tuple[Parameter, ...] = ()
    reads_only: bool = False
    scope: str | None = None
    returns: tuple[Column, ...] | None = None
    status: int = 200
    refusals: Mapping[str, int] = field(default_factory=lambda: NO_REFUSALS)
    description: str = ""
    by_name: Mapping[str, Parameter] = field(init=False)
    rows: Resource = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {parameter.name: parameter for parameter in self.parameters})
        columns = self.returns or ()
        rows = Resource(self.name, columns, primary_key=(), tenant_column=None, refusals=self.refusals)
        object.__setattr__(self, "rows", rows)

    def fits(self, names: set[str]) -> bool:
        """Whether these are arguments it can be called with."""
        required = {parameter.name for parameter in self.parameters if parameter.required}
        return required <= names <= self.by_name.keys()
