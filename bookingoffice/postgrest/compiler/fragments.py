"""The smallest pieces of SQL: quoted names, numbered parameters, lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg import sql

from bookingoffice.postgrest.resources import ORGANIZATION

Fragment = sql.Composable
TENANT = 0

NOTHING = sql.SQL("")
COMMA = sql.SQL(", ")
AND = sql.SQL(" AND ")


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with `$n` for parameters. A slot is TENANT, the number of a value, or a text that belongs to the statement itself."""

    text: bytes
    slots: tuple[int | str, ...]

    def parameters(self, organization_id: UUID, values: Sequence[str | None]) -> list[str | None]:
        return [self._fill(slot, organization_id, values) for slot in self.slots]

    @staticmethod
    def _fill(slot: int | str, organization_id: UUID, values: Sequence[str | None]) -> str | None:
        if isinstance(slot, str):
            return slot
        return str(organization_id) if slot == TENANT else values[slot - 1]


class Parameters:
    """Numbers parameters by first use. One slot is one parameter however often it is used, so PostgreSQL sees equal expressions."""

    def __init__(self) -> None:
        self._numbers: dict[int | str, int] = {}

    def take(self, slot: int | str) -> sql.SQL:
        number = self._numbers.setdefault(slot, len(self._numbers) + 1)
        return sql.SQL(f"${number}")  # digits only

    def value(self, slot: str) -> sql.SQL:
        """A value of the request, by the slot that binding left in its node."""
        return self.take(int(slot))

    def tenant(self) -> sql.SQL:
        return self.take(TENANT)

    def statement(self, composed: Fragment) -> Statement:
        return Statement(composed.as_bytes(None), tuple(self._numbers))


def name(*parts: str) -> sql.Identifier:
    return sql.Identifier(*parts)


def join(*parts: Fragment) -> sql.Composed:
    return sql.Composed([part for part in parts if part is not NOTHING])


def listed(parts: Iterable[Fragment], between: Fragment = COMMA) -> Fragment:
    """The parts with `between` between them; nothing for none."""
    woven: list[Fragment] = []
    for part in parts:
        woven += [between, part]
    return sql.Composed(woven[1:])


def clause(word: str, parts: Sequence[Fragment], between: Fragment = COMMA) -> Fragment:
    """` WHERE a AND b` and the like; nothing for no parts."""
    return join(plain(word), listed(parts, between)) if parts else NOTHING


def plain(text: str) -> sql.SQL:
    """SQL that the house itself wrote: an operator, a keyword, a declared expression. Never anything from a request."""
    return sql.SQL(text)


def declared(text: str, parameters: Parameters) -> Fragment:
    """SQL from a resource, with the caller's organization where it names it."""
    pieces = text.split(ORGANIZATION)
    return listed([plain(piece) for piece in pieces], parameters.tenant()) if len(pieces) > 1 else plain(text)
