"""A whole write: one statement that changes rows, counts them and answers them as a read of the changed rows would."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.compiler.answers import Form, answer_sql
from bookingoffice.postgrest.compiler.changes import Body, deleted, found, inserted, nothing, updated
from bookingoffice.postgrest.compiler.chosen import chosen_rows, key_columns, tied_rows
from bookingoffice.postgrest.compiler.fragments import Fragment, Parameters, Statement, join, listed, name, plain
from bookingoffice.postgrest.compiler.places import arrange
from bookingoffice.postgrest.compiler.select import Selector
from bookingoffice.postgrest.compiler.witnesses import Deed, witnessed
from bookingoffice.postgrest.nodes import Level, OrderTerm
from bookingoffice.postgrest.resources import Conflict, Resource

CHANGED = plain("(SELECT count(*) FROM written)")
NONE_TIED = plain("0::bigint")


@dataclass(frozen=True, slots=True)
class Insert:
    """`only` are pairs of column and slot: nothing but the rows of the body that carry these values is written."""

    body: Body
    conflict: Conflict | None = None
    only: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    body: Body


@dataclass(frozen=True, slots=True)
class Delete:
    pass


@dataclass(frozen=True, slots=True)
class Nothing:
    """Changes nothing, yet judges the select."""


@dataclass(frozen=True, slots=True)
class FindKeys:
    """Locks what a PATCH or DELETE is about and answers (keys, rows tied), the keys as a JSON array of arrays of text."""


@dataclass(frozen=True, slots=True)
class ShowKeys:
    """Changes nothing: the rows of the keys in a slot, in the order of the keys."""

    slot: int


Action = Insert | Update | Delete | Nothing | FindKeys | ShowKeys


@lru_cache(maxsize=256)
def compile_write(
    catalog: Catalog,
    resource: Resource,
    level: Level,
    action: Action,
    form: Form,
    cap: int,
    *,
    locate: bool = False,
    teller: int | None = None,
) -> Statement:
    """All but FindKeys answer (body, rows in it, rows changed, rows tied, key): `rows tied` as in `tied_rows`, `key` the first
    row's as JSON where it is to be located. `level` is bound. `teller` is the slot of what a witness tells of the caller."""
    return _Writer(catalog, resource, level, form, cap, locate=locate, teller=teller).statement(action)


class _Writer:
    """Writes one statement."""

    def __init__(
        self,
        catalog: Catalog,
        resource: Resource,
        level: Level,
        form: Form,
        cap: int,
        *,
        locate: bool,
        teller: int | None,
    ) -> None:
        self.resource = resource
        self.teller = teller
        self.form = form
        self.cap = cap
        self.locate = locate
        self.parameters = Parameters()
        self.place = arrange(catalog, resource, resource.name, level)
        shown = replace(level, conditions=(), limit=None, offset=None)
        self.answer = arrange(catalog, resource, resource.name, shown, rows="written")

    def statement(self, action: Action) -> Statement:
        resource, parameters = self.resource, self.parameters
        match action:
            case Insert(body, conflict, only):
                change = inserted(resource, body, parameters, conflict, only)
                merging = conflict is not None and conflict.merge
                return self._statement(join(change, self._witnessed("upsert" if merging else "insert")))
            case Update(body):
                chosen = self._chosen(images=resource.witness is not None)
                return self._change(join(updated(resource, body, chosen, parameters), self._witnessed("update")))
            case Delete():
                return self._change(join(deleted(resource, self._chosen(), parameters), self._witnessed("delete")))
            case Nothing():
                return self._statement(nothing(resource, parameters))
            case FindKeys():
                return self._keys()
            case ShowKeys(slot):
                return self._statement(found(resource, slot, parameters))

    def _keys(self) -> Statement:
        keys = listed(join(name("chosen", column), plain("::text")) for column in key_columns(self.resource))
        tied = tied_rows(self.place, self.parameters)
        array = join(plain(" SELECT COALESCE(json_agg(json_build_array("), keys, plain(")), '[]'), "), tied)
        return self.parameters.statement(join(plain("WITH "), self._chosen(), array, plain(" FROM chosen")))

    def _chosen(self, *, images: bool = False) -> Fragment:
        return chosen_rows(self.place, self.parameters, images=images)

    def _witnessed(self, deed: Deed) -> Fragment:
        return witnessed(self.resource, deed, self.teller, self.parameters)

    def _change(self, change: Fragment) -> Statement:
        return self._statement(change, in_order=True, tied=tied_rows(self.place, self.parameters))

    def _statement(self, change: Fragment, *, in_order: bool = False, tied: Fragment = NONE_TIED) -> Statement:
        more = [CHANGED, tied, self._location()]
        return self.parameters.statement(
            join(plain("WITH "), change, plain(" "), self._answered(more, in_order=in_order))
        )

    def _answered(self, more: list[Fragment], *, in_order: bool) -> Fragment:
        """Rows that were sent, or asked for by key, keep their own order."""
        if self.form is Form.NONE:
            return join(plain("SELECT ''::text, 0::bigint, "), listed(more))
        answer = replace(self.answer, level=replace(self.answer.level, order=self._order() if in_order else ()))
        top = Selector(self.parameters, self.cap).top(answer, capped=False, by_key=in_order)
        return answer_sql(self.form, top.keys, top.rows, more, self.parameters)

    def _order(self) -> tuple[OrderTerm, ...]:
        """Without the place of a row in a table without a key: what was written is not there any more."""
        places = () if self.resource.primary_key else key_columns(self.resource)
        return tuple(term for term in self.answer.level.order if term.field.column not in places)

    def _location(self) -> Fragment:
        keys = self.resource.primary_key
        if not (self.locate and keys):
            return plain("NULL::text")
        first = join(plain("SELECT "), listed(name(key) for key in keys), plain(" FROM written LIMIT 1"))
        return join(plain("(SELECT row_to_json(located.*) FROM ("), first, plain(") AS located)"))
