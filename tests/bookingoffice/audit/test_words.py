"""History in words."""

from __future__ import annotations

from bookingoffice.audit.words import LONGEST, changes_in_words, deed


def test_a_change_tells_before_and_after():
    changes = {"quota": [40, 60], "stackable": [True, False], "max_discount_minor": [100, None]}

    assert list(changes_in_words(changes)) == ["max discount: 100 → nothing", "quota: 40 → 60", "stackable: yes → no"]


def test_a_new_row_tells_only_what_is_out_of_the_ordinary():
    changes = {
        "code": [None, "SUMMER"],
        "hot": [None, False],
        "metadata": [None, {}],
        "definition": [None, {"type": "x"}],
    }

    assert list(changes_in_words(changes)) == ["code: SUMMER"]


def test_names_are_read_and_structures_are_not():
    changes = {"name": [{"default": "Winter"}, {"default": "Winter", "nl": "Koud"}], "value": [{"type": "a"}, None]}

    assert list(changes_in_words(changes)) == ["name: Winter → Winter, Koud"]
    assert list(changes_in_words({"value": [{"type": "a"}, {"type": "b"}]})) == ["value: changed"]


def test_a_long_text_is_cut():
    [line] = changes_in_words({"description": ["a", "b" * 500]})

    assert line == f"description: a → {'b' * LONGEST}…"


def test_a_digest_is_never_told():
    assert list(changes_in_words({"digest": [None, "secret"]})) == []


def test_a_deed_names_the_table_as_people_do():
    assert deed("created", "api_keys", "sync 1a2b3c4d") == "created API key sync 1a2b3c4d"
    assert deed("deleted", "a_new_table", "") == "deleted a new table"
