"""`and` and `or`: members in brackets, nested as deep as the bounds allow."""

from __future__ import annotations

from typing import Literal

from ..nodes import Condition, Group
from .filters import condition, logic_value
from .names import DELIMITER, comma, field
from .scanner import Scanner

LOGIC_OPERATOR = "logic operator (and, or)"
NEGATION = "negation operator (not)"


def logic(scanner: Scanner) -> Condition:
    """`[not.]and(…)`. What follows is not read, as in PostgREST v11.1, unless it is a bracket without its other half; and
    without brackets the connective is the beginning of a column's name: `or=a.eq.1` asks for `ora`."""
    tree = _member(scanner, depth=0)
    if scanner.next in ("(", ")"):
        scanner.at_end()
        raise scanner.mismatch()
    return tree


def _member(scanner: Scanner, depth: int) -> Condition:
    """A filter first: a column may be called `not`, `and` or `or`."""
    scanner.budget.take_condition()
    return scanner.attempt(_filter) or _group(scanner, depth + 1)


def _filter(scanner: Scanner) -> Condition:
    subject = field(scanner)
    scanner.require(".", DELIMITER)
    return condition(scanner, subject, logic_value)


def _group(scanner: Scanner, depth: int) -> Group:
    scanner.budget.admit_logic_depth(depth)
    negated = scanner.take("not.", NEGATION)
    connective: Literal["and", "or"] = "and" if scanner.starts("and") else "or"
    scanner.require(connective, LOGIC_OPERATOR)
    scanner.skip_spaces()
    scanner.require("(")
    scanner.skip_spaces()
    members = [_member(scanner, depth)]
    while comma(scanner):
        members.append(_member(scanner, depth))
    scanner.require(")")
    scanner.skip_spaces()
    return Group(connective, tuple(members), negated)
