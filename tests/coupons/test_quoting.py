"""Quotes and redemptions on a real database: the price that was quoted is the price that is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import Malformed, RuleViolation
from coupons import services
from coupons.cart_reading import read_cart
from coupons.carts import Cart, Customer, Line
from coupons.models import CouponUse
from coupons.reasons import NotEligible
from coupons.services.quoting import judge_booking, quote_cart
from tests.builders import (
    NOON,
    TESTER,
    make_booking,
    make_coupon,
    make_line_item,
    make_organization,
    make_plan,
    make_product,
    make_season,
    make_service,
    make_use,
)

pytestmark = pytest.mark.django_db
ACT = {"actor": TESTER, "moment": NOON}
SUMMER = {
    "type": "recurring-date-range",
    "intervals": [{"min": {"month": 5, "day": 1}, "max": {"month": 7, "day": 31}}],
}


@pytest.fixture
def organization():
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


def quoted(organization, *coupons, cart=None, **values):
    cart = {"currency": "EUR", "lines": [{"amount_minor": 10000}]} if cart is None else cart
    return quote_cart(organization, cart, coupons, **{"moment": NOON, **values})


def reasons(found):
    return {coupon.code: coupon.reasons for coupon in found.coupons}


def takings(found):
    return {coupon.code: coupon.taken_minor for coupon in found.coupons}


def target(organization, coupon, kind, included=(), excluded=()):
    services.set_targets(organization, coupon.pk, kind, included, excluded=excluded, **ACT)


def uses():
    rows = CouponUse.objects.order_by("coupon__code").values_list("coupon__code", "state", "amount_minor", "currency")
    return list(rows)


# Quotes


def test_coupons_are_found_by_id_and_by_any_spelling_of_the_code(organization):
    coupon = make_coupon(organization, "Quiet Week")
    make_coupon(organization, "GONE", deleted_at=NOON)
    nobody = uuid4()

    found = quoted(organization, str(coupon.pk), "ＱＵＩＥＴ-week", "GONE", "a\nb", str(nobody))

    assert reasons(found) == {
        "Quiet Week": (),
        **dict.fromkeys(["GONE", "a\nb", str(nobody)], ("coupon_not_found",)),
    }
    assert takings(found)["Quiet Week"] == 1500


def test_coupons_of_others_are_nobodys(organization):
    stranger = make_organization("Stranger")
    theirs = make_coupon(stranger)

    assert reasons(quoted(organization, theirs.pk, "QUIET_WEEK")) == {
        str(theirs.pk): ("coupon_not_found",),
        "QUIET_WEEK": ("coupon_not_found",),
    }


def test_automatic_coupons_come_when_they_are_wanted(organization):
    make_coupon(organization, "AUTO", auto_apply=True)
    make_coupon(organization, "LONG", auto_apply=True, min_nights=3)
    make_coupon(organization, "OVER", auto_apply=True, expires_at=NOON)
    make_coupon(organization, "TYPED", kind="amount", amount_minor=1000, currency="EUR")

    assert takings(quoted(organization, "typed", auto=True)) == {"AUTO": 1500, "TYPED": 1000}
    assert takings(quoted(organization, "typed")) == {"TYPED": 1000}


def test_every_column_reaches_the_judgement(organization):
    product, service, plan = make_product(organization), make_service(organization), make_plan(organization)
    season = make_season(organization, value=SUMMER)
    coupon = make_coupon(
        organization,
        scope="product",
        quota=0,
        max_per_customer=0,
        valid_from=NOON + timedelta(days=1),
        archived_at=NOON,
        invitee_mode="new_users",
        renewal_constraint="renewals",
        plan_scope="specific",
        min_nights=9,
        max_nights=1,
        min_spend_minor=10**9,
        budget_minor=0,
        season_ids=[season.pk],
        stay_from="2027-08-01",
        blackout_dates=["2027-05-20"],
        arrival_weekdays=[1],
        min_lead_days=400,
    )
    target(organization, coupon, "product", excluded=[product.pk])
    target(organization, coupon, "plan", [plan.pk])
    cart = {
        "lines": [{"product": str(product.pk), "amount_minor": 100, "service_id": str(service.pk)}],
        "currency": "EUR",
        "check_in": "2027-05-18",
        "check_out": "2027-05-21",
        "customer": {"id": "7", "bookings_before": 2},
        "period_number": 1,
    }

    [found] = quoted(organization, coupon.pk, cart=cart).coupons

    assert found.reasons == (
        "coupon_archived",
        "coupon_not_started",
        "quota_reached",
        "customer_limit_reached",
        "product_not_eligible",
        "plan_not_eligible",
        "new_customers_only",
        "renewals_only",
        "stay_too_short",
        "stay_too_long",
        "outside_stay_dates",
        "outside_season",
        "blackout_date",
        "arrival_weekday",
        "lead_time",
        "below_minimum_spend",
        "budget_exhausted",
    )


def test_money_limits_are_in_the_organizations_currency_unless_told(organization):
    make_coupon(organization, "EUROS", min_spend_minor=1)
    make_coupon(organization, "DOLLARS", min_spend_minor=1, limit_currency="USD")

    found = quoted(organization, "EUROS", "DOLLARS", cart={"currency": "USD", "lines": [{"amount_minor": 5}]})

    assert reasons(found) == {"EUROS": ("currency_mismatch",), "DOLLARS": ()}


@pytest.mark.parametrize(("check_out", "outside"), [("2027-09-01", ()), ("2027-09-02", ("outside_season",))])
def test_every_night_lies_in_a_season(organization, check_out, outside):
    season = make_season(organization, value=SUMMER)
    make_coupon(organization, season_ids=[season.pk])
    cart = {"currency": "EUR", "check_in": "2027-08-25", "check_out": check_out}

    assert reasons(quoted(organization, "QUIET_WEEK", cart=cart)) == {"QUIET_WEEK": outside}


def test_somebody_else_may_answer_for_the_seasons(organization):
    season = make_season(organization)
    make_coupon(organization, season_ids=[season.pk])
    cart = {"currency": "EUR", "check_in": "2027-01-01", "check_out": "2027-01-02"}

    def always(organization_id, season_ids, nights):
        return dict.fromkeys(season_ids, nights)

    assert reasons(quoted(organization, "QUIET_WEEK", cart=cart, seasons=always)) == {"QUIET_WEEK": ()}
    assert reasons(quoted(organization, "QUIET_WEEK", cart=cart)) == {"QUIET_WEEK": ("outside_season",)}


def test_the_day_of_booking_is_that_of_the_organization():
    organization = make_organization(timezone="Pacific/Auckland")
    cart = {"currency": "EUR", "check_in": "2027-06-16", "check_out": "2027-06-17"}
    with tenant_scope(organization.pk):
        make_coupon(organization, max_lead_days=0)

        assert reasons(quoted(organization, "QUIET_WEEK", cart=cart)) == {"QUIET_WEEK": ()}


def test_a_quote_takes_a_constant_number_of_statements(organization):
    codes = [make_coupon(organization, f"C{number}").code for number in range(12)]

    def statements(*coupons):
        with CaptureQueriesContext(
            connection,
        ) as log:
            quoted(organization, *coupons)
        return len(log)

    assert statements(*codes[:1]) == statements(*codes) == 1


# Carts


def test_every_fault_of_a_cart_is_told_with_its_path():
    given = {
        "currency": "euro",
        "check_in": "2027-06-31",
        "plan": "x",
        "plan_id": None,
        "customer": {"id": 7, "name": "Ann"},
        "period_number": 0,
        "colour": "red",
        "lines": [{"type": "gift", "amount_minor": Decimal("1.5")}, 3, {"tax_included": "yes", "quantity": True}],
    }

    with pytest.raises(Malformed) as refusal:
        read_cart(given)

    assert sorted((fault.path, fault.code) for fault in refusal.value.faults) == [
        ("check_in", "bad_check_in"),
        ("colour", "unknown_key"),
        ("currency", "bad_currency"),
        ("customer.id", "bad_id"),
        ("customer.name", "unknown_key"),
        ("lines[0].amount_minor", "bad_amount_minor"),
        ("lines[0].type", "bad_type"),
        ("lines[1]", "not_object"),
        ("lines[1].amount_minor", "missing_amount_minor"),
        ("lines[2].amount_minor", "missing_amount_minor"),
        ("lines[2].quantity", "bad_quantity"),
        ("lines[2].tax_included", "bad_tax_included"),
        ("period_number", "bad_period_number"),
        ("plan_id", "given_twice"),
    ]


@pytest.mark.parametrize("given", [None, [], "cart", {"lines": {}}, {"lines": [{}] * 1001}, {"check_in": "20270601"}])
def test_what_is_no_cart_is_refused(given):
    with pytest.raises(Malformed):
        read_cart(given)


def test_a_cart_is_read_whole():
    ids = [uuid4() for _ in range(3)]
    line = {"item_type": "fee", "service": str(ids[0]), "amount_minor": -5, "tax_minor": 1, "tax_included": True}

    cart = read_cart({"lines": [line, {"amount_minor": 7, "product_id": str(ids[1])}], "plan": str(ids[2])})

    assert cart == Cart(
        lines=(
            Line(-5, "fee", service_id=ids[0], tax_minor=1, tax_included=True),
            Line(7, "rent", product_id=ids[1]),
        ),
        plan_id=ids[2],
    )


# Redemption


def test_what_a_use_takes_is_what_the_quote_said_and_the_terms_are_kept(organization):
    booking, product = make_booking(organization), make_product(organization)
    rent = make_line_item(booking, 10000, product_id=product.pk, tax_minor=2100)
    make_line_item(booking, 3000, item_type="fee")
    coupon = make_coupon(organization, scope="rent", max_discount_minor=1400)
    target(organization, coupon, "product", [product.pk])

    found = judge_booking(organization, [coupon.pk], booking.pk, moment=NOON)
    make_use(organization, coupon, booking)

    use = CouponUse.objects.get()
    assert (use.amount_minor, use.currency) == (found.taken_minor, "EUR") == (1400, "EUR")
    assert use.terms["by_line"] == {str(rent.pk): 1400}
    assert {name: use.terms[name] for name in ("kind", "percent", "scope", "products", "max_discount_minor")} == {
        "kind": "percent",
        "percent": 15,
        "scope": "rent",
        "products": {"included": [str(product.pk)]},
        "max_discount_minor": 1400,
    }


def test_without_a_price_and_for_an_expression_there_is_no_amount(organization):
    booking = make_booking(organization)
    make_use(organization, make_coupon(organization, "BLIND"), booking)
    make_line_item(booking)
    make_use(organization, make_coupon(organization, "VAGUE", definition={"type": "by-moon"}), booking)

    assert uses() == [("BLIND", "redeemed", None, None), ("VAGUE", "redeemed", None, None)]


def test_every_reason_is_told_and_nothing_is_written(organization):
    coupon = make_coupon(organization, min_nights=2, min_spend_minor=1, archived_at=NOON)
    booking = make_booking(organization)

    with pytest.raises(NotEligible) as refusal:
        make_use(organization, coupon, booking)

    assert refusal.value.code == "coupon_archived"
    assert refusal.value.reasons == ("coupon_archived", "stay_too_short", "below_minimum_spend")
    assert refusal.value.sentence == (
        "This coupon has been archived. The stay is too short for this coupon. "
        "The booking is below the minimum spend of this coupon."
    )
    assert refusal.value.hint == f"{coupon.pk} {booking.pk}"
    assert not CouponUse.objects.exists()
    assert not AuditEntry.objects.filter(table_name="coupon_uses").exists()


@pytest.mark.parametrize(
    ("values", "facts"),
    [
        ({"min_nights": 2}, {"check_in": "2027-07-01", "check_out": "2027-07-03"}),
        ({"invitee_mode": "new_users"}, {"customer_bookings_before": 0}),
        ({"max_lead_days": 30}, {"check_in": "2027-07-01", "check_out": "2027-07-03", "created_at": NOON}),
        ({"kind": "amount", "amount_minor": 5, "currency": "USD"}, {"currency": "USD"}),
    ],
)
def test_the_facts_of_a_booking_are_its_rows(organization, values, facts):
    coupon = make_coupon(organization, **values)
    with pytest.raises(NotEligible):
        make_use(organization, coupon)

    make_use(organization, coupon, make_booking(organization, **facts))


def test_a_caller_may_tell_what_the_booking_does_not(organization):
    coupon = make_coupon(organization, min_nights=2, max_per_customer=1, renewal_constraint="first_payment")
    told = Cart(lines=(Line(2000),), check_in=date(2027, 7, 1), check_out=date(2027, 7, 5), period_number=1)
    ann = replace(told, customer=Customer(email=" Ann@example.org"))

    with pytest.raises(NotEligible):
        services.redeem(organization, coupon.pk, make_booking(organization).pk, cart=told, **ACT)
    services.redeem(organization, coupon.pk, make_booking(organization).pk, cart=ann, **ACT)
    with pytest.raises(NotEligible) as refusal:
        make_use(organization, coupon, make_booking(organization, customer_email="ann@example.org"))

    assert "customer_limit_reached" in refusal.value.reasons
    assert list(CouponUse.objects.values_list("customer_key", "amount_minor")) == [("email:ann@example.org", 300)]


def test_coupons_on_one_booking_never_take_more_than_it_costs(organization):
    booking = make_booking(organization)
    make_line_item(booking, 10000)
    first, second, third = (
        make_coupon(organization, code, kind="amount", amount_minor=6000, currency="EUR") for code in "ABC"
    )

    services.redeem_many(organization, [services.Redemption(one.pk, booking.pk) for one in (second, first)], **ACT)
    make_use(organization, third, booking)

    assert [(code, amount) for code, _, amount, _ in uses()] == [("A", 6000), ("B", 4000), ("C", 0)]


def test_redeemed_one_by_one_in_the_stated_order_coupons_take_what_was_quoted_together(organization):
    booking, service = make_booking(organization), make_service(organization)
    make_line_item(booking, 10000, tax_minor=2100)
    make_line_item(booking, 3333, item_type="fee", service_id=service.pk, tax_minor=700)
    fees = make_coupon(organization, "A", scope="service", definition=relative(-50))
    target(organization, fees, "service", [service.pk])
    rent = make_coupon(organization, "B", scope="rent", definition=relative(Decimal("-7.5")))
    whole = make_coupon(organization, "C", definition=relative(Decimal("-12.5")))
    together = judge_booking(organization, [whole.pk, rent.pk, fees.pk], booking.pk, moment=NOON)

    for coupon in (fees, rent, whole):
        make_use(organization, coupon, booking)

    assert {code: amount for code, _, amount, _ in uses()} == takings(together)


def relative(value):
    return {"type": "relative", "restrictions": [], "value": value}


def test_a_budget_is_shared_and_the_last_use_takes_what_is_left(organization):
    coupon = make_coupon(organization, budget_minor=2000)
    bookings = [make_booking(organization) for _ in range(3)]
    for booking in bookings:
        make_line_item(booking, 10000)

    services.redeem_many(organization, [services.Redemption(coupon.pk, one.pk) for one in bookings[:2]], **ACT)

    assert sorted(CouponUse.objects.values_list("amount_minor", flat=True)) == [500, 1500]
    with pytest.raises(NotEligible) as refusal:
        make_use(organization, coupon, bookings[2])
    assert refusal.value.code == "budget_exhausted"


def test_of_a_budget_holds_take_together_what_each_was_promised(organization):
    coupon = make_coupon(organization, budget_minor=3000)
    bookings = [make_booking(organization) for _ in range(2)]
    for booking in bookings:
        make_line_item(booking, 10000)
        services.reserve(organization, coupon.pk, booking.pk, until=NOON + timedelta(hours=1), **ACT)

    services.redeem_many(organization, [services.Redemption(coupon.pk, one.pk) for one in bookings], **ACT)

    assert list(CouponUse.objects.values_list("amount_minor", flat=True)) == [1500, 1500]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_holds_on_a_booking_each_takes_what_it_was_promised(organization, order):
    booking = make_booking(organization)
    make_line_item(booking, 10000)
    coupons = [make_coupon(organization, f"TAKE{percent}", definition=relative(-percent)) for percent in (10, 20)]
    hold = {"until": NOON + timedelta(hours=1), **ACT}
    for coupon in coupons:
        services.reserve(organization, coupon.pk, booking.pk, **hold)
    services.reserve(organization, coupons[0].pk, booking.pk, **hold)

    quotes = [
        judge_booking(organization, [coupon.pk], booking.pk, moment=NOON).coupons[0].taken_minor for coupon in coupons
    ]
    for place in order:
        services.redeem(organization, coupons[place].pk, booking.pk, **ACT)

    assert quotes == [1000, 1800]
    assert list(CouponUse.objects.order_by("created_at", "id").values_list("amount_minor", flat=True)) == [1000, 1800]


def test_holds_on_a_price_that_fell_never_take_more_than_it(organization):
    booking = make_booking(organization)
    line = make_line_item(booking, 10000)
    coupons = [
        make_coupon(organization, f"TAKE{amount}", kind="amount", amount_minor=amount, currency="EUR")
        for amount in (6000, 4000)
    ]
    for coupon in coupons:
        services.reserve(organization, coupon.pk, booking.pk, until=NOON + timedelta(hours=1), **ACT)
    line.amount_minor = 5000
    line.save()

    for coupon in coupons:
        services.redeem(organization, coupon.pk, booking.pk, **ACT)

    assert sum(CouponUse.objects.values_list("amount_minor", flat=True)) <= 5000


def test_beside_a_hold_of_a_budget_what_is_left_is_taken(organization):
    coupon = make_coupon(organization, budget_minor=3000)
    held, fresh = make_booking(organization), make_booking(organization)
    for booking in (held, fresh):
        make_line_item(booking, 10000)
    services.reserve(organization, coupon.pk, held.pk, until=NOON + timedelta(hours=1), **ACT)

    services.redeem_many(organization, [services.Redemption(coupon.pk, one.pk) for one in (held, fresh)], **ACT)

    assert list(CouponUse.objects.values_list("amount_minor", flat=True)) == [1500, 1500]


def test_a_hold_keeps_its_price_and_counts_against_nobody_elses_retry(organization):
    booking = make_booking(organization)
    make_line_item(booking, 10000)
    coupon = make_coupon(organization, quota=1, budget_minor=1500)
    hold = {"until": NOON + timedelta(hours=1), **ACT}
    services.reserve(organization, coupon.pk, booking.pk, **hold)
    services.reserve(organization, coupon.pk, booking.pk, **hold)
    changes = {"definition": relative(-1), "archived_at": NOON}
    services.change_coupons(organization, [coupon.pk], changes, **ACT)

    make_use(organization, coupon, booking)

    assert uses() == [("QUIET_WEEK", "redeemed", 1500, "EUR")]
    actions = AuditEntry.objects.filter(table_name="coupon_uses").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["created", "redeemed"]


def test_what_is_not_there_is_named_as_such(organization):
    coupon, booking = make_coupon(organization), make_booking(organization)
    for coupon_id, booking_id, code in [
        (uuid4(), booking.pk, "coupon_not_found"),
        (coupon.pk, uuid4(), "booking_not_found"),
    ]:
        with pytest.raises(RuleViolation) as refusal, transaction.atomic():
            services.redeem(organization, coupon_id, booking_id, **ACT)
        assert (refusal.value.code, refusal.value.hint) == (code, f"{coupon_id} {booking_id}")
    with pytest.raises(RuleViolation, match="no such booking"):
        judge_booking(organization, [], uuid4(), moment=NOON)


def test_one_pair_twice_in_a_batch_is_refused(organization):
    coupon, booking = make_coupon(organization), make_booking(organization)

    with pytest.raises(RuleViolation) as refusal:
        services.redeem_many(organization, [services.Redemption(coupon.pk, booking.pk) for _ in range(2)], **ACT)

    assert refusal.value.code == "already_used_on_booking"


def test_a_batch_answers_in_its_own_order(organization):
    coupons = [make_coupon(organization, code) for code in "ABC"]
    wanted = [services.Redemption(one.pk, make_booking(organization).pk) for one in reversed(coupons)]

    assert services.redeem_many(organization, wanted, **ACT) == [one.id for one in wanted]


def test_many_are_redeemed_in_the_same_few_statements_and_one_that_locks(organization):
    coupon = make_coupon(organization, quota=100, max_per_customer=100, budget_minor=10**6)

    def statements(number):
        bookings = [make_booking(organization, customer_id="7") for _ in range(number)]
        with CaptureQueriesContext(connection) as log:
            services.redeem_many(organization, [services.Redemption(coupon.pk, one.pk) for one in bookings], **ACT)
        return len([one for one in log.captured_queries if "SAVEPOINT" not in one["sql"]])

    assert statements(1) == 3
    assert statements(2) == statements(20) == 4


def test_dates_beyond_the_calendar_are_no_accident(organization):
    booking = make_booking(organization)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bookings SET check_in = '0044-03-15 BC', check_out = 'infinity', created_at = '-infinity'"
            " WHERE organization_id = %s AND id = %s",
            [organization.pk, booking.pk],
        )
    limits = {"max_nights": 3, "min_lead_days": 1, "valid_from": "infinity", "expires_at": "-infinity"}
    row = {"code": "ENDLESS", "definition": relative(-1), **limits}
    [coupon_id] = services.create_coupons(organization, [row], **ACT)

    with pytest.raises(NotEligible) as refusal:
        services.redeem(organization, coupon_id, booking.pk, actor=TESTER, moment=datetime(2027, 1, 1, tzinfo=UTC))

    assert refusal.value.reasons == ("coupon_not_started", "coupon_expired", "stay_too_long", "lead_time")
