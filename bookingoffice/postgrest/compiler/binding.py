"""Takes the values out of a request and leaves its shape, so that one compiled statement serves all requests of that shape.

In a bound level every value but a limit is the number of its slot, written as text where the node holds text; `Values` has the
texts.
"""

from __future__ import annotations

from dataclasses import replace

from bookingoffice.postgrest.nodes import Compare, Condition, Embed, Group, In, Is, Item, Level, Search

STARRED = frozenset({"like", "ilike"})


class Values:
    """The values of one request, numbered from 1 in the order they were met; 0 is the organization.

    A limit belongs to the shape: one that the planner cannot see it takes for a tenth of the table, and plans each time anew. No
    limit passes `cap`, except that of a write's top level, which is not `capped`.
    """

    def __init__(self, cap: int) -> None:
        self.texts: list[str] = []
        self.cap = cap

    def slot(self, text: str) -> int:
        self.texts.append(text)
        return len(self.texts)

    def bind_level(self, level: Level, *, capped: bool = True) -> Level:
        limit = min(level.limit, self.cap) if capped and level.limit is not None else level.limit
        return replace(
            level,
            items=tuple(self._bind_item(item) for item in level.items),
            conditions=tuple(self.bind_condition(condition) for condition in level.conditions),
            limit=limit,
            offset=self.slot(str(level.offset)) if level.offset else None,
        )

    def _bind_item(self, item: Item) -> Item:
        return replace(item, level=self.bind_level(item.level)) if isinstance(item, Embed) else item

    def bind_condition(self, condition: Condition) -> Condition:
        match condition:
            case Compare(operator=operator, value=value):
                text = value.replace("*", "%") if operator in STARRED else value
                return replace(condition, value=str(self.slot(text)))
            case In(values=values):
                return replace(condition, values=(str(self.slot(array_literal(values))),))
            case Search(query=query, configuration=words):
                configuration = None if words is None else str(self.slot(words))
                return replace(condition, configuration=configuration, query=str(self.slot(query)))
            case Group(members=members):
                return replace(condition, members=tuple(self.bind_condition(member) for member in members))
            case Is():
                return condition


def array_literal(values: tuple[str, ...]) -> str:
    """PostgreSQL's array literal, every member quoted; a single empty member is the empty array, as `in.()` means nothing."""
    if values in ((), ("",)):
        return "{}"
    return "{" + ",".join(_quoted(value) for value in values) + "}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
