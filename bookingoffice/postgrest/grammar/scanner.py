"""A cursor over one parameter that remembers what would have fitted where reading failed.

Positions and words of a failure are Parsec's: moving on forgets older failures, going back keeps them, the furthest wins.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from ..errors import Problem, unparsable
from .budget import Budget

T = TypeVar("T")
END = "end of input"
TAB_WIDTH = 8


class Mismatch(Exception):
    """Nothing fits here; an alternative may still, so the caller resets the cursor or lets it rise."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What was found at a place, and the labels of what would have fitted."""

    at: int
    found: str
    expected: tuple[str, ...]

    def merged(self, other: Failure) -> Failure:
        """The further one; of two in one place both, and what the first found unless the end was expected."""
        if self is other:
            return self
        if self.at != other.at:
            return max(self, other, key=lambda failure: failure.at)
        found = other.found if END in other.expected else self.found
        return Failure(self.at, found, tuple(dict.fromkeys(self.expected + other.expected)))


NO_FAILURE = Failure(-1, "", ())


class Scanner:
    """`noting` off reads faster and cannot tell what went wrong."""

    def __init__(self, text: str, budget: Budget, *, noting: bool) -> None:
        self.text = text
        self._noting = noting
        self.at = 0  # set it back only to a place it has been at; `advance` moves it on
        self.budget = budget
        self._failure = NO_FAILURE

    @property
    def next(self) -> str:
        """The character under the cursor, empty at the end."""
        return self.text[self.at : self.at + 1]

    def starts(self, word: str) -> bool:
        return self.text.startswith(word, self.at)

    def take(self, word: str, label: str | None = None) -> bool:
        """Move over `word` if it stands here; if not, note that it would have fitted."""
        if self.starts(word):
            self.advance(len(word))
            return True
        if self._noting:
            self.note(label or f'"{word}"', found=self._first_difference(word))
        return False

    def require(self, word: str, label: str | None = None) -> None:
        if not self.take(word, label):
            raise self.mismatch()

    def skip_spaces(self) -> bool:
        """Spaces and tabs; whether there were any."""
        return self.next in (" ", "\t") and bool(self.take_while(" \t".__contains__))

    def until(self, stops: str) -> str:
        """Everything up to the first of `stops` or the end."""
        return self.take_while(lambda character: character not in stops)

    def rest(self) -> str:
        return self.advance(len(self.text) - self.at)

    def take_while(self, fits: Callable[[str], bool]) -> str:
        end = self.at
        while end < len(self.text) and fits(self.text[end]):
            end += 1
        return self.advance(end - self.at)

    def advance(self, count: int) -> str:
        """The next `count` characters."""
        start = self.at
        self.at += count
        if count:
            self._failure = NO_FAILURE
        return self.text[start : self.at]

    def at_end(self) -> bool:
        if self.at == len(self.text):
            return True
        self.note(END, found=shown(self.next, "'"))
        return False

    def note(self, label: str, found: str | None = None) -> None:
        """`label` would have fitted under the cursor."""
        if not self._noting:
            return
        here = Failure(self.at, shown(self.next) if found is None else found, (label,))
        self._failure = self._failure.merged(here)

    def mismatch(self, label: str | None = None) -> Mismatch:
        """To be raised; `label` would have fitted here."""
        if label:
            self.note(label)
        return Mismatch()

    def attempt(self, rule: Callable[[Scanner], T]) -> T | None:
        """The value of `rule`, or None with the cursor back where it was."""
        start, before = self.at, self._failure
        try:
            return rule(self)
        except Mismatch:
            self.at, self._failure = start, before.merged(self._failure)
            return None

    def foresees(self, rule: Callable[[Scanner], object]) -> bool:
        """Whether `rule` fits here; nothing is moved or noted."""
        start, before = self.at, self._failure
        try:
            rule(self)
        except Mismatch:
            return False
        else:
            return True
        finally:
            self.at, self._failure = start, before

    def stands(self, rule: Callable[[Scanner], object]) -> bool:
        """Whether `rule` fits here; nothing is moved, and what would have fitted is noted where it does not."""
        start = self.at
        found = self.attempt(rule) is not None
        self.at = start
        return found

    def problem(self, what: str, text: str) -> Problem:
        line, column = position(self.text, self._failure.at)
        details = f"unexpected {self._failure.found} expecting {listed(self._failure.expected)}"
        return unparsable(what, text, column, details, line=line)

    def _first_difference(self, word: str) -> str:
        at = self.at + shared_length(self.text[self.at : self.at + len(word)], word)
        return shown(self.text[at : at + 1])


def read(rule: Callable[[Scanner], T], text: str, budget: Budget, *, what: str, quoted: str | None = None) -> T:
    """The value of `rule` at the start of `text`; `quoted` is what an error shows instead of the text itself."""
    try:
        return rule(Scanner(text, budget, noting=False))
    except Mismatch:
        raise _explained(rule, text, budget, what, text if quoted is None else quoted) from None


def _explained(rule: Callable[[Scanner], object], text: str, budget: Budget, what: str, quoted: str) -> Problem:
    """Read once more, only to say what was expected where."""
    scanner = Scanner(text, Budget(budget.bounds), noting=True)
    with suppress(Mismatch):
        rule(scanner)
    return scanner.problem(what, quoted)


def position(text: str, at: int) -> tuple[int, int]:
    """Line and column from 1; a tab moves to the next multiple of eight."""
    line, column = 1, 1
    for character in text[:at]:
        if character == "\n":
            line, column = line + 1, 1
        elif character == "\t":
            column += TAB_WIDTH - (column - 1) % TAB_WIDTH
        else:
            column += 1
    return line, column


def shown(character: str, quote: str = '"') -> str:
    """One character as an error names it: quoted, escaped unless it is plain ASCII."""
    if not character:
        return END
    if character in (quote, "\\"):
        return f"{quote}\\{character}{quote}"
    if character.isascii() and character.isprintable():
        return f"{quote}{character}{quote}"
    return f"{quote}\\{ord(character)}{quote}"


def shared_length(one: str, other: str) -> int:
    """How many characters two texts have in common from their start."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def listed(labels: tuple[str, ...]) -> str:
    return " or ".join(filter(None, [", ".join(labels[:-1]), *labels[-1:]]))
