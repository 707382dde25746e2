"""`select`: columns, aggregates and embeds, in the order asked for."""

from __future__ import annotations

from typing import Literal

from ..nodes import Column, CountRows, Embed, Everything, Field, Item, Level
from .names import comma, fits_name, identifier, json_path, name
from .scanner import Scanner

AGGREGATES = ("avg", "count", "max", "min", "sum")
Join = Literal["inner", "left"]


def select(scanner: Scanner) -> tuple[Item, ...]:
    """The whole parameter; nothing in it means everything. What follows a closed embed without a comma is not read, nor is
    anything where no item begins, as in PostgREST v11.1: `,id` means everything."""
    return _items(scanner, depth=0) or (Everything(),)


def _items(scanner: Scanner, depth: int) -> tuple[Item, ...]:
    if not _item_begins(scanner):
        return ()
    items = [_item(scanner, depth)]
    while comma(scanner):
        items.append(_item(scanner, depth))
    return tuple(items)


def _item_begins(scanner: Scanner) -> bool:
    """A letter, a quote or a space commits to an item; a star or dots only where they are a whole one."""
    if scanner.next in ("*", "."):
        return scanner.stands(_star if scanner.next == "*" else _spread_head)
    return scanner.next in (" ", "\t", '"') or fits_name(scanner.next)


def _star(scanner: Scanner) -> Everything:
    scanner.require("*")
    _require_item_end(scanner)
    return Everything()


def _spread_head(scanner: Scanner) -> str:
    scanner.require("...")
    target = name(scanner)
    _embed_head(scanner)
    return target


def _item(scanner: Scanner, depth: int) -> Item:
    scanner.budget.take_item()
    scanner.skip_spaces()
    if scanner.take("..."):
        return _embed(scanner, name(scanner), None, depth, spread=True)
    if scanner.next == "*":
        return _star(scanner)
    alias, word = _aliased(scanner)
    if word == "count" and scanner.take("()"):
        return _count(scanner, alias)
    if scanner.foresees(_embed_head):
        return _embed(scanner, word, alias, depth, spread=False)
    return _column(scanner, word, alias)


def _aliased(scanner: Scanner) -> tuple[str | None, str]:
    """`[alias:]name`, where a second colon would be a cast."""
    word = name(scanner)
    if scanner.next != ":" or scanner.starts("::"):
        return None, word
    scanner.advance(1)
    scanner.skip_spaces()
    return word, name(scanner)


def _count(scanner: Scanner, alias: str | None) -> CountRows:
    result_cast = _cast(scanner)
    _require_item_end(scanner)
    return CountRows(alias, result_cast)


def _column(scanner: Scanner, word: str, alias: str | None) -> Item:
    field = Field(word, json_path(scanner))
    scanner.skip_spaces()
    cast = _cast(scanner)
    aggregate = _aggregate(scanner)
    result_cast = _cast(scanner) if aggregate else None
    _require_item_end(scanner)
    if field == Field("count") and not aggregate:
        return CountRows(alias, cast, bare=True)
    return Column(field, alias, cast, aggregate, result_cast)


def _cast(scanner: Scanner) -> str | None:
    if not scanner.take("::"):
        return None
    word = identifier(scanner)
    scanner.budget.admit_name(word)
    if not word:
        raise scanner.mismatch("letter")
    return word


def _aggregate(scanner: Scanner) -> str | None:
    if not scanner.take("."):
        return None
    for function in AGGREGATES:
        if scanner.take(function):
            scanner.require("()")
            return function
    raise scanner.mismatch()


def _embed_head(scanner: Scanner) -> tuple[str | None, Join | None]:
    qualifiers = _qualifiers(scanner)
    scanner.require("(")
    return qualifiers


def _embed(scanner: Scanner, target: str, alias: str | None, depth: int, *, spread: bool) -> Embed:
    scanner.budget.admit_select_depth(depth + 1)
    hint, join = _embed_head(scanner)
    level = Level(_items(scanner, depth + 1))
    scanner.require(")")
    return Embed(target, level, alias, hint, join, spread)


def _qualifiers(scanner: Scanner) -> tuple[str | None, Join | None]:
    """At most two of `!hint`, `!inner` and `!left`, in any order; of a kind the first counts."""
    hint: str | None = None
    join: Join | None = None
    for _ in range(2):
        if not scanner.take("!"):
            break
        bare = scanner.next != '"'
        word = name(scanner)
        if bare and word in ("inner", "left"):
            join = join or ("inner" if word == "inner" else "left")
        else:
            hint = hint or word
    return hint, join


def _require_item_end(scanner: Scanner) -> None:
    scanner.skip_spaces()
    if scanner.next in (")", ","):
        return
    scanner.note('")"')
    scanner.note('","')
    if not scanner.at_end():
        raise scanner.mismatch()
