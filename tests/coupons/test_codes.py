from __future__ import annotations

import pytest

from coupons.codes import LONGEST, code_faults


def found(code):
    return [fault.code for fault in code_faults(code)]


@pytest.mark.parametrize(
    "code", ["QUIET_WEEK", "Sommer 10 %", "Été–2027", "秋の割引", "x" * LONGEST, "👩\u200d👩\u200d👧"]
)
def test_what_people_type_is_a_code(code):
    assert found(code) == []


@pytest.mark.parametrize("code", ["", " ", "- -", "\u00ad\u200b\ufeff", "\u3000\u2013\u2212", "\u3164", "\u2800"])
def test_a_code_of_nothing_but_spaces_hyphens_and_invisible_characters_is_empty(code):
    assert found(code) == ["code_empty"]


@pytest.mark.parametrize(
    "mark", ["\x00", "\n", "\t", "\x7f", "\x85", "\u200e", "\u200f", "\u061c", "\u202e", "\u2066", "\ud800"]
)
def test_controls_and_direction_marks_are_refused(mark):
    assert found(f"SUMMER{mark}10") == ["code_with_control_character"]


def test_a_code_has_at_most_64_characters_and_every_fault_is_told():
    assert found("x" * (LONGEST + 1)) == ["code_too_long"]
    assert found("☀" * LONGEST) == []
    assert found("\n" * (LONGEST + 1)) == ["code_empty", "code_with_control_character", "code_too_long"]


def test_faults_carry_field_and_row():
    [fault] = code_faults("", row=2)

    assert (fault.field, fault.path, fault.row) == ("code", "", 2)
