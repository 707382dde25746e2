"""`order`: terms of a column or of a to-one embed's column, with a direction and a place for nulls."""

from __future__ import annotations

from functools import partial
from typing import Literal, TypeVar

from ..nodes import Field, OrderTerm
from .names import DELIMITER, field, name
from .scanner import Scanner

Word = TypeVar("Word", bound=str)
DIRECTIONS: tuple[Literal["asc", "desc"], ...] = ("asc", "desc")
NULLS: tuple[Literal["nullsfirst", "nullslast"], ...] = ("nullsfirst", "nullslast")


def order(scanner: Scanner) -> tuple[OrderTerm, ...]:
    terms = [_term(scanner)]
    while scanner.take(","):
        terms.append(_term(scanner))
        scanner.budget.admit_order(len(terms))
    return tuple(terms)


def _term(scanner: Scanner) -> OrderTerm:
    scanner.skip_spaces()
    relation, subject = _subject(scanner)
    direction = scanner.attempt(partial(_suffix, DIRECTIONS))
    nulls = scanner.attempt(partial(_suffix, NULLS))
    if scanner.next != ",":
        scanner.note('","')
        if not scanner.at_end():
            raise scanner.mismatch()
    return OrderTerm(subject, direction, nulls, relation)


def _subject(scanner: Scanner) -> tuple[str | None, Field]:
    return scanner.attempt(_related) or (None, field(scanner))


def _related(scanner: Scanner) -> tuple[str, Field]:
    relation = name(scanner)
    scanner.require("(")
    inner = field(scanner)
    scanner.require(")")
    return relation, inner


def _suffix(words: tuple[Word, ...], scanner: Scanner) -> Word:
    scanner.require(".", DELIMITER)
    for word in words:
        if scanner.take(word):
            return word
    raise scanner.mismatch()
