"""One level of the request as a SELECT, with the levels below it joined laterally."""

from __future__ import annotations

from dataclasses import dataclass, field

from bookingoffice.postgrest.compiler import embeds
from bookingoffice.postgrest.compiler.conditions import condition_sql
from bookingoffice.postgrest.compiler.fragments import (
    AND,
    NOTHING,
    Fragment,
    Parameters,
    clause,
    join,
    listed,
    name,
    plain,
)
from bookingoffice.postgrest.compiler.joins import meeting, source
from bookingoffice.postgrest.compiler.order import order_sql, page_sql
from bookingoffice.postgrest.compiler.outputs import Output, group_by, has_aggregate, inner_names, own_outputs
from bookingoffice.postgrest.compiler.places import Joined, Place, conditions_of, embed_filter
from bookingoffice.postgrest.nodes import Column, Condition


@dataclass(slots=True)
class Selection:
    """A level half written: where it reads from, what it joins and what it puts out."""

    source: Fragment
    conditions: list[Fragment]
    joins: list[Fragment] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)

    def written(self, columns: Fragment, tail: Fragment) -> Fragment:
        where = clause(" WHERE ", self.conditions, AND)
        return join(plain("SELECT "), columns, plain(" FROM "), self.source, *self.joins, where, tail)


@dataclass(frozen=True, slots=True)
class Top:
    """The top level: a SELECT, and the keys of its columns in order."""

    rows: Fragment
    keys: list[str]


@dataclass(frozen=True, slots=True)
class Selector:
    """Writes the levels of one statement; `cap` is the most rows of the top level and of every embedded array."""

    parameters: Parameters
    cap: int

    def top(self, place: Place, *, capped: bool = True, by_key: bool = True) -> Top:
        """The finished rows of the top level. What a write returned is not `capped`; `by_key` appends the key to the order."""
        selection = self._selection(place, None)
        keys = [output.key for output in selection.outputs]
        return Top(self._finished(place, selection, capped=capped, by_key=by_key), keys)

    def _rows(self, joined: Joined, *, many: bool) -> Fragment:
        return self._finished(joined.place, self._selection(joined.place, joined), capped=many, by_key=many)

    def _finished(self, place: Place, selection: Selection, *, capped: bool, by_key: bool) -> Fragment:
        """The rows of one level, in their order and within their page."""
        grouped = has_aggregate(selection.outputs)
        columns = listed(output.finished(grouped=grouped) for output in selection.outputs)
        groups = group_by(selection.outputs) if grouped else NOTHING
        order = order_sql(place, self.parameters, by_key=by_key and not grouped and _declared_only(place))
        page = self._page(place, capped=capped)
        if capped and not grouped and _independent(place):
            return self._page_first(place, selection).written(columns, order)
        return selection.written(columns, join(groups, order, page))

    def _page_first(self, place: Place, selection: Selection) -> Selection:
        """The same level with its page cut before anything is joined, so that embeds are looked up for no other row."""
        order = order_sql(place, self.parameters, by_key=True)
        table = Selection(selection.source, selection.conditions)
        page = table.written(join(name(place.alias), plain(".*")), join(order, self._page(place, capped=True)))
        return Selection(join(plain("("), page, plain(") AS "), name(place.alias)), [], selection.joins)

    def _page(self, place: Place, *, capped: bool) -> Fragment:
        return page_sql(place, self.parameters, cap=self.cap if capped else None)

    def _selection(self, place: Place, joined: Joined | None) -> Selection:
        conditions = meeting(joined) if joined else []
        selection = Selection(source(place, joined, self.parameters), conditions)
        selection.conditions += [self._condition(place, each) for each in place.level.conditions]
        selection.outputs += own_outputs(place, self.parameters)
        for child in place.joined:
            brought = self._brought(child)
            selection.joins.append(embeds.lateral(child, brought.source))
            selection.outputs += brought.outputs
        return selection

    def _condition(self, place: Place, condition: Condition) -> Fragment:
        return condition_sql(place, condition, self.parameters, embeds.matched)

    def _brought(self, joined: Joined) -> embeds.Brought:
        to_one, spread = joined.relationship.to_one, joined.embed.spread
        if to_one and spread:
            return self._lifted(joined)
        rows = self._rows(joined, many=not to_one)
        if to_one:
            return embeds.one_object(joined, rows)
        if spread:
            return embeds.lifted_arrays(joined, rows, self._selection(joined.place, joined).outputs)
        return embeds.array_of_objects(joined, rows)

    def _lifted(self, joined: Joined) -> embeds.Brought:
        """The child is written without its aggregates: they belong to the groups of the parent."""
        selection = self._selection(joined.place, joined)
        names = inner_names(selection.outputs)
        columns = listed(output.input(inner) for inner, output in zip(names, selection.outputs, strict=True))
        tail = join(order_sql(joined.place, self.parameters, by_key=False), self._page(joined.place, capped=False))
        return embeds.Brought(selection.written(columns, tail), embeds.lifted_row(joined, selection.outputs))


def _declared_only(place: Place) -> bool:
    """Any other name may be a function in PostgreSQL's eyes, an aggregate even, which an appended order would spoil."""
    return all(item.field.column in place.resource.by_name for item in place.level.items if isinstance(item, Column))


def _independent(place: Place) -> bool:
    """Whether the page can be cut before the embeds are joined: none of them drops, filters or orders the rows."""
    level = place.level
    return (
        bool(place.joined)
        and _declared_only(place)
        and all(joined.embed.join != "inner" for joined in place.joined)
        and not any(embed_filter(place, condition) for condition in conditions_of(level))
        and not any(term.relation for term in level.order)
    )
