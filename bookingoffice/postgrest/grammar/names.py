"""Names, JSON paths and quoted text: the words that select, filters, order and logic share."""

from __future__ import annotations

from typing import Literal

from ..nodes import Field, Step
from .scanner import Scanner

FIELD_NAME = "field name (* or [a..z0..9_$])"
NAME_MARKS = frozenset("0123456789_ $")
INDEX_DIGITS = frozenset("0123456789")
AFTER_INDEX = ("->", "::", ".", ",")
DELIMITER = "delimiter (.)"


def field(scanner: Scanner) -> Field:
    """`column[path]` with spaces around it."""
    scanner.skip_spaces()
    column = name(scanner)
    path = json_path(scanner)
    scanner.skip_spaces()
    return Field(column, path)


def name(scanner: Scanner) -> str:
    found = _quoted_or_bare(scanner)
    scanner.budget.admit_name(found)
    return found


def dotted(scanner: Scanner) -> list[str]:
    """`a.b.c`, at least one name."""
    names = [name(scanner)]
    while scanner.take(".", DELIMITER):
        names.append(name(scanner))
    return names


def column_list(scanner: Scanner) -> list[str]:
    names = [name(scanner)]
    while comma(scanner):
        names.append(name(scanner))
    return names


def comma(scanner: Scanner) -> bool:
    """A comma with spaces around it. Spaces that lead to no comma are refused, unless a bracket closes after them."""
    spaces = scanner.skip_spaces()
    if scanner.take(","):
        scanner.skip_spaces()
        return True
    if spaces and scanner.next != ")":
        raise scanner.mismatch()
    return False


def fits_name(character: str) -> bool:
    return character.isalpha() or character in NAME_MARKS


def identifier(scanner: Scanner) -> str:
    """Letters, digits, `_`, `$` and spaces; the outer spaces do not count."""
    word = scanner.take_while(fits_name)
    scanner.note("letter")
    scanner.note("digit")
    if not word:
        raise scanner.mismatch()
    return word.strip()


def quoted(scanner: Scanner) -> str:
    """`"…"` with `\\` before a character that stands for itself."""
    scanner.require('"')
    pieces = []
    while True:
        pieces.append(scanner.until('"\\'))
        if scanner.take('"'):
            return "".join(pieces)
        scanner.require("\\")
        if not scanner.next:
            raise scanner.mismatch("any character")
        pieces.append(scanner.advance(1))


def json_path(scanner: Scanner) -> tuple[Step, ...]:
    steps: list[Step] = []
    while arrow := _arrow(scanner):
        steps.append(Step(arrow, _operand(scanner)))
        scanner.budget.admit_path(len(steps))
    return tuple(steps)


def _arrow(scanner: Scanner) -> Literal["->", "->>"] | None:
    if scanner.take("->>"):
        return "->>"
    return "->" if scanner.take("->") else None


def _quoted_or_bare(scanner: Scanner) -> str:
    if scanner.next == '"':
        return quoted(scanner)
    if not fits_name(scanner.next):
        raise scanner.mismatch(FIELD_NAME)
    words = [identifier(scanner)]
    while _dash(scanner):
        words.append(identifier(scanner))
    return "-".join(words)


def _dash(scanner: Scanner) -> bool:
    """A dash of a name, not the head of an arrow."""
    return not scanner.starts("->") and scanner.take("-")


def _operand(scanner: Scanner) -> str | int:
    index = scanner.attempt(_index)
    return _quoted_or_bare(scanner) if index is None else index


def _index(scanner: Scanner) -> int:
    """Digits that a bracket closes are a key, as in PostgREST v11.1: `rel(data->0)` asks for the key "0"."""
    sign = scanner.advance(1) if scanner.next == "-" else ""
    digits = scanner.take_while(INDEX_DIGITS.__contains__)
    scanner.note("digit")
    if not digits or not _ends_index(scanner):
        raise scanner.mismatch()
    scanner.budget.admit_name(sign + digits)
    return int(sign + digits)


def _ends_index(scanner: Scanner) -> bool:
    if any(scanner.starts(word) for word in AFTER_INDEX):
        return True
    for word in AFTER_INDEX:
        scanner.note(f'"{word}"')
    return scanner.at_end()
