"""A list longer than anybody reads says that it ends before its end."""

from __future__ import annotations

import pytest

from bookingoffice.accounts.admin import paging
from tests.bookingoffice.accounts.desks import make_desk
from tests.builders import make_coupon

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("most", "words"), [(3, "The first 3; search or filter for others"), (4, "3 coupons")])
def test_a_list_that_is_cut_off_says_so(monkeypatch, most, words):
    monkeypatch.setattr(paging, "MOST_COUNTED", most)
    desk = make_desk()
    for number in range(3):
        make_coupon(desk.organization, f"C{number}")

    page = desk.get("coupons_coupon_changelist").content.decode()

    assert words in page
