"""How tables meet: a foreign key seen from both its ends, and pairs of them through a link table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bookingoffice.postgrest.resources import ForeignKey, Resource

Cardinality = Literal["many-to-one", "one-to-many", "one-to-one", "many-to-many"]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """The table between two others: `near` joins it to the origin, `far` to the target, both as (link column, other column)."""

    resource: Resource
    near: ForeignKey
    far: ForeignKey


@dataclass(frozen=True, slots=True, eq=False)
class Relationship:
    """`origin` embeds `target`; `pairs` are (origin column, target column), empty where there is a link."""

    origin: Resource
    target: Resource
    cardinality: Cardinality
    constraint: str
    pairs: Pairs = ()
    link: Link | None = None

    @property
    def to_one(self) -> bool:
        return self.cardinality in ("many-to-one", "one-to-one")

    @property
    def hint(self) -> str:
        """The word after `!` that chooses this relationship."""
        return self.link.resource.name if self.link else self.constraint

    def described(self) -> dict[str, str]:
        """One entry in the details of an ambiguous embed."""
        return {
            "cardinality": self.cardinality,
            "embedding": f"{self.origin.name} with {self.target.name}",
            "relationship": self._ends(),
        }

    def _ends(self) -> str:
        if self.link:
            near, far = (f"{key.name}({', '.join(key.columns)})" for key in (self.link.near, self.link.far))
            return f"{self.link.resource.name} using {near} and {far}"
        ours, theirs = (", ".join(pair[side] for pair in self.pairs) for side in (0, 1))
        return f"{self.constraint} using {self.origin.name}({ours}) and {self.target.name}({theirs})"

    def named_by_column(self, word: str) -> bool:
        return len(self.pairs) == 1 and self.pairs[0][0] == word

    def named_by_reference(self, word: str) -> bool:
        return len(self.pairs) == 1 and self.pairs[0][1] == word

    def answers_to(self, target: str, hint: str | None) -> bool:
        """Whether `target[!hint]`, written under the origin, means this relationship."""
        if self.origin is self.target:
            return self._answers_itself(target, hint)
        if hint is None:
            return target == self.target.name or self._named_by_key(target)
        return target == self.target.name and self._hinted(hint)

    def _named_by_key(self, word: str) -> bool:
        """A link table's name is that table's, and never the way through it."""
        return not self.link and (word == self.constraint or self.named_by_column(word))

    def _hinted(self, hint: str) -> bool:
        return hint == self.hint or self.named_by_column(hint) or self.named_by_reference(hint)

    def _answers_itself(self, target: str, hint: str | None) -> bool:
        """Between rows of one table the table's name means the children, the key's column the parent."""
        children = target == self.target.name and self.cardinality == "one-to-many"
        if hint is None:
            return children or (self.cardinality == "many-to-one" and self.named_by_column(target))
        return children and self.named_by_reference(hint)


def outward(origin: Resource, key: ForeignKey, target: Resource) -> Relationship:
    """From the table that holds the key."""
    cardinality: Cardinality = "one-to-one" if key.unique else "many-to-one"
    return Relationship(origin, target, cardinality, key.name, tuple(zip(key.columns, key.references, strict=True)))


def inward(relationship: Relationship) -> Relationship:
    """The same key from the table that it points at."""
    cardinality: Cardinality = "one-to-one" if relationship.cardinality == "one-to-one" else "one-to-many"
    turned = tuple((theirs, ours) for ours, theirs in relationship.pairs)
    return Relationship(relationship.target, relationship.origin, cardinality, relationship.constraint, turned)
