"""Where a dotted key points: a change to one level of the select tree, found by alias or target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..errors import not_embedded
from ..nodes import Embed, Item, Level

Change = Callable[[Level], Level]


def place(level: Level, path: tuple[str, ...], change: Change) -> Level:
    """The level with `change` applied where `path` leads; raises PGRST108 where it leads nowhere.

    The embed that was reached moves before the other embeds of its level: PostgREST v11.1 answers in that order.
    """
    if not path:
        return change(level)
    embed = _embed_named(level, path[0])
    changed = replace(embed, level=place(embed.level, path[1:], change))
    return replace(level, items=_with_first_embed(level.items, embed, changed))


def _embed_named(level: Level, name: str) -> Embed:
    for embed in level.embeds:
        if name in (embed.target, embed.alias):
            return embed
    raise not_embedded(name)


def _with_first_embed(items: tuple[Item, ...], old: Embed, new: Embed) -> tuple[Item, ...]:
    """Plain columns keep their places."""
    first = next(place for place, item in enumerate(items) if isinstance(item, Embed))
    others = [item for item in items if item is not old]
    return (*others[:first], new, *others[first:])
