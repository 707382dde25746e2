"""Texts in several languages: `{"default": text, "<language tag>": text, …}`.

Tags need only be well formed, not registered (`gr-EL` is in real use), and keep the spelling they came with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bookingoffice.errors import Fault, Malformed
from bookingoffice.speech import gettext as _

TAG_PATTERN: Final = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
"""Well-formed language tags, whole text; the database check is built from the same pattern."""

DEFAULT: Final = "default"

_TAG: Final = re.compile(TAG_PATTERN)


def name_faults(value: object, *, field: str = "name", row: int = 0) -> list[Fault]:
    """Every fault of a text in several languages; the path is the key. An empty `default` is no fault here."""
    if not isinstance(value, dict):
        return [Fault(field, "name_not_object", _("A name is an object with one text per language."), "", row)]
    return [Fault(field, code, message, path, row) for code, path, message in _faults_of_object(value)]


def refuse_malformed_names(rows: Sequence[Mapping[str, object]], fields: Sequence[str]) -> None:
    """Raises Malformed with every fault of the texts in several languages that these rows have."""
    faults = [
        fault
        for place, row in enumerate(rows)
        for field in fields
        if row.get(field) is not None
        for fault in name_faults(row[field], field=field, row=place)
    ]
    if faults:
        raise Malformed(faults)


def _faults_of_object(name: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    if DEFAULT not in name:
        yield "missing_default", DEFAULT, _("A name needs a text under the key “default”.")
    seen: set[str] = set()
    for tag, text in name.items():
        if not _TAG.fullmatch(tag):
            yield "bad_tag", tag, _("A key is “default” or a language tag such as “nl” or “nl-NL”.")
        if not isinstance(text, str):
            yield "text_not_string", tag, _("A translation is a text.")
        if (folded := fold_tag(tag)) in seen:
            yield "duplicate_tag", tag, _("This language is given twice.")
        seen.add(folded)


def fold_tag(tag: str) -> str:
    """The form in which tags are compared: case does not count, and `_` is read as `-`."""
    return tag.replace("_", "-").lower()


def choose_text(name: Mapping[str, str], lang: str | None) -> str:
    """The best text for the language, never an empty one while any other has words; empty only when all are."""
    texts = {fold_tag(tag): name[tag] for tag in sorted(name, reverse=True) if name[tag]}
    for tag in _preferences(texts, lang):
        if tag in texts:
            return texts[tag]
    return ""


def _preferences(texts: Mapping[str, str], lang: str | None) -> Iterator[str]:
    if lang:
        longest = max(map(len, texts), default=0)
        tag = fold_tag(
            lang[: longest + 1]
        )  # a caller's tag may be as long as a body, and what is longer than all matches none
        yield from _cuts(texts, tag)
        yield from _regions(texts, tag)
    yield DEFAULT
    yield from sorted(texts)


def _cuts(texts: Mapping[str, str], tag: str) -> list[str]:
    """The tag and what cutting it from the right leads to, of those that are there; a single letter only announces what
    follows, so it goes too (RFC 4647)."""
    cuts = [key for key in texts if key == tag or (tag.startswith(f"{key}-") and key[-2:-1] != "-")]
    return sorted(cuts, key=len, reverse=True)


def _regions(texts: Mapping[str, str], tag: str) -> list[str]:
    language = tag.split("-")[0]
    return sorted(key for key in texts if key.startswith(language + "-"))
