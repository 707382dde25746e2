"""The verbs of coupons, on a real database under the serving role."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import Malformed, RuleViolation
from coupons import services
from coupons.models import Coupon, CouponCounter, CouponUse
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_organization, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


def test_a_relative_definition_becomes_a_percentage(organization):
    coupon = make_coupon(organization, definition={"type": "relative", "restrictions": [], "value": Decimal("-12.5")})

    assert (coupon.kind, coupon.percent, coupon.amount_minor, coupon.currency) == (
        "percent",
        Decimal("12.5"),
        None,
        None,
    )


def test_an_amount_is_written_into_the_definition(organization):
    coupon = make_coupon(organization, kind="amount", amount_minor=1250, currency="EUR")

    assert coupon.definition["value"] == [{"value": 12.5, "period": None, "occupancy_group_id": None}]


def test_the_database_refuses_a_definition_that_says_something_else(organization):
    coupon = make_coupon(organization)

    with pytest.raises(DatabaseError, match="coupons_definition_agrees_check"), transaction.atomic():
        Coupon.objects.filter(pk=coupon.pk).update(percent=16)


def test_every_fault_of_every_row_is_told_and_nothing_is_written(organization):
    rows = [
        {"code": "FINE", "definition": {"type": "relative", "restrictions": [], "value": -10}},
        {"code": " - ", "definition": {"type": "absolute", "restrictions": [], "value": [{"value": "x"}]}},
    ]

    with pytest.raises(Malformed) as refusal:
        services.create_coupons(organization, rows, actor=TESTER, moment=NOON)

    assert [(fault.row, fault.field, fault.path) for fault in refusal.value.faults] == [
        (1, "code", ""),
        (1, "definition", "value[0].value"),
    ]
    assert Coupon.objects.count() == 0


def test_a_code_is_taken_in_any_spelling_until_its_row_is_deleted(organization):
    first = make_coupon(organization, code="Quiet Week")
    with pytest.raises(DatabaseError, match="coupons_organization_id_code_key"), transaction.atomic():
        make_coupon(organization, code="ＱＵＩＥＴ-week")

    services.change_coupons(organization, [first.pk], {"deleted_at": NOON}, actor=TESTER, moment=NOON)

    assert make_coupon(organization, code="ＱＵＩＥＴ-week").code_key == "quietweek"


def test_the_last_use_exhausts_a_coupon(organization):
    coupon = make_coupon(organization, quota=1)
    make_use(organization, coupon)

    with pytest.raises(RuleViolation) as refusal:
        make_use(organization, coupon)

    assert refusal.value.code == "quota_reached"
    assert CouponUse.objects.count() == 1


def test_an_expired_hold_counts_for_nothing_at_once(organization):
    coupon = make_coupon(organization, quota=1)
    hold = {"until": NOON + timedelta(minutes=10), "actor": TESTER}
    services.reserve(organization, coupon.pk, make_booking(organization).pk, moment=NOON, **hold)
    with pytest.raises(RuleViolation, match="as often as"):
        make_use(organization, coupon, moment=NOON + timedelta(minutes=9))

    make_use(organization, coupon, moment=NOON + timedelta(minutes=10))

    assert [use.state for use in CouponUse.objects.all()] == ["redeemed"]
    assert CouponCounter.objects.get().used == 1


def test_a_hold_of_ones_own_is_redeemed_under_its_own_id(organization):
    coupon, booking = make_coupon(organization, quota=1), make_booking(organization)
    held = services.reserve(
        organization, coupon.pk, booking.pk, until=NOON + timedelta(hours=1), actor=TESTER, moment=NOON
    )

    assert make_use(organization, coupon, booking) == held
    with pytest.raises(RuleViolation) as refusal:
        make_use(organization, coupon, booking)
    assert refusal.value.code == "already_used_on_booking"


def test_releasing_gives_the_use_back_and_twice_is_no_error(organization):
    coupon, booking = make_coupon(organization, quota=1), make_booking(organization)
    make_use(organization, coupon, booking)

    assert services.release(organization, coupon.pk, booking.pk, actor=TESTER, moment=NOON)
    assert not services.release(organization, coupon.pk, booking.pk, actor=TESTER, moment=NOON)
    make_use(organization, coupon)


def test_one_customer_is_known_by_id_or_by_the_e_mail(organization):
    coupon = make_coupon(organization, max_per_customer=1)
    make_use(organization, coupon, make_booking(organization, customer_email="Ann@Example.org "))

    with pytest.raises(RuleViolation) as refusal:
        make_use(organization, coupon, make_booking(organization, customer_email="ann@example.org"))
    assert refusal.value.code == "customer_limit_reached"
    make_use(organization, coupon, make_booking(organization, customer_id="77", customer_email="ann@example.org"))


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_number_names_nobody(organization, blank):
    coupon = make_coupon(organization, max_per_customer=1)
    told = [{"customer_id": blank, "customer_email": f"{name}@example.org"} for name in ("ann", "bob", "ann")]
    ann, bob, again = (make_booking(organization, **one) for one in told)
    make_use(organization, coupon, ann)
    make_use(organization, coupon, bob)

    with pytest.raises(RuleViolation) as refusal:
        make_use(organization, coupon, again)

    assert refusal.value.code == "customer_limit_reached"
    assert set(CouponUse.objects.values_list("customer_key", flat=True)) == {
        "email:ann@example.org",
        "email:bob@example.org",
    }


@pytest.mark.parametrize("values", [{}, {"customer_id": "", "customer_email": ""}])
def test_a_limit_per_customer_refuses_a_guest_nobody_knows(organization, values):
    with pytest.raises(RuleViolation) as refusal:
        make_use(organization, make_coupon(organization, max_per_customer=3), make_booking(organization, **values))
    assert refusal.value.code == "customer_limit_reached"


@pytest.mark.parametrize("first_stackable", [True, False])
def test_a_coupon_that_stands_alone_stands_alone(organization, first_stackable):
    booking = make_booking(organization)
    make_use(organization, make_coupon(organization, "ONE", stackable=first_stackable), booking)

    with pytest.raises(RuleViolation) as refusal:
        make_use(organization, make_coupon(organization, "TWO", stackable=not first_stackable), booking)
    assert refusal.value.code == "not_stackable"


def test_a_bulk_redemption_is_all_or_nothing(organization):
    coupon = make_coupon(organization, quota=2)
    uses = [services.Redemption(coupon.pk, make_booking(organization).pk) for _ in range(3)]

    with pytest.raises(RuleViolation):
        services.redeem_many(organization, uses, actor=TESTER, moment=NOON)

    assert CouponUse.objects.count() == 0
    assert not AuditEntry.objects.filter(table_name="coupon_uses").exists()


def test_a_quota_cannot_go_below_the_uses_there_are(organization):
    coupon = make_coupon(organization)
    make_use(organization, coupon)
    make_use(organization, coupon)

    with pytest.raises(RuleViolation) as refusal, transaction.atomic():
        services.change_coupons(organization, [coupon.pk], {"quota": 1}, actor=TESTER, moment=NOON)
    services.change_coupons(organization, [coupon.pk], {"quota": 2}, actor=TESTER, moment=NOON)

    assert (refusal.value.code, refusal.value.field, refusal.value.hint) == ("quota_below_uses", "quota", "2")
    with pytest.raises(RuleViolation, match="as often as"):
        make_use(organization, coupon)


def test_the_serving_role_has_no_other_way_to_write_the_ledger(organization):
    coupon = make_coupon(organization, quota=1)
    statements = [
        "INSERT INTO coupon_uses (organization_id, coupon_id, booking_id, state) VALUES (%s, %s, %s, 'redeemed')",
        "UPDATE coupon_counters SET used = 0 WHERE organization_id = %s AND coupon_id = %s AND %s IS NOT NULL",
        "UPDATE coupons SET quota = NULL WHERE organization_id = %s AND id = %s AND %s IS NOT NULL",
        "DELETE FROM coupon_uses WHERE organization_id = %s AND coupon_id = %s AND %s IS NOT NULL",
    ]

    for statement in statements:
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [organization.pk, coupon.pk, str(uuid4())])


def test_the_door_opens_for_the_scope_s_organization_only(organization):
    stranger = make_organization("Stranger")
    coupon, booking = make_coupon(stranger), make_booking(stranger)

    with pytest.raises(DatabaseError, match="of the transaction only"), transaction.atomic():
        services.redeem(stranger, coupon.pk, booking.pk, actor=TESTER, moment=NOON)


def test_history_says_what_changed_from_what_to_what(organization):
    coupon = make_coupon(organization, quota=3)
    services.change_coupons(organization, [coupon.pk], {"quota": 5, "description": "x"}, actor=TESTER, moment=NOON)

    created, changed = AuditEntry.objects.filter(table_name="coupons").order_by("id")
    assert (created.action, created.row_label) == ("created", "QUIET_WEEK")
    assert changed.changes == {"quota": [3, 5], "description": [None, "x"]}
    assert (changed.actor_kind, changed.actor_id) == ("command", "test")


def test_a_used_coupon_cannot_be_deleted_and_an_unused_one_can(organization):
    used, unused = make_coupon(organization, "USED"), make_coupon(organization, "UNUSED", quota=1)
    make_use(organization, used)
    services.reserve(
        organization,
        unused.pk,
        make_booking(organization).pk,
        until=NOON + timedelta(hours=1),
        actor=TESTER,
        moment=NOON,
    )

    with pytest.raises(RuleViolation, match="has uses"), transaction.atomic():
        services.delete_coupons(organization, [used.pk, unused.pk], actor=TESTER, moment=NOON)
    services.delete_coupons(organization, [unused.pk], actor=TESTER, moment=NOON + timedelta(hours=1))

    assert [coupon.code for coupon in Coupon.objects.all()] == ["USED"]


def test_the_state_of_one_row_and_of_many_agree(organization):
    make_coupon(organization, "A", archived_at=NOON, expires_at=NOON)
    make_coupon(organization, "B", expires_at=NOON, quota=0)
    make_coupon(organization, "C", quota=0, valid_from=NOON + timedelta(days=1))
    make_coupon(organization, "D", valid_from=NOON + timedelta(days=1))
    make_coupon(organization, "E", expires_at=NOON + timedelta(seconds=1))
    make_coupon(organization, "F", deleted_at=NOON, archived_at=NOON)

    coupons = Coupon.objects.of(organization.pk).with_state(NOON).order_by("code")

    assert [coupon.state for coupon in coupons] == [
        "archived",
        "expired",
        "exhausted",
        "scheduled",
        "active",
        "deleted",
    ]
    assert all(coupon.state == coupon.state_at(NOON, live_uses=coupon.live_uses) for coupon in coupons)


def test_a_put_names_the_place_of_a_fault_among_all_rows(organization):
    known = make_coupon(organization)
    rows = [
        {"code": "NEW", "definition": {"type": "relative", "restrictions": [], "value": -10}},
        {"id": str(known.pk), "code": "-"},
    ]

    with pytest.raises(Malformed) as refusal:
        services.put_coupons(organization, rows, actor=TESTER, moment=NOON)

    assert [fault.row for fault in refusal.value.faults] == [1]
