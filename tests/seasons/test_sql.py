"""The database's own rules of seasons, held against the Python ones."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import CheckViolation
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from bookingoffice.database.scope import tenant_scope
from bookingoffice.localized import name_faults
from bookingoffice.records import uuid7
from seasons.calendar import Stretch
from seasons.expressions import slots_of, value_faults
from seasons.ring import slot_of
from seasons.year_rows import year_row_faults
from tests.builders import make_organization
from tests.seasons.builders import dated_seasons, expressions
from tests.seasons.near_misses import name_text, value_text
from tests.seasons.questions import ONE_DAY, ask, multirange_of, spans_of, stretches_of

pytestmark = pytest.mark.django_db

on_one_database = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
"""Only questions are asked, so that all examples may share a test's transaction."""

thousands = pytest.mark.parametrize("chance", [Random(seed) for seed in range(4)], ids=range(4))


@thousands
def test_the_check_refuses_what_the_rules_refuse_and_gives_it_no_slots(chance):
    texts = [value_text(chance) for _ in range(3000)]
    answers = ask("select season_value_is_valid(t::jsonb), season_slots(t::jsonb) from unnest(%s::text[]) t", texts)

    for text, (valid, slots) in zip(texts, answers, strict=True):
        value = json.loads(text, parse_float=Decimal)
        assert valid == (value is not None and not value_faults(value)), text
        assert spans_of(slots) == (slots_of(value).spans if valid else ()), text


@on_one_database
@given(expressions)
def test_slots_and_their_number_are_the_same_on_both_sides(value):
    [(slots, days)] = ask("select s, season_ring_days(s) from season_slots(%s::jsonb) s", json.dumps(value))

    assert spans_of(slots) == slots_of(value).spans
    assert days == slots_of(value).leap_days


@thousands
def test_names_are_judged_alike_on_both_sides(chance):
    texts = [name_text(chance) for _ in range(3000)]
    answers = ask("select name_is_valid(t::jsonb) from unnest(%s::text[]) t", texts)

    for text, valid in zip(texts, answers, strict=True):
        assert valid == (not name_faults(json.loads(text))), text


@on_one_database
@given(dated_seasons(), st.dates(date(2020, 1, 1), date(2036, 12, 31)), st.integers(0, 1500))
def test_dates_with_rows_are_the_same_on_both_sides(season, first, length):
    window = Stretch(first, first + timedelta(days=length))
    rows = multirange_of(stretch for row in season.rows.values() for stretch in row)
    slots = Multirange([Range(*span) for span in season.slots.spans])
    [answer] = ask(
        "select season_dates(%s::int4multirange, %s::int[], %s::datemultirange, %s, %s)",
        *(slots, list(season.rows), rows, *window),
    )

    assert stretches_of(answer) == season.clipped(*window)


def test_the_slot_of_every_day_is_the_same_on_both_sides():
    answers = ask(
        "select day::date, season_slot(day::date) from generate_series('1999-01-01', '2001-12-31', interval '1 day') day"
    )

    assert len(answers) == 1096
    assert all(slot == slot_of(day) for day, slot in answers)


ENDS = st.one_of(
    st.none(), st.dates(date(2025, 12, 20), date(2028, 1, 10)), st.dates(date(2026, 12, 20), date(2029, 1, 10))
)


@on_one_database
@given(ENDS, ENDS)
def test_rows_of_a_year_are_judged_alike_on_both_sides(first, last):
    if first and last and first > last:
        first, last = last, first
    dates = Multirange([Range(first, last + ONE_DAY if last else None)])

    assert ask("select season_year_is_valid(2027, %s::datemultirange)", dates) == [
        not year_row_faults(2027, [(first, last)])
    ]


def test_a_year_without_dates_is_a_legal_row():
    assert ask("select season_year_is_valid(2027, '{}')") == [True]


def test_no_value_is_valid_and_has_no_slots_but_a_stored_null_is_refused():
    assert ask("select season_value_is_valid(null), season_slots(null)") == [(True, Multirange())]
    assert ask("select season_value_is_valid('null'), season_slots('null')") == [(False, Multirange())]


def test_366_intervals_are_legal_and_one_more_is_not():
    interval = {"min": {"month": 0, "day": 1}, "max": {"month": 0, "day": 1}}
    texts = [json.dumps({"type": "recurring-date-range", "intervals": [interval] * count}) for count in (366, 367)]

    assert ask("select season_value_is_valid(t::jsonb) from unnest(%s::text[]) t", texts) == [True, False]


def _min(month: str, day: str) -> str:
    span = f'{{"min": {{"month": {month}, "day": {day}}}, "max": {{"month": 11, "day": 31}}}}'
    return f'{{"type": "recurring-date-range", "intervals": [{span}]}}'


@pytest.mark.parametrize(
    "value",
    [
        _min("5.0", "1"),
        _min("5", "1.0"),
        _min("12", "1"),
        _min("1", "30"),
        _min('"5"', "1"),
        _min("1e400", "1"),
        _min("null", "1"),
        *("null", "5", '"x"', "[]", "{}", '{"type": "recurring-date-range", "intervals": [null]}'),
    ],
)
def test_the_table_refuses_bad_values_by_its_check(value):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        _insert('{"default": "Summer"}', value)

    assert isinstance(refusal.value.__cause__, CheckViolation)


@pytest.mark.parametrize("name", ["null", "5", "{}", '{"nl": "Zomer"}', '{"default": 5}', '{"default": "", "n": ""}'])
def test_the_table_refuses_bad_names_by_its_check(name):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        _insert(name, None)

    assert isinstance(refusal.value.__cause__, CheckViolation)


def test_the_table_keeps_the_slots_of_a_good_value():
    assert _insert('{"default": "Autumn"}', _min("10", "1")) == [Multirange([Range(306, 367)])]
    assert _insert('{"default": "Autumn"}', None) == [Multirange()]


def _insert(name: str, value: str | None) -> list[Any]:
    organization = make_organization()
    with tenant_scope(organization.pk):
        return ask(
            "insert into seasons (id, organization_id, name, value) values (%s, %s, %s::jsonb, %s::jsonb) returning slots",
            *(uuid7(), organization.pk, name, value),
        )
