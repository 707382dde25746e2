"""What came of coupons: counted from the ledger, by coupon or batch, period and currency."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.models import CouponBatch
from coupons.services.statistics import Asked, Result, statistics
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_line_item, make_organization, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    organization = make_organization(timezone="Europe/Amsterdam")
    with tenant_scope(organization.pk):
        yield organization


def priced(organization, amount_minor, **values):
    booking = make_booking(organization, **values)
    make_line_item(booking, amount_minor)
    return booking


def numbers(result):
    return result.uses, result.live_holds, result.customers, result.discount_minor, result.revenue_minor


def counted(organization, moment=NOON, **asked):
    return statistics(organization, Asked(**asked), moment=moment)


def test_uses_holds_customers_discount_and_revenue(organization):
    coupon = make_coupon(organization, kind="percent", percent=10)
    first = priced(organization, 10000, customer_id="7")
    make_line_item(first, 1000, tax_minor=210)
    make_line_item(first, 500, tax_minor=50, tax_included=True)
    make_line_item(first, 99999, item_type="deposit")
    later = NOON + timedelta(days=2)
    make_use(organization, coupon, first)
    make_use(organization, coupon, priced(organization, 5000, customer_id="7"), moment=later)
    services.reserve(organization, coupon.pk, priced(organization, 800).pk, until=later, actor=TESTER, moment=NOON)
    services.reserve(
        organization, coupon.pk, priced(organization, 800).pk, until=NOON, actor=TESTER, moment=NOON - timedelta(1)
    )

    [found] = counted(organization)

    assert found == Result(coupon.pk, None, None, "EUR", 2, 1, 1, 1171 + 500, 11710 + 5000, NOON, later)
    [past] = counted(organization, moment=later)
    assert past.live_holds == 0


def test_currencies_are_kept_apart(organization):
    coupon = make_coupon(organization)
    make_use(organization, coupon, priced(organization, 10000))
    make_use(organization, coupon, priced(organization, 2000, currency="JPY"))
    make_use(organization, coupon, make_booking(organization, currency="CHF"))

    found = {one.currency: numbers(one) for one in counted(organization)}

    assert found == {"CHF": (1, 0, 0, 0, 0), "EUR": (1, 0, 0, 1500, 10000), "JPY": (1, 0, 0, 300, 2000)}


def test_periods_are_those_of_the_organizations_clock(organization):
    coupon = make_coupon(organization)
    for moment in (datetime(2027, 6, 30, 21, 59, tzinfo=UTC), datetime(2027, 6, 30, 22, 0, tzinfo=UTC)):
        make_use(organization, coupon, moment=moment)

    assert [(one.period, one.uses) for one in counted(organization, period="month")] == [
        (date(2027, 6, 1), 1),
        (date(2027, 7, 1), 1),
    ]
    assert [one.period for one in counted(organization, period="week")] == [date(2027, 6, 28)]
    assert [one.period for one in counted(organization, period="year")] == [date(2027, 1, 1)]
    june = counted(
        organization, beginning=datetime(2027, 6, 1, tzinfo=UTC), ending=datetime(2027, 6, 30, 22, tzinfo=UTC)
    )
    assert [one.uses for one in june] == [1]


def test_coupons_of_a_batch_alone_and_together(organization):
    batch = CouponBatch.objects.create(organization=organization, count=2)
    coupons = [make_coupon(organization, code, batch_id=batch.pk) for code in ("ONE", "TWO")]
    make_use(organization, make_coupon(organization, "OTHER"))
    booking = priced(organization, 10000, customer_id="7")
    for coupon in coupons:
        make_use(organization, coupon, booking)

    alone = counted(organization, batch_id=batch.pk)
    [together] = counted(organization, batch_id=batch.pk, together=True)

    assert sorted(one.coupon_id for one in alone) == sorted(coupon.pk for coupon in coupons)
    assert [one.revenue_minor for one in alone] == [10000, 10000]
    assert (together.coupon_id, together.batch_id) == (None, batch.pk)
    assert numbers(together) == (2, 0, 1, 1500 + 1275, 10000)
    assert [one.coupon_id for one in counted(organization, coupon_id=coupons[0].pk)] == [coupons[0].pk]


def test_it_is_one_statement_however_much_there_is(organization):
    coupons = [make_coupon(organization, f"C{number}") for number in range(5)]
    for coupon in coupons:
        make_use(organization, coupon)

    with CaptureQueriesContext(connection) as log:
        assert len(counted(organization, period="day")) == 5
    assert len(log) == 1


@pytest.mark.parametrize(("sign", "discount", "revenue"), [(1, 500, 2**63 - 1), (-1, 0, -(2**63))])
def test_a_booking_of_absurd_amounts_hides_no_other(organization, sign, discount, revenue):
    coupon, booking = (
        make_coupon(organization, kind="amount", amount_minor=500, currency="EUR"),
        make_booking(organization),
    )
    make_line_item(booking, sign * 9 * 10**18, tax_minor=sign * 9 * 10**18, tax_included=False)
    make_use(organization, coupon, booking)

    [found] = statistics(organization, Asked(), moment=NOON)

    assert (found.uses, found.discount_minor, found.revenue_minor) == (1, discount, revenue)
