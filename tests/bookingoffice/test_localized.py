from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingoffice.localized import choose_text, name_faults


def found(value):
    return sorted((fault.code, fault.path) for fault in name_faults(value))


@pytest.mark.parametrize("value", [None, 5, "Summer", True, ["Summer"]])
def test_only_an_object_is_a_name(value):
    assert found(value) == [("name_not_object", "")]


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        ({"default": ""}, []),
        ({"default": "Summer", "gr-EL": "x", "zh-Hant-TW": "y", "NL": "z"}, []),
        ({}, [("missing_default", "default")]),
        ({"nl": "Zomer"}, [("missing_default", "default")]),
        ({"default": None}, [("text_not_string", "default")]),
        ({"default": "", "nl": 5}, [("text_not_string", "nl")]),
        ({"default": "", "nl": "a", "NL": "b"}, [("duplicate_tag", "NL")]),
        ({"default": "", "nl-NL": "a", "nl_nl": "b"}, [("bad_tag", "nl_nl"), ("duplicate_tag", "nl_nl")]),
        ({"default": "", "Default": ""}, [("duplicate_tag", "Default")]),
        ({"default": "", "": "x"}, [("bad_tag", "")]),
        ({"default": "", "n": "x"}, [("bad_tag", "n")]),
        ({"default": "", "nl\n": "x"}, [("bad_tag", "nl\n")]),
        ({"default": "", "nederlands": "x"}, [("bad_tag", "nederlands")]),
        ({"default": "", "nl-": "x"}, [("bad_tag", "nl-")]),
        ({"default": "", "ñl": "x"}, [("bad_tag", "ñl")]),
    ],
)
def test_every_fault_is_named_with_its_key(value, faults):
    assert found(value) == faults


def test_faults_carry_the_field_and_the_row():
    [fault] = name_faults({}, field="description", row=3)

    assert (fault.field, fault.row) == ("description", 3)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh-Hans-SG", "hans"),
        ("zh-Hans-SG-x-long", "hans"),
        ("zh", "hans"),
        ("zh-Latn", "hans"),
        ("ZH_hant", "hant"),
        ("pt-PT", "Angola"),
        ("fr", "High"),
        ("", "High"),
        (None, "High"),
        ("de-CH", "Hoch"),
        ("e", "High"),
    ],
)
def test_a_text_is_looked_up_by_cutting_the_tag_from_the_right(lang, text):
    name = {"default": "High", "zh-Hant": "hant", "zh-Hans": "hans", "pt-BR": "Brasil", "pt-AO": "Angola", "de": "Hoch"}

    assert choose_text(name, lang) == text


def test_a_single_letter_is_cut_with_what_it_announces():
    assert choose_text({"default": "High", "zh-x": "cut off", "zh": "whole"}, "zh-x-long") == "whole"


@pytest.mark.parametrize("key", ["nl", "nl" + "-aa" * 100_000])
def test_a_tag_as_long_as_a_body_costs_no_more_than_reading_it(key):
    began = time.process_time()

    assert choose_text({"default": "Summer", key: "Zomer"}, "nl" + "-aa" * 200_000) == "Zomer"
    assert time.process_time() - began < 1


def test_empty_texts_are_skipped_at_each_step():
    assert choose_text({"default": "", "nl-NL": "", "nl": "", "nl-BE": "Vlaams", "en": "High"}, "nl-NL") == "Vlaams"
    assert choose_text({"default": "", "nl": "", "fr": "Haute", "en": "High"}, "nl") == "High"
    assert choose_text({"default": "", "nl": ""}, "nl") == ""


@given(
    st.dictionaries(st.sampled_from(["default", "nl", "nl-NL", "nl-BE", "en", "pt-BR"]), st.text(max_size=2)), st.text()
)
def test_a_text_is_found_whenever_there_is_one(name, lang):
    assert bool(choose_text(name, lang)) == any(name.values())
