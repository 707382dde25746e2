"""Settings come from the environment. A reader names the variable it refuses, so a typing error stops the start."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


class OddSetting(ValueError):
    """A variable holds what cannot be meant. The message names the variable and says what it takes."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name}={value!r} is not understood: it takes {expected}.")
        self.name = name


class Environment:
    """Typed reading of variables. Unset and empty mean the same: the default."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def text(self, name: str, default: str = "") -> str:
        value = self._variables.get(name, "").strip()
        if "\0" in value or "\n" in value:
            raise OddSetting(name, value, "one line of text")
        return value or default

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).lower()
        if not value:
            return default
        if value in YES | NO:
            return value in YES
        raise OddSetting(name, value, "1 or 0 (also true, false, yes, no, on, off)")

    def integer(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if value.isascii() and value.isdigit() and least <= int(value) <= most:
            return int(value)
        raise OddSetting(name, value, f"a whole number from {least} to {most}")

    def choice(self, name: str, words: Sequence[str], default: str = "") -> str:
        """One of `words`, whatever the case it is written in; the first one by default."""
        value = self.text(name) or default or words[0]
        for word in words:
            if value.lower() == word.lower():
                return word
        raise OddSetting(name, value, f"one of {', '.join(words)}")

    def words(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        """A list separated by commas; blanks around a word are not part of it."""
        value = self.text(name)
        if not value:
            return list(default)
        words = [word.strip() for word in value.split(",")]
        if all(words):
            return words
        raise OddSetting(name, value, "words separated by commas, none of them empty")

    def folder(self, name: str, default: Path) -> Path:
        """An absolute path; a relative one is meant from where the command was given. It may not exist yet."""
        path = Path(self.text(name) or default).expanduser().absolute()
        if path.exists() and not path.is_dir():
            raise OddSetting(name, str(path), "a folder, and this is a file")
        return path
