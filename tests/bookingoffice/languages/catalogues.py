"""Catalogues read without gettext, which nobody needs to run the product."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from gettext import GNUTranslations
from pathlib import Path

from bookingoffice.database.server.folder import PROJECT

LANGUAGES = ("de", "nl")
ENTRY = re.compile(
    r'^(?:msgctxt (?P<context>".*")\n)?msgid (?P<one>".*"(?:\n".*")*)\n(?:msgid_plural (?P<many>".*"(?:\n".*")*)\n)?'
    r'(?P<said>(?:msgstr(?:\[\d\])? ".*"(?:\n".*")*\n?)+)',
    re.MULTILINE,
)
SAID = re.compile(r'^msgstr(?:\[\d\])? (".*"(?:\n".*")*)', re.MULTILINE)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|(?<!%)%[sd]")


@dataclass(frozen=True)
class Message:
    context: str | None
    one: str
    many: str | None
    said: tuple[str, ...]

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.one


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def folder(language: str) -> Path:
    return PROJECT / "locale" / language / "LC_MESSAGES"


def source(language: str) -> str:
    return (folder(language) / "django.po").read_text("utf-8")


def messages(language: str) -> Iterator[Message]:
    for entry in ENTRY.finditer(source(language)):
        one = _text(entry["one"])
        if one:
            context = _text(entry["context"]) if entry["context"] else None
            many = _text(entry["many"]) if entry["many"] else None
            yield Message(context, one, many, tuple(map(_text, SAID.findall(entry["said"]))))


def compiled(language: str) -> dict[str | tuple[str, int], str]:
    """By the message as the compiled file has it: its context before it, its plurals numbered."""
    with (folder(language) / "django.mo").open("rb") as file:
        catalogue: dict[str | tuple[str, int], str] = vars(GNUTranslations(file))["_catalog"]
    return {key: said for key, said in catalogue.items() if key}


def _text(quoted: str) -> str:
    return "".join(ast.literal_eval(line) for line in quoted.split("\n"))
