"""The tables of one request and how each hangs from the one above it. Every name is resolved here, before any SQL is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.nodes import (
    Column,
    Compare,
    Condition,
    CountRows,
    Embed,
    Field,
    Group,
    In,
    Is,
    Item,
    Level,
    OrderTerm,
    Search,
)
from bookingoffice.postgrest.relationships import Relationship
from bookingoffice.postgrest.resources import Resource

LONGEST_NAME = 63


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One table of the request under the name by which its columns are addressed. `rows` names a common table expression
    to read instead of the table: the rows that a write returned."""

    resource: Resource
    alias: str
    level: Level
    joined: tuple[Joined, ...] = ()
    rows: str | None = None

    def joined_as(self, word: str) -> Joined | None:
        """By alias, or by name where there is no alias."""
        return next((joined for joined in self.joined if joined.embed.name == word), None)

    def ordered_by(self, word: str) -> Joined | None:
        """By alias or by name."""
        named = (joined for joined in self.joined if joined.embed.target == word)
        return self.joined_as(word) or next(named, None)


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """An embed in its place, under the rows called `parent`; `alias` names the lateral sub-query that brings it in, `link` the
    link table inside it."""

    embed: Embed
    relationship: Relationship
    place: Place
    parent: str
    alias: str
    link: str

    @property
    def silent(self) -> bool:
        """Whether it joins without output."""
        return not self.place.level.items


def arrange(catalog: Catalog, resource: Resource | None, name: str, level: Level, *, rows: str | None = None) -> Place:
    """The tree of places for one request; raises the refusals of relationships, related orders and filters on embeds.

    `resource` is None for a table that does not exist: its embeds are refused first, as PostgREST does.
    """
    if resource is None:
        for embed in level.embeds:
            catalog.find(name, embed.target, embed.hint)
        raise errors.unknown_table(name)
    place = _place(catalog, resource, resource.name, level, depth=0)
    _refuse_related_orders(place)
    _refuse_embed_filters(place)
    return replace(place, rows=rows)


def _place(catalog: Catalog, resource: Resource, alias: str, level: Level, *, depth: int) -> Place:
    items = tuple(_without_bare_count(item, resource) for item in level.items)
    joined = tuple(_join(catalog, resource, alias, embed, depth + 1) for embed in level.embeds)
    return Place(resource, alias, replace(level, items=items), joined)


def _without_bare_count(item: Item, resource: Resource) -> Item:
    """`count` is the column of that name where the table has one."""
    if isinstance(item, CountRows) and item.bare and "count" in resource.by_name:
        return Column(Field("count"), alias=item.alias, cast=item.result_cast)
    return item


def _join(catalog: Catalog, origin: Resource, parent: str, embed: Embed, depth: int) -> Joined:
    relationship = catalog.find(origin.name, embed.target, embed.hint)
    target = relationship.target
    alias = f"{target.name}_{depth}"
    if relationship.link and target.name != parent:
        alias = target.name  # what is behind a link table keeps its bare name in messages
    place = _place(catalog, target, alias, embed.level, depth=depth)
    return Joined(embed, relationship, place, parent, _lateral_name(origin, embed, depth), f"link_{depth}")


def _lateral_name(origin: Resource, embed: Embed, depth: int) -> str:
    full = f"{origin.name}_{embed.name}_{depth}"
    return full if len(full.encode()) <= LONGEST_NAME else f"{embed.name[:15]}_{depth}_{len(full)}"


def embed_filter(place: Place, condition: Condition) -> Joined | None:
    """The embed that a condition speaks of instead of a column."""
    match condition:
        case Group():
            return None
        case Compare(field=field) | In(field=field) | Is(field=field) | Search(field=field):
            return None if field.path else place.joined_as(field.column)


def related(place: Place, term: OrderTerm) -> Joined | None:
    return place.ordered_by(term.relation) if term.relation else None


def conditions_of(level: Level) -> Iterator[Condition]:
    """Every condition that is no group, at any depth of logic."""
    waiting = list(level.conditions)
    while waiting:
        condition = waiting.pop(0)
        if isinstance(condition, Group):
            waiting[:0] = condition.members
        else:
            yield condition


def _refuse_related_orders(place: Place) -> None:
    for term in place.level.order:
        if term.relation:
            joined = related(place, term)
            if joined is None:
                raise errors.not_embedded(term.relation)
            if not joined.relationship.to_one:
                raise errors.bad_related_order(place.resource.name, joined.embed.name)
    for joined in place.joined:
        _refuse_related_orders(joined.place)


def _refuse_embed_filters(place: Place) -> None:
    for condition in conditions_of(place.level):
        joined = embed_filter(place, condition)
        if joined and not (isinstance(condition, Is) and condition.value == "null"):
            raise errors.bad_embed_filter(joined.embed.target)
    for joined in place.joined:
        _refuse_embed_filters(joined.place)
