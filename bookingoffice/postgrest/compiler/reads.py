"""A whole read: one statement that answers the body, the number of its rows and, if asked, the total."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.compiler.answers import RAW_FORMS, Form, answer_sql
from bookingoffice.postgrest.compiler.counts import counted_rows, total_sql
from bookingoffice.postgrest.compiler.fragments import Fragment, Parameters, Statement, join, plain
from bookingoffice.postgrest.compiler.order import key_behind
from bookingoffice.postgrest.compiler.places import Place, arrange, conditions_of
from bookingoffice.postgrest.compiler.select import Selector
from bookingoffice.postgrest.compiler.sent import sent_rows
from bookingoffice.postgrest.nodes import Column, Compare, Field, Group, Item, Level
from bookingoffice.postgrest.resources import Resource

Count = Literal["exact", "planned", "estimated"]
RANGES: Final = frozenset({"lt", "lte", "gt", "gte"})


@dataclass(frozen=True, slots=True)
class Read:
    """`statement` answers (body, rows, total or null). `plan` is the planner's view of the count, where it may be needed:
    always, or with `exact_first` only when the statement counted past the cap. One that `follows` a place in its order goes by
    the index of that order, whatever the values."""

    statement: Statement
    plan: Statement | None = None
    exact_first: bool = False
    follows: bool = False


@lru_cache(maxsize=512)
def compile_read(
    catalog: Catalog, table: str, level: Level, form: Form, count: Count | None, cap: int, media: str
) -> Read:
    """`level` is bound, so that requests which differ only in values or in the organization share one statement."""
    refuse_several_columns(level, form, media)
    place = arrange(catalog, catalog.get(table), table, level)
    parameters = Parameters()
    top = Selector(parameters, cap).top(place)
    composed = answer_sql(form, top.keys, top.rows, [_total(place, count, cap, parameters)], parameters)
    plan = _plan(place) if count in ("planned", "estimated") else None
    return Read(parameters.statement(composed), plan, exact_first=count == "estimated", follows=_follows(place))


def _follows(place: Place) -> bool:
    """Whether rows behind a place are asked for and nothing else: all conditions are on the order, one on its beginning."""
    level = place.level
    if not level.order or any(level.embeds):
        return False
    ordered = {term.field for term in level.order if not term.relation}
    ordered |= {Field(column) for column in key_behind(place.resource, level.order)}
    alone = [each for each in level.conditions if isinstance(each, Compare)]
    told = {each.field for each in conditions_of(level) if not isinstance(each, Group)}
    begins = any(each.field == level.order[0].field and each.operator in RANGES and not each.negated for each in alone)
    return begins and ordered.issuperset(told)


def _total(place: Place, count: Count | None, cap: int, parameters: Parameters) -> Fragment:
    if count == "exact":
        return total_sql(place, parameters)
    return total_sql(place, parameters, at_most=cap + 1) if count == "estimated" else plain("NULL::bigint")


def _plan(place: Place) -> Statement:
    parameters = Parameters()
    return parameters.statement(join(plain("EXPLAIN (FORMAT JSON) "), counted_rows(place, parameters)))


def refuse_several_columns(level: Level, form: Form, media: str) -> None:
    """A raw answer is made of one plain column, whole: a way into its JSON is refused too, as in PostgREST v11.1."""
    if form in RAW_FORMS and not (len(level.items) == 1 and _is_whole_column(level.items[0])):
        raise errors.several_columns(media)


def _is_whole_column(item: Item) -> bool:
    return isinstance(item, Column) and not item.field.path


@lru_cache(maxsize=64)
def compile_rows(
    resource: Resource, level: Level, form: Form, count: Count | None, cap: int, media: str, slot: int
) -> Read:
    """A read of rows that are not in a table: a JSON array in a slot, with the columns of `resource`."""
    refuse_several_columns(level, form, media)
    alone = Catalog([resource])
    place = arrange(alone, resource, resource.name, level, rows="given")
    parameters = Parameters()
    given = join(
        plain("WITH given AS (SELECT sent.* FROM "), sent_rows(resource.columns, slot, parameters), plain(") ")
    )
    top = Selector(parameters, cap).top(place)
    total = total_sql(place, parameters) if count else plain("NULL::bigint")
    return Read(parameters.statement(join(given, answer_sql(form, top.keys, top.rows, [total], parameters))))
