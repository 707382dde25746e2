"""What is wrong in a file, kept up to a limit, told by line and column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class FileFault(NamedTuple):
    """`line` counts from 1; `column` is the column's name, empty where the whole line is meant."""

    line: int
    column: str
    code: str
    sentence: str


class Unreadable(Exception):
    """From here on the file cannot be read: what follows would only be guessed."""

    def __init__(self, line: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = FileFault(line, "", code, sentence)


class Faults:
    """The first `most` faults. Once they are there, nobody needs to look for more."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: list[FileFault] = []

    def add(self, line: int, column: str, code: str, sentence: str) -> None:
        if not self.full:
            self._found.append(FileFault(line, column, code, sentence))

    @property
    def full(self) -> bool:
        return len(self._found) >= self.most

    @property
    def lines(self) -> set[int]:
        return {fault.line for fault in self._found}

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[FileFault]:
        return iter(sorted(self._found, key=lambda fault: fault.line))


def shortened(text: str, most: int = 60) -> str:
    """A value as a fault quotes it: one line, not the whole novel."""
    quoted = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
    return f"“{quoted}”" if len(quoted) <= most else f"“{quoted[: most - 1]}…”"
