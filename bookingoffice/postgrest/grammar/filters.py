"""What stands behind a column: `[not.]operator[(modifier)].value`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, cast

from ..nodes import Compare, Condition, Field, In, Is, Quantifier, Search
from .names import DELIMITER, fits_name, quoted
from .scanner import Mismatch, Scanner, shared_length

QUANTIFIABLE: Final = frozenset(("eq", "gte", "gt", "lte", "lt", "like", "ilike", "match", "imatch"))
PLAIN: Final = frozenset(("neq", "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj", "isdistinct"))
SEARCHES: Final = frozenset(("fts", "plfts", "phfts", "wfts"))
OPERATORS: Final = sorted((*QUANTIFIABLE, *PLAIN, *SEARCHES, "in", "is"), key=len, reverse=True)
OPERATOR = "operator (eq, gt, ...)"
TRILEAN = "null or trilean value (unknown, true, false)"
TRILEAN_WORDS: Final = ("null", "unknown", "true", "false")
MEMBER_ENDS = ",)"

Value = Callable[[Scanner], str]


def plain_value(scanner: Scanner) -> str:
    """The value of a filter parameter: everything that is left, untouched."""
    return scanner.rest()


def logic_value(scanner: Scanner) -> str:
    """The value of a member of `and` or `or`: quoted, an array or object without inner braces, or bare text."""
    for rule in (_member_quoted, _braced):
        if (text := scanner.attempt(rule)) is not None:
            return text
    return scanner.until(MEMBER_ENDS)


def condition(scanner: Scanner, field: Field, value: Value) -> Condition:
    negated = bool(scanner.attempt(_not))
    operator = _operator(scanner)
    if operator == "in":
        _require_dot(scanner)
        return In(field, _list(scanner), negated)
    if operator == "is":
        _require_dot(scanner)
        return _is(scanner, field, negated)
    if operator in SEARCHES:
        return _search(scanner, field, operator, negated, value)
    quantifier = _quantifier(scanner) if operator in QUANTIFIABLE else None
    _require_dot(scanner)
    return Compare(field, operator, value(scanner), negated, quantifier)


def _not(scanner: Scanner) -> bool:
    scanner.require("not")
    scanner.require(".", DELIMITER)
    return True


def _operator(scanner: Scanner) -> str:
    for word in OPERATORS:
        if scanner.starts(word):
            return scanner.advance(len(word))
    raise scanner.mismatch(OPERATOR)


def _require_dot(scanner: Scanner) -> None:
    scanner.require(".", OPERATOR)


def _quantifier(scanner: Scanner) -> Quantifier | None:
    if not scanner.take("(", OPERATOR):
        return None
    words: tuple[Quantifier, ...] = ("any", "all")
    for word in words:
        if scanner.take(word, OPERATOR):
            scanner.require(")", OPERATOR)
            return word
    raise scanner.mismatch()


def _search(scanner: Scanner, field: Field, operator: str, negated: bool, value: Value) -> Search:
    configuration = _configuration(scanner) if scanner.take("(", OPERATOR) else None
    _require_dot(scanner)
    mode = cast(Literal["fts", "plfts", "phfts", "wfts"], operator)
    return Search(field, mode, value(scanner), configuration, negated)


def _configuration(scanner: Scanner) -> str:
    word = scanner.take_while(fits_name)
    if not word:
        raise scanner.mismatch(OPERATOR)
    scanner.budget.admit_name(word)
    scanner.require(")", OPERATOR)
    return word.strip()


def _is(scanner: Scanner, field: Field, negated: bool) -> Is:
    """The word in any case; what follows it is not read, as in PostgREST v11.1."""
    start = scanner.at
    for word in ("not_null", *TRILEAN_WORDS):
        if scanner.text[start : start + len(word)].lower() == word:
            scanner.advance(len(word))
            break
    else:
        raise _misspelt(scanner)
    if word == "not_null":
        return Is(field, "null", not negated)
    return Is(field, cast(Literal["null", "true", "false", "unknown"], word), negated)


def _misspelt(scanner: Scanner) -> Mismatch:
    """The mismatch at the first letter that no word could have there."""
    ahead = scanner.text[scanner.at : scanner.at + len("unknown")].lower()
    scanner.advance(max(shared_length(ahead, word) for word in TRILEAN_WORDS))
    return scanner.mismatch(TRILEAN)


def _list(scanner: Scanner) -> tuple[str, ...]:
    """`(a,"b,c")`. One empty member, quoted or not, is an empty list, as in PostgREST v11.1."""
    scanner.skip_spaces()
    scanner.require("(")
    scanner.skip_spaces()
    members = [_list_member(scanner)]
    while scanner.take(","):
        members.append(_list_member(scanner))
        scanner.budget.admit_list(len(members))
    scanner.require(")")
    scanner.skip_spaces()
    return () if members == [""] else tuple(members)


def _list_member(scanner: Scanner) -> str:
    text = scanner.attempt(_member_quoted)
    return scanner.until(MEMBER_ENDS) if text is None else text


def _member_quoted(scanner: Scanner) -> str:
    """Quotes count only around the whole member."""
    text = quoted(scanner)
    if scanner.next and scanner.next not in MEMBER_ENDS:
        raise scanner.mismatch('","')
    return text


def _braced(scanner: Scanner) -> str:
    start = scanner.at
    scanner.require("{")
    scanner.until("{}")
    scanner.require("}")
    return scanner.text[start : scanner.at]
