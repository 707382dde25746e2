"""The arithmetic of the limits, and what it promises over any run of requests."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bookingoffice.limits.gcra import SECOND, Limit, charged, judged

TEN = Limit("ten", 10, 10)


def test_a_rested_caller_has_the_whole_quota_at_once_and_then_waits_for_one():
    rested_at, allowed = 0, []
    for _ in range(12):
        verdict = judged(TEN, rested_at, 1000 * SECOND)
        rested_at = verdict.rested_at
        allowed.append((verdict.allowed, verdict.remaining))

    assert allowed == [(True, left) for left in range(9, -1, -1)] + [(False, 0), (False, 0)]
    assert verdict.wait == SECOND


def test_a_refused_request_makes_nobody_wait_longer():
    rested_at = judged(TEN, 0, SECOND, cost=10).rested_at
    for _ in range(100):
        rested_at = judged(TEN, rested_at, SECOND).rested_at

    assert judged(TEN, rested_at, 2 * SECOND).allowed


def test_a_charge_is_at_most_all_there_is():
    rested_at = charged(TEN, 0, SECOND, 1_000_000)

    assert judged(TEN, rested_at, SECOND).wait == SECOND
    assert judged(TEN, rested_at, 2 * SECOND).allowed


def test_an_instant_from_before_the_machine_restarted_is_no_debt():
    assert judged(TEN, 10_000 * SECOND, SECOND).remaining == 9


@given(st.lists(st.integers(0, 3 * SECOND), min_size=1, max_size=200))
def test_no_window_holds_more_than_twice_the_quota_and_in_the_long_run_no_more_than_the_rate(pauses):
    now, rested_at, passed = 1000 * SECOND, 0, []
    for pause in pauses:
        now += pause
        verdict = judged(TEN, rested_at, now)
        rested_at = verdict.rested_at
        if verdict.allowed:
            passed.append(now)

    for start in passed:
        assert len([moment for moment in passed if start <= moment < start + TEN.window]) <= 2 * TEN.quota
    assert len(passed) <= TEN.quota + (passed[-1] - passed[0]) // TEN.interval + 1
