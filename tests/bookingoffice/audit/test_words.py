"""History in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone, translation

from bookingoffice.audit.values import LONGEST
from bookingoffice.audit.words import changes_in_words, deed


def words(table: str, changes: dict[str, Any], currency: str | None = "EUR", *, whole: bool = False) -> list[str]:
    with timezone.override("Europe/Amsterdam"):
        told = changes_in_words(table, changes, whole=whole, currency_of=lambda column: currency)
        return [line.replace("\N{NO-BREAK SPACE}", " ") for line in told]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"quota": [40, 60]}, "Uses in all: 40 → 60"),
        ({"quota": [40, None]}, "Uses in all: 40 → no limit"),
        ({"stackable": [True, False]}, "With other coupons: yes → no"),
        ({"max_discount_minor": [10000, 125050]}, "Most taken off by one use: 100.00 EUR → 1,250.50 EUR"),
        ({"percent": [12.5, 20.0]}, "Percent: 12.5 % → 20 %"),
        ({"invitee_mode": ["all", "new_users"]}, "For whom: Everyone → New customers"),
        ({"arrival_weekdays": [None, [5, 6]]}, "Arrival on: nothing → Friday, Saturday"),
        ({"blackout_dates": [["2027-12-24"], ["2027-12-24", "2027-12-31"]]},
         "Not on these days: 24 Dec 2027 → 24 Dec 2027, 31 Dec 2027"),
        ({"stay_from": ["2027-06-01", None]}, "Stays from: 1 Jun 2027 → nothing"),
    ],
)  # fmt: skip
def test_a_change_tells_before_and_after_as_people_write_it(changes, line):
    assert words("coupons", changes) == [line]


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2027-08-31T22:00:00+00:00", "31 Aug 2027"),  # midnight after the last day
        ("2027-08-31T21:59:59+00:00", "31 Aug 2027"),
        ("2027-08-31T16:00:00+00:00", "31 Aug 2027, 18:00"),
        ("infinity", "infinity"),
    ],
)
def test_a_deadline_at_the_end_of_a_day_is_the_day(instant, said):
    assert words("coupons", {"expires_at": [instant, None]}) == [f"Expires: {said} → never"]


def test_amounts_of_a_currency_nobody_knows_stay_in_its_smallest_unit():
    assert words("coupons", {"amount_minor": [100, 200]}, "QQQ") == [
        "Amount: 100 in the smallest unit → 200 in the smallest unit"
    ]


def test_a_new_row_tells_only_what_is_out_of_the_ordinary():
    changes = {
        "code": [None, "SUMMER"],
        "hot": [None, False],
        "stackable": [None, True],
        "metadata": [None, {}],
        "percent": [None, 15],
        "definition": [None, {"type": "x"}],
    }

    assert words("coupons", changes, whole=True) == ["Code: SUMMER", "Percent: 15 %"]


def test_names_are_read_and_structures_are_not():
    names = {"name": [{"default": "Winter"}, {"default": "Winter", "nl": "Koud"}]}

    assert words("products", names) == ["Name: Winter → Winter, Koud (nl)"]
    assert words("coupons", {"definition": [{"type": "a"}, {"type": "b"}]}) == ["Price expression: changed"]
    assert words("coupons", {"definition": [{"a": 1}, {"a": 2}], "percent": [1, 2]}) == ["Percent: 1 % → 2 %"]


def test_a_long_text_is_cut():
    [line] = words("coupons", {"description": ["a", "b" * 500]})

    assert line == f"Description: a → {'b' * LONGEST}…"


def test_a_digest_is_never_told():
    assert words("api_keys", {"digest": ["a", "secret"]}) == []


def test_a_column_that_is_no_more_is_still_told():
    assert words("coupons", {"old_limit_minor": [1, 2], "gone_id": ["x", "y"]}, None) == [
        "Gone: x → y",
        "Old limit: 1 in the smallest unit → 2 in the smallest unit",
    ]


def test_a_deed_names_the_table_as_people_do():
    assert deed("created", "api_keys", "sync 1a2b3c4d") == "Made API key sync 1a2b3c4d"
    assert deed("revoked", "api_keys", "sync") == "Revoked API key sync"
    assert deed("mended", "a_new_table", "") == "Mended: a new table"


def test_numbers_and_days_are_written_as_the_reader_writes_them():
    with translation.override("de"):
        [line] = words("coupons", {"max_discount_minor": [10000, 125050]})
    assert line.endswith("100,00 EUR → 1.250,50 EUR")
