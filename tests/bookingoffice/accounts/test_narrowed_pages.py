"""Pages of a list that something narrows: the same rows in the same order as of the whole list, found once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.accounts.admin import paging
from coupons import services
from tests import builders
from tests.bookingoffice.accounts.desks import make_desk

pytestmark = pytest.mark.django_db

PER_PAGE = 50


@pytest.fixture
def desk():
    """Of 130 coupons every other one is a percentage; their codes do not stand in the order of their making."""
    desk = make_desk()
    rows = [{"code": f"C{number * 37 % 131:03}", **kind(number)} for number in range(130)]
    with desk.scope():
        services.create_coupons(desk.organization, rows, **desk.act)
    return desk


def kind(number):
    if number % 2:
        return {"kind": "amount", "amount_minor": 500, "currency": "EUR"}
    return {"definition": builders.FIFTEEN_PERCENT}


def codes(desk, **query):
    changes = desk.get("coupons_coupon_changelist", **query).context["cl"]
    return [coupon.code for coupon in changes.result_list], changes.result_count


@pytest.mark.parametrize("order", ["", "1", "-1", "5.-1"])
def test_a_narrowed_list_is_the_whole_one_without_the_rest(desk, order):
    ordered = {"o": order} if order else {}
    whole = [code for page in (1, 2, 3) for code in codes(desk, p=str(page), **ordered)[0]]
    narrowed = [codes(desk, p=str(page), kind="percent", **ordered) for page in (1, 2)]

    percentages = {f"C{number * 37 % 131:03}" for number in range(0, 130, 2)}
    assert [code for page, _ in narrowed for code in page] == [code for code in whole if code in percentages]
    assert [len(page) for page, _ in narrowed] == [PER_PAGE, 15]
    assert {count for _, count in narrowed} == {65}


def test_what_narrows_is_asked_once(desk):
    with CaptureQueriesContext(connection) as captured:
        codes(desk, uses="never", p="2")
    assert sum("counters.used > 0" in query["sql"] for query in captured) == 1


def test_counting_stops_where_nobody_turns_the_page(desk, monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 60)
    page = desk.get("coupons_coupon_changelist", kind="percent")
    assert "The first 60" in page.content.decode()
    assert page.context["cl"].result_count == 60


def test_a_page_that_is_not_there_is_the_first(desk):
    assert desk.get("coupons_coupon_changelist", kind="percent", p="9").status_code in (200, 302)
