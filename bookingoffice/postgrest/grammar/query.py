"""The whole query string: each parameter read by its own rule, then put where its dotted key points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from ..bounds import WORKING_BOUNDS, Bounds
from ..nodes import Condition, Everything, Field, Item, Level, OrderTerm, Query
from .budget import Budget
from .filters import condition, plain_value
from .logic import logic
from .names import column_list, dotted, json_path
from .order import order
from .parameters import Pair, Parameters, sort_parameters
from .placing import Change, place
from .scanner import Scanner, read
from .select import select

Path = tuple[str, ...]
LARGEST = 2**63 - 1
MOST_DIGITS = len(str(LARGEST))


def parse_query(query_string: str | bytes, bounds: Bounds = WORKING_BOUNDS) -> Query:
    """Raises Problem: PGRST100 for what cannot be read or passes a bound, PGRST108 for a path to no embed.

    `columns` is sorted and without repetition. A limit may be negative; it is refused with the ranges. So may the root's
    offset, from which its limit counts. A negative offset of an embed is 0. Among embeds, those that filters, order, ranges or
    logic speak of come first, as in PostgREST v11.1.
    """
    encoded = query_string if isinstance(query_string, bytes) else query_string.encode(errors="surrogateescape")
    parameters = sort_parameters(encoded)
    return _Reading(parameters, Budget(bounds)).query()


@dataclass(frozen=True, slots=True)
class _Reading:
    """Parameters are read in PostgREST's order, so that of several faults the same one is reported."""

    parameters: Parameters
    budget: Budget

    def query(self) -> Query:
        orders = [self._order(pair) for pair in self.parameters.order]
        trees = [self._logic(pair) for pair in self.parameters.logic]
        columns = self._names("columns")
        items = self._items()
        filters = [self._filter(pair) for pair in self.parameters.filters]
        on_conflict = self._names("on_conflict")
        ranges = [self._range(pair) for pair in self.parameters.ranges]
        root = Level(items)
        for path, change in (*reversed(filters), *reversed(orders), *ranges, *reversed(trees)):
            root = place(root, path, change)
        sorted_columns = None if columns is None else tuple(sorted(set(columns)))
        return Query(root, sorted_columns, None if on_conflict is None else tuple(on_conflict))

    def _items(self) -> tuple[Item, ...]:
        text = self.parameters.single.get("select")
        if text is None:
            return (Everything(),)
        return read(select, text, self.budget, what="select parameter")

    def _names(self, key: str) -> list[str] | None:
        text = self.parameters.single.get(key)
        if text is None:
            return None
        return read(column_list, text, self.budget, what=f"{key} parameter")

    def _filter(self, pair: Pair) -> tuple[Path, Change]:
        key, value = pair
        path, subject = self._tree_path(key)
        self.budget.take_condition()
        rule = partial(condition, field=subject, value=plain_value)
        return path, _added(read(rule, value, self.budget, what="filter"))

    def _order(self, pair: Pair) -> tuple[Path, Change]:
        path, _ = self._tree_path(pair[0])
        return path, _ordered(read(order, pair[1], self.budget, what="order"))

    def _range(self, pair: Pair) -> tuple[Path, Change]:
        key, value = pair
        path, _ = self._tree_path(key)
        number = _number(value)
        if key.endswith("limit"):
            return path, _limited(number)
        return path, _moved(max(number, 0) if path and number else number)

    def _logic(self, pair: Pair) -> tuple[Path, Change]:
        """`not` may stand anywhere in the key; the rule reads the connective together with its brackets."""
        key, value = pair
        words = read(dotted, key, self.budget, what="logic path")
        connective = f"not.{words[-1]}" if "not" in words else words[-1]
        tree = read(logic, connective + value, self.budget, what="logic tree", quoted=value)
        return tuple(word for word in words[:-1] if word != "not"), _added(tree)

    def _tree_path(self, key: str) -> tuple[Path, Field]:
        return read(_path_and_field, key, self.budget, what="tree path")


def _path_and_field(scanner: Scanner) -> tuple[Path, Field]:
    """What follows the last name or JSON path is not read, as in PostgREST v11.1."""
    *path, column = dotted(scanner)
    return tuple(path), Field(column, json_path(scanner))


def _added(member: Condition) -> Change:
    return lambda level: replace(level, conditions=(member, *level.conditions))


def _ordered(terms: tuple[OrderTerm, ...]) -> Change:
    return lambda level: replace(level, order=terms)


def _limited(limit: int | None) -> Change:
    return lambda level: replace(level, limit=limit)


def _moved(offset: int | None) -> Change:
    return lambda level: replace(level, offset=offset)


def _number(text: str) -> int | None:
    """None for what is no number or does not fit 64 bits."""
    signed = text.strip(" \t")
    digits = signed.removeprefix("-")
    significant = digits.lstrip("0")
    if not (digits.isascii() and digits.isdigit()) or len(significant) > MOST_DIGITS:
        return None
    number = int(significant or "0")
    if number > LARGEST:
        return None
    return -number if signed.startswith("-") else number
