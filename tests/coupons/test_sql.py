"""The key by which the database compares coupon codes."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coupons.codes import IGNORED, LONGEST, code_faults

pytestmark = pytest.mark.django_db

on_one_database = settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
"""Only questions are asked, so that all examples may share a test's transaction."""


def says_something_odd(character: str) -> bool:
    """Marks, signs, spaces, and whatever normalizing or lower case would change; plain letters prove nothing."""
    category = unicodedata.category(character)
    plain = character.lower() == unicodedata.normalize("NFKC", character) == character
    return category not in {"Cs", "Cn", "Co"} and (category[0] in "CMPZ" or not plain)


CHARACTERS = [chr(point) for point in range(1, 0x110000)]
ODD_CHARACTERS = [character for character in CHARACTERS if says_something_odd(character)]
IGNORED_CHARACTERS = [chr(point) for first, last in IGNORED for point in range(first, last + 1)]
TYPED = st.text(
    st.one_of(
        st.characters(exclude_characters="\x00", exclude_categories=["Cs"]),
        st.sampled_from(" -\u00ad\u200b\u200d\u2013\u00a8\u0308\u0307\u0345\u034fAaİIıſßẞΣσςK\u212a①ﬁ가ᄀ\u1161\u11a8"),
    ),
    max_size=12,
)


def ask(statement: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] if len(row) == 1 else row for row in cursor.fetchall()]


def keys(*codes: str) -> list[str]:
    return ask("select coupon_code_key(code) from unnest(%s::text[]) code", list(codes))


@pytest.mark.parametrize(
    "spellings",
    [
        [
            "SUMMER10",
            "summer10",
            "Summer 10",
            "SUMMER-10",
            "ＳＵＭＭＥＲ１０",
            "ＳＵＭＭＥＲ－１０",
            "sum\u00admer10",
            "SUMMER\u00a010",
        ],
        [
            "SUMMER10",
            "SUM\u200bMER10",
            "SUMMER\u201310",
            "SUMMER\u201410",
            "SUMMER\u221210",
            "SUMMER\u3000①0",
            "\ufeffSummer10\u2060",
        ],
        ["FIVE", "ﬁve", "\u2131ive"],
        ["été", "E\u0301TE\u0301", "ÉT\u200bÉ", "E\u200b\u0301T\u034fÉ"],
        ["ISTANBUL", "istanbul", "İSTANBUL", "I\u0307stanbul"],
        ["STRAßE", "STRAẞE", "straße"],
        ["10K", "10\u212a"],
    ],
)
def test_spellings_that_look_alike_are_one_code(spellings):
    assert len(set(keys(*spellings))) == 1


@pytest.mark.parametrize(
    "pair", [("STRASSE", "STRAßE"), ("ISTANBUL", "ıstanbul"), ("SUMMER10", "SUMMER1O"), ("A_B", "AB"), ("ete", "été")]
)
def test_other_spellings_stay_apart(pair):
    assert len(set(keys(*pair))) == 2


@on_one_database
@given(TYPED)
def test_the_key_of_a_key_is_itself(code):
    [once] = keys(code)

    assert keys(once) == [once]


def test_every_odd_character_has_a_stable_key_and_is_judged_alike_on_both_sides():
    answers = ask(
        """select coupon_code_key(c) = coupon_code_key(coupon_code_key(c)), coupon_code_is_valid(c)
           from unnest(%s::text[]) c""",
        ODD_CHARACTERS + IGNORED_CHARACTERS,
    )

    assert all(stable for stable, _ in answers)
    assert [valid for _, valid in answers] == [not code_faults(c) for c in ODD_CHARACTERS + IGNORED_CHARACTERS]


def test_every_space_and_dash_says_nothing():
    blank = [character for character in CHARACTERS if unicodedata.category(character) in {"Zs", "Zl", "Zp", "Pd"}]

    assert set(keys(*blank)) == {""}


@pytest.mark.parametrize(
    "code", ["", "x" * LONGEST, "x" * (LONGEST + 1), "☀" * LONGEST, "\u202eabc", "a\nb", "Sommer 10 %"]
)
def test_codes_are_judged_alike_on_both_sides(code):
    assert ask("select coupon_code_is_valid(%s)", code) == [not code_faults(code)]


@on_one_database
@given(TYPED)
def test_random_codes_are_judged_alike_on_both_sides(code):
    assert ask("select coupon_code_is_valid(%s)", code) == [not code_faults(code)]


def test_codes_of_plain_bytes_take_a_shorter_way_to_the_same_key():
    plain = [f"A{chr(first)}b{chr(second)}Z" for first in range(1, 128) for second in range(1, 128)]

    assert [f"{key}é" for key in keys(*plain)] == keys(*(f"{code}É" for code in plain))


def test_nothing_has_no_key():
    assert ask("select coupon_code_key(null)") == [None]
