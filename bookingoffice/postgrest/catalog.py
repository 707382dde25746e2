"""All resources by name, and every relationship between two of them, in the order that messages list them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.relationships import Link, Relationship, inward, outward
from bookingoffice.postgrest.resources import ForeignKey, Resource
from bookingoffice.postgrest.suggestions import closest


class Catalog:
    """Declared once; a foreign key to a table that is not declared has no relationship."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources: Mapping[str, Resource] = MappingProxyType({resource.name: resource for resource in resources})
        self._from: dict[str, list[Relationship]] = {name: [] for name in self.resources}
        for relationship in self._all():
            self._from[relationship.origin.name].append(relationship)

    def get(self, name: str) -> Resource | None:
        return self.resources.get(name)

    def relationships_of(self, name: str) -> list[Relationship]:
        return self._from.get(name, [])

    def find(self, origin: str, target: str, hint: str | None) -> Relationship:
        """The one relationship that `target[!hint]` means under `origin`; raises PGRST200 for none, PGRST201 for several."""
        found = [each for each in self.relationships_of(origin) if each.answers_to(target, hint)]
        if len(found) == 1:
            return found[0]
        if found:
            described = [each.described() for each in found]
            raise errors.several_relationships(origin, target, described, [each.hint for each in found])
        raise errors.no_relationship(origin, target, embed_hint=hint, hint=self._perhaps(origin, target))

    def _perhaps(self, origin: str, target: str) -> str | None:
        """A table of nearly that name; nothing where both names are right and only the hint is wrong."""
        wrong, known = origin, [name for name, ways in self._from.items() if ways]
        found = origin in known
        if found:
            wrong, known = target, [each.target.name for each in self.relationships_of(origin)]
        meant = closest(wrong, known, other_case=not found)
        return f"Perhaps you meant '{meant}' instead of '{wrong}'." if meant else None

    def _all(self) -> Iterator[Relationship]:
        outwards = [outward(*each) for each in self._keys()]
        yield from outwards
        yield from (inward(each) for each in outwards)
        yield from self._through_links()

    def _keys(self) -> Iterator[tuple[Resource, ForeignKey, Resource]]:
        for origin in self.resources.values():
            for key in sorted(origin.foreign_keys, key=lambda key: key.name):
                if target := self.get(key.target):
                    yield origin, key, target

    def _through_links(self) -> Iterator[Relationship]:
        keys = [each for each in self._keys() if not each[1].unique]
        for link, near, origin in keys:
            for other, far, target in keys:
                if other is link and far is not near and {*near.columns, *far.columns} <= set(link.primary_key):
                    yield Relationship(origin, target, "many-to-many", link.name, link=Link(link, near, far))
