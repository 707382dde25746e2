from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from seasons.expressions import intervals_of, slots_of
from seasons.ring import SlotSet, month_day, slot_of
from tests.seasons.builders import WHOLE_YEAR, expression, expressions

RING = set(range(1, 367))
sets = expressions.map(slots_of)


def members(slots: SlotSet) -> set[int]:
    return {slot for slot in range(368) if slot in slots}


def test_slots_are_the_days_of_a_leap_year():
    leap_year = [date(2028, 1, 1) + timedelta(days=passed) for passed in range(366)]

    assert [slot_of(day) for day in leap_year] == list(range(1, 367))
    assert [month_day(slot) for slot in range(1, 367)] == [(day.month - 1, day.day) for day in leap_year]
    assert slot_of(date(2027, 3, 1)) == 61


@given(expressions)
def test_a_season_is_the_union_of_its_intervals(value):
    listed = {
        slot
        for interval in intervals_of(value)
        for slot in RING
        if (
            interval.first.slot <= slot <= interval.last.slot
            if interval.first <= interval.last
            else slot >= interval.first.slot or slot <= interval.last.slot
        )
    }

    assert members(slots_of(value)) == listed


@given(sets, sets)
def test_sets_of_slots_behave_as_sets(a, b):
    assert members(SlotSet.of_bits(a.bits | b.bits)) == members(a) | members(b)
    assert SlotSet.of_bits(a.bits) == a
    assert members(a & b) == members(a) & members(b)
    assert members(a.complement()) == RING - members(a)
    assert a.leap_days == len(members(a))
    assert a.common_days == len(members(a) - {60})
    assert a.full == (members(a) == RING)


@given(sets)
def test_equal_days_are_equal_sets_and_pieces_never_touch(slots):
    rebuilt = SlotSet.merged([(slot, slot + 1) for slot in members(slots)])

    assert rebuilt == slots
    assert all(before < after for (_, before), (after, _) in pairwise(slots.spans))


@given(sets)
def test_the_normal_form_has_at_most_one_wrap_and_it_stands_last(slots):
    intervals = slots.intervals()

    assert [place for place, interval in enumerate(intervals) if interval.wraps] in ([], [len(intervals) - 1])
    assert SlotSet.of(intervals) == slots
    assert len(intervals) == len(slots.spans) - slots.wraps


def test_the_normal_form_has_at_most_183_intervals():
    every_other_day = SlotSet(tuple((slot, slot + 1) for slot in range(1, 367, 2)))

    assert len(every_other_day.intervals()) == 183


@given(st.integers(2, 366))
def test_all_ways_round_the_ring_are_the_whole_year(start):
    last = month_day(start - 1)
    first = month_day(start)
    value = expression(((first.day, first.month + 1), (last.day, last.month + 1)))

    assert slots_of(value) == slots_of(expression(WHOLE_YEAR))
    assert not slots_of(value).wraps
