"""What a table exposes: its columns in order, its keys, and who writes it. The engine knows tables by these words alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from bookingoffice.postgrest.callers import Caller

Key = tuple[str, ...]
Row = Mapping[str, Any]
Examination = Callable[[Sequence[Row]], None]
Farewell = Callable[[Caller, Sequence[Key]], None]

ALL_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"})
NO_REFUSALS: Mapping[str, int] = MappingProxyType({})

# Stands in a predicate or an expression for the caller's organization.
ORGANIZATION = "{organization_id}"
# Stands in a witness's statement for what it tells of the caller, a parameter of type text.
TELLER = "{teller}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column on the wire; `type` as PostgreSQL spells it.

    `expression` is SQL over the table's own columns and replaces the bare column. `default` is the SQL of the database's default,
    for `missing=default` and the description. `on_insert` and `on_update` are SQL that the engine writes when the column was not
    sent. A hidden column may be filtered, ordered and selected by name, but `*` leaves it out and no body may name it.
    """

    name: str
    type: str
    expression: str | None = None
    default: str | None = None
    on_insert: str | None = None
    on_update: str | None = None
    nullable: bool = True
    generated: bool = False
    writable: bool = True
    hidden: bool = False
    enum: tuple[str, ...] = ()
    description: str = ""

    @property
    def required(self) -> bool:
        """Whether a POST must carry it."""
        return not (self.nullable or self.generated or self.hidden or self.default or self.on_insert)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A key as a one-column schema would have it: `name` is the constraint's, `columns` point at `target`'s `references`."""

    name: str
    columns: tuple[str, ...]
    target: str
    references: tuple[str, ...] = ("id",)
    unique: bool = False


@dataclass(frozen=True, slots=True)
class ConflictTarget:
    """What `on_conflict=<columns>` means in the database: the columns of a unique index, and the predicate of a partial one."""

    columns: frozenset[str]
    physical: tuple[str, ...]
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """An upsert as asked for. `target` are wire columns; `merge` updates the row that is there, else it is left alone."""

    target: tuple[str, ...]
    merge: bool


@dataclass(frozen=True, slots=True)
class Witness:
    """Keeps what a write did, inside the statement that does it.

    `statement` is an INSERT that reads the rows `images` (id, earlier, later): each row touched, before and after, as `to_jsonb`
    tells it. A new row has no earlier image, a deleted one no later. `told_of` is asked once a request.
    """

    statement: str
    told_of: Callable[[Caller], str]


class RowService(Protocol):
    """Writes the rows of a resource that has rules. Each call runs in the engine's transaction and scope; raising undoes all.

    Keys are the values of the primary key on the wire, as text. `insert` answers the keys in input order, ignored duplicates
    left out. `columns` are the ones the request names; `defaults` says that a column absent from a row takes its default.
    """

    def insert(
        self, caller: Caller, rows: Sequence[Row], *, columns: Sequence[str], conflict: Conflict | None, defaults: bool
    ) -> Sequence[Key]: ...

    def update(self, caller: Caller, keys: Sequence[Key], changes: Row) -> Sequence[Key]: ...

    def delete(self, caller: Caller, keys: Sequence[Key]) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One table on the wire. Two resources are the same only if they are the same object.

    `predicate` narrows the rows further, in SQL over the table's own columns. `refusals` gives the status of a RuleViolation's
    code where it is not 409. `examine` looks at the rows of a body before anything is written and raises Malformed.
    `locked` is false where the caller's role may not lock rows and the service's own functions do. `before_delete` is told the
    keys of rows that are about to go, in the transaction that deletes them. `witness` keeps the writes of a resource without a
    service, which keeps its own. `complete` says that the wire has every column of
    the table, so that a message may show a whole row.
    """

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ("id",)
    table: str = ""
    schema: str = "public"
    tenant_column: str | None = "organization_id"
    predicate: str | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    conflict_targets: tuple[ConflictTarget, ...] = ()
    methods: frozenset[str] = ALL_METHODS
    write_scope: str = "write"
    service: RowService | None = None
    locked: bool = True
    examine: Examination | None = None
    before_delete: Farewell | None = None
    witness: Witness | None = None
    refusals: Mapping[str, int] = field(default_factory=lambda: NO_REFUSALS)
    description: str = ""
    complete: bool = False
    by_name: Mapping[str, Column] = field(init=False)
    visible: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", self.table or self.name)
        object.__setattr__(self, "by_name", MappingProxyType({column.name: column for column in self.columns}))
        object.__setattr__(self, "visible", tuple(column for column in self.columns if not column.hidden))

    @property
    def hidden_names(self) -> frozenset[str]:
        """Names that no message may show: the tenant where it is not on the wire, and hidden columns."""
        hidden = {column.name for column in self.columns if column.hidden}
        if self.tenant_column and self.tenant_column not in self.by_name:
            hidden.add(self.tenant_column)
        return frozenset(hidden)
