"""A coupon tried on a stay, as saved and as somebody is writing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from coupons import services
from coupons.carts import Customer
from coupons.models import Coupon, CouponUse
from coupons.reasons import SENTENCES
from coupons.services.trying import new_terms, saved_terms, try_terms
from coupons.told_reasons import TELLERS, Case, reason_in_words
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_line_item, make_organization, make_use
from tests.coupons.carts import cart, percent, stay

pytestmark = pytest.mark.django_db
NEVER_OF_A_TRIAL = {"booking_not_found", "quota_below_uses"}


@pytest.fixture
def organization():
    organization = make_organization(timezone="Europe/Amsterdam")
    with tenant_scope(organization.pk):
        yield organization


def tried(organization, coupon, on, **asked):
    return try_terms(organization, saved_terms(organization, coupon.pk, NOON), on, moment=NOON, **asked)


def test_a_saved_coupon_is_judged_as_a_redemption_would(organization):
    coupon = make_coupon(organization, kind="percent", percent=10, min_nights=3)

    short, long = (tried(organization, coupon, stay("2027-07-01", last)) for last in ("2027-07-03", "2027-07-05"))

    assert short.outcome.reasons == ("stay_too_short",)
    assert (long.outcome.reasons, long.outcome.taken_minor, long.quote.after.total_minor) == ((), 1000, 9000)


def test_a_coupon_that_is_not_saved_is_tried_too_and_nothing_is_written(organization):
    draft = replace(new_terms(organization, NOON), kind="amount", amount_minor=2500, currency="EUR", quota=1)

    trial = try_terms(organization, draft, cart(10000), moment=NOON)

    assert (trial.outcome.reasons, trial.outcome.taken_minor) == ((), 2500)
    assert not Coupon.objects.of(organization.pk).exists()
    assert not CouponUse.objects.of(organization.pk).exists()


def test_a_limit_that_is_being_typed_counts_the_uses_there_are(organization):
    coupon = make_coupon(organization)
    make_use(organization, coupon, make_booking(organization, customer_id="7"))
    typed = saved_terms(organization, coupon.pk, NOON)
    ann = cart(10000, customer=Customer(id="7"))

    quota = try_terms(organization, replace(typed, quota=1), ann, moment=NOON)
    each = try_terms(organization, replace(typed, max_per_customer=1), ann, moment=NOON)
    other = try_terms(organization, replace(typed, max_per_customer=1), cart(1, customer=Customer(id="8")), moment=NOON)

    assert quota.outcome.reasons == ("quota_reached",)
    assert each.outcome.reasons == ("customer_limit_reached",)
    assert other.outcome.reasons == ()


def test_a_budget_that_is_being_typed_counts_what_is_spent(organization):
    coupon = make_coupon(organization, kind="percent", percent=10)
    booking = make_booking(organization)
    make_line_item(booking, 10000)
    make_use(organization, coupon, booking)

    typed = replace(saved_terms(organization, coupon.pk, NOON), budget_minor=1500)
    trial = try_terms(organization, typed, cart(10000), moment=NOON)

    assert (trial.outcome.taken_minor, trial.terms.budget_left_minor) == (500, 500)


def test_a_booking_brings_its_own_facts_and_its_other_coupons(organization):
    booking = make_booking(
        organization, check_in="2027-07-01", check_out="2027-07-08", customer_email="ann@example.org"
    )
    make_line_item(booking, 70000)
    make_use(organization, make_coupon(organization, "ALONE", stackable=False), booking)
    coupon = make_coupon(organization, max_per_customer=1, min_nights=7)

    trial = tried(organization, coupon, cart(currency=None), booking_id=booking.pk)

    assert trial.outcome.reasons == ("not_stackable",)
    assert (trial.cart.number_of_nights, trial.cart.customer.key) == (7, "email:ann@example.org")


def test_a_coupon_that_is_on_the_booking_already_says_so(organization):
    booking, coupon = make_booking(organization), make_coupon(organization)
    make_use(organization, coupon, booking)

    assert tried(organization, coupon, cart(100), booking_id=booking.pk).outcome.reasons == ("already_used_on_booking",)


def test_another_code_beside_it(organization):
    coupon = make_coupon(organization, kind="percent", percent=10)
    make_coupon(organization, "FIVER", kind="amount", amount_minor=500, currency="EUR")

    both = tried(organization, coupon, cart(10000), beside="fiver")

    assert [(one.code, one.taken_minor) for one in both.quote.coupons] == [("QUIET_WEEK", 1000), ("FIVER", 500)]
    with pytest.raises(RuleViolation, match="no such coupon"):
        tried(organization, coupon, cart(10000), beside="NOBODYS")


def test_trying_asks_as_many_statements_however_many_uses_there_are(organization):
    coupon = make_coupon(organization, quota=50, max_per_customer=2)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            tried(organization, coupon, cart(100, customer=Customer(id="1")))
        return len(captured)

    few = asked()
    for number in range(8):
        make_use(organization, coupon, make_booking(organization, customer_id=str(number)))

    assert asked() == few


def test_every_reason_has_words_of_its_own():
    assert set(SENTENCES) - NEVER_OF_A_TRIAL == set(TELLERS)


@pytest.mark.parametrize(
    ("code", "one", "on", "words"),
    [
        ("stay_too_short", percent("5", min_nights=3), stay("2027-07-01", "2027-07-03"),
         "It asks for 3 nights or more; the stay has 2 nights."),
        ("stay_too_long", percent("5", max_nights=1), cart(1), "nobody says how long the stay is"),
        ("arrival_weekday", percent("5", arrival_weekdays=(1, 2)), stay("2027-07-01", "2027-07-03"),
         "It is for arrivals on Monday or Tuesday; 1 Jul 2027 is a Thursday."),
        ("below_minimum_spend", percent("5", min_spend_minor=12000), cart(10000),
         "It asks for a booking of 120.00 EUR or more; this one is 100.00 EUR."),
        ("lead_time", percent("5", min_lead_days=14), stay("2027-07-01", "2027-07-03", booked_on=NOON.date()),
         "Booked 16 days ahead; it asks for at least 14."),
        ("lead_time", percent("5", min_lead_days=14), stay("2027-06-16", "2027-06-18", booked_on=NOON.date()),
         "Booked 1 day ahead; it asks for at least 14."),
        ("lead_time", percent("5", min_lead_days=2, max_lead_days=9),
         stay("2027-06-16", "2027-06-18", booked_on=NOON.date()), "Booked 1 day ahead; it asks for 2 to 9."),
        ("customer_limit_reached", percent("5", max_per_customer=1), cart(1), "nobody says who the guest is"),
        ("quota_reached", percent("5", quota=2, live_uses=2), cart(1), "All of its 2 uses are taken."),
        ("quota_reached", percent("5", batch_quota=9, batch_uses=9), cart(1), "All 9 uses of its batch are taken."),
        ("coupon_expired", percent("5", expires_at=NOON), cart(1), "It was valid until 15 Jun 2027, 12:00."),
        ("currency_mismatch", percent("5", min_spend_minor=1), cart(1, currency="CHF"),
         "It counts in EUR, the booking in CHF."),
    ],
)  # fmt: skip
def test_a_reason_names_what_is_asked_and_what_there_is(code, one, on, words):
    told = reason_in_words(code, Case(one, on, {}, UTC))

    assert words in told.replace("\N{NO-BREAK SPACE}", " ")


def test_a_live_hold_keeps_what_it_was_granted(organization):
    booking = make_booking(organization)
    make_line_item(booking, 10000)
    coupon = make_coupon(organization, kind="percent", percent=10)
    services.reserve(organization, coupon.pk, booking.pk, until=NOON + timedelta(days=1), actor=TESTER, moment=NOON)

    typed = replace(saved_terms(organization, coupon.pk, NOON), scope="rent", quota=0)
    trial = try_terms(organization, typed, cart(currency=None), booking_id=booking.pk, moment=NOON)

    assert (trial.outcome.reasons, trial.terms.scope) == ((), "global")
