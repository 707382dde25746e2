"""What one request has used of its bounds: the counts that run across all its parameters."""

from __future__ import annotations

from ..bounds import Bounds
from ..errors import beyond_bound


class Budget:
    """Raises PGRST100 naming the bound that was passed."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._items = 0
        self._conditions = 0

    def take_item(self) -> None:
        self._items += 1
        within("The number of select items", self._items, self.bounds.select_items)

    def take_condition(self) -> None:
        self._conditions += 1
        within("The number of filters and logic members", self._conditions, self.bounds.conditions)

    def admit_name(self, name: str) -> None:
        """Longer names would be cut by PostgreSQL and might then mean another thing."""
        within("The length of a name in bytes", len(name.encode()), self.bounds.name_bytes)

    def admit_select_depth(self, depth: int) -> None:
        within("The depth of embedding", depth, self.bounds.select_depth)

    def admit_logic_depth(self, depth: int) -> None:
        within("The nesting of and/or", depth, self.bounds.logic_depth)

    def admit_list(self, members: int) -> None:
        within("The number of members of an in-list", members, self.bounds.list_members)

    def admit_path(self, steps: int) -> None:
        within("The number of steps of a JSON path", steps, self.bounds.path_steps)

    def admit_order(self, terms: int) -> None:
        within("The number of terms of an order", terms, self.bounds.order_terms)


def within(what: str, size: int, limit: int) -> None:
    if size > limit:
        raise beyond_bound(what, limit)
