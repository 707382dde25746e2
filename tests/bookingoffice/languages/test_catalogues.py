"""Dutch and German are whole: nothing is missing, nothing is guessed, and what is compiled is what was written."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.bookingoffice.languages.catalogues import LANGUAGES, Message, compiled, messages, placeholders, source
from tests.bookingoffice.languages.marked import marked_in_code, marked_in_templates

every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
def test_every_message_is_translated_once_and_none_is_guessed(language: str):
    read = list(messages(language))

    assert source(language).count("\nmsgid ") == len(read)
    assert not [message.one for message in read if not all(message.said)]
    assert not [message.one for message in read if len(message.said) != (2 if message.many else 1)]
    assert max(Counter(message.key for message in read).values()) == 1
    assert "#, fuzzy" not in source(language)


@every_language
def test_placeholders_are_those_of_the_english(language: str):
    assert not [message for message in messages(language) if not _agrees(message)]


@every_language
def test_a_sentence_ends_as_the_english_does(language: str):
    """A full stop, a question mark or a colon that got lost, and a text that was put under the wrong message."""
    lost = [
        (message.one, message.said)
        for message in messages(language)
        for mark in ".?:"
        if message.one.endswith(mark) and not message.said[-1].rstrip().endswith((mark, "…"))
    ]

    assert not lost


@every_language
def test_the_compiled_catalogue_says_what_the_source_says(language: str):
    expected: dict[str | tuple[str, int], str] = {}
    for message in messages(language):
        key = message.one if message.context is None else f"{message.context}\x04{message.one}"
        if message.many is None:
            expected[key] = message.said[0]
        else:
            expected |= {(key, place): said for place, said in enumerate(message.said)}

    assert compiled(language) == expected


@every_language
def test_what_code_and_templates_mark_is_in_the_catalogue(language: str):
    known = {message.key for message in messages(language)}

    assert not [(str(path), key) for path, key in (*marked_in_code(), *marked_in_templates()) if key not in known]


def _agrees(message: Message) -> bool:
    """The one of a plural may leave its number out: “once”."""
    *ones, last = message.said
    wanted = placeholders(message.many or message.one)
    return placeholders(last) == wanted and all(placeholders(one) <= wanted for one in ones)
