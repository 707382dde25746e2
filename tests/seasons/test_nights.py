"""Nights and seasons as the database answers them for coupons, held against the rules in Python."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookingoffice.database.scope import tenant_scope
from coupons import services
from seasons.expressions import expression_of
from seasons.nights import seasons_of_nights
from seasons.questions import kept_seasons
from seasons.year_writes import set_year, set_years
from tests.builders import NOON, TESTER, make_coupon, make_organization
from tests.seasons.builders import SUMMER, dated_seasons, expression, stretch
from tests.seasons.doors import keep

pytestmark = pytest.mark.django_db
ACT = {"actor": TESTER, "moment": NOON}


@pytest.fixture
def organization():
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(dated_seasons(), min_size=1, max_size=3), st.dates(date(2025, 1, 1), date(2031, 12, 31)))
def test_database_and_rules_agree_on_every_night(organization, drawn, first):
    ids = keep(organization, *({"value": expression_of(dates.slots)} for dates in drawn))
    set_years(organization, dict(zip(ids, [dates.rows for dates in drawn], strict=True)), **ACT)
    nights = [first + timedelta(days=passed) for passed in range(400)]

    answer = seasons_of_nights(organization.pk, ids, nights)
    kept = {season.id: season.dates for season in kept_seasons(organization.pk, ids)}

    for season_id, dates in zip(ids, drawn, strict=True):
        expected = {night for night in nights if night in dates}
        assert answer.get(season_id, frozenset()) == expected
        assert {night for night in nights if night in kept[season_id]} == expected
        assert set(kept[season_id].days(nights[0], nights[-1])) == expected


def test_nothing_is_asked_for_nothing(organization):
    assert seasons_of_nights(organization.pk, [], [NOON.date()]) == {}
    assert seasons_of_nights(organization.pk, keep(organization, {}), []) == {}


def quoted(organization, check_in, check_out):
    cart = {"currency": "EUR", "check_in": check_in, "check_out": check_out}
    return services.quote_cart(organization, cart, ["SUMMER"], moment=NOON).coupons[0].reasons


def test_a_coupon_bound_to_a_season_follows_its_dates_of_single_years(organization):
    [season_id] = keep(organization, {"value": expression(SUMMER)})
    make_coupon(organization, "SUMMER", season_ids=[season_id])
    before = [quoted(organization, *stay) for stay in STAYS]

    set_year(organization, season_id, 2028, [stretch("2028-06-10", "2028-09-05")], **ACT)

    assert before == [(), ("outside_season",)]
    assert [quoted(organization, *stay) for stay in STAYS] == [("outside_season",), ()]


STAYS = [("2028-06-08", "2028-06-12"), ("2028-09-01", "2028-09-06")]
