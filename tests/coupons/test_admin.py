"""Coupons and their uses through the staff's door."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingoffice.audit.models import AuditEntry
from bookingoffice.references.models import Booking
from coupons import services
from coupons.models import Coupon, CouponProduct, CouponUse
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, errors_of, make_desk
from tests.coupons.choosing import carry_out

pytestmark = pytest.mark.django_db

LIST, ADD, CHANGE, DELETE = (f"coupons_coupon_{page}" for page in ("changelist", "add", "change", "delete"))
USES, ADD_USE = "coupons_couponuse_changelist", "coupons_couponuse_add"


def filled(**values: Any) -> dict[str, Any]:
    """The form as a browser posts it."""
    return {
        "code": "SUMMER",
        "kind": "percent",
        "percent": "15",
        "scope": "global",
        "stackable": "on",
        "priority": "0",
        "invitee_mode": "all",
        "renewal_constraint": "any",
        "repeat": "once",
        **values,
    }


def make_coupon(desk: Desk, code: str = "SUMMER", **values: Any) -> Coupon:
    coupon: Coupon = builders.make_coupon(desk.organization, code, **values)
    return coupon


def make_booking(desk: Desk, **values: Any) -> Booking:
    booking: Booking = builders.make_booking(desk.organization, **values)
    return booking


def redeem(desk: Desk, coupon: Coupon, booking: Booking | None = None) -> UUID:
    return builders.make_use(desk.organization, coupon, booking, timezone.now())


def fresh(desk: Desk, coupon: Coupon) -> Coupon:
    with desk.scope():
        kept: Coupon = Coupon.objects.get(pk=coupon.pk)
        return kept


def test_a_percentage_is_made_by_fields_and_leaves_its_history():
    desk = make_desk("editor")

    response = desk.post(ADD, **filled(quota="40"))

    assert response.status_code == 302, errors_of(response)
    with desk.scope():
        coupon = Coupon.objects.get()
        assert (coupon.code, coupon.name, coupon.quota) == ("SUMMER", "SUMMER", 40)
        assert coupon.definition == {"type": "relative", "restrictions": [], "value": -15}
        entry = AuditEntry.objects.get(table_name="coupons")
        assert (entry.action, entry.row_id, entry.actor_id) == ("created", coupon.pk, str(desk.user.pk))


def test_an_amount_is_given_in_major_units():
    desk = make_desk()

    desk.post(ADD, **filled(kind="amount", amount="12.50", currency="EUR", max_discount="100", limit_currency="JPY"))

    with desk.scope():
        coupon = Coupon.objects.get()
        assert (coupon.amount_minor, coupon.currency, coupon.percent) == (1250, "EUR", None)
        assert (coupon.max_discount_minor, coupon.limit_currency) == (100, "JPY")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "  -  "}, "code"),
        ({"code": "A\u202eB"}, "code"),
        ({"code": "A\x00B"}, "code"),
        ({"percent": ""}, "percent"),
        ({"percent": "101"}, "percent"),
        ({"percent": "NaN"}, "percent"),
        ({"kind": "amount", "amount": "5", "currency": ""}, "currency"),
        ({"kind": "amount", "amount": "5.123", "currency": "EUR"}, "amount"),
        ({"kind": "amount", "amount": "1e400", "currency": "EUR"}, "amount"),
        ({"kind": "amount", "amount": "99999999999999999999", "currency": "EUR"}, "amount"),
        ({"kind": "expression"}, "kind"),
        ({"quota": "-1"}, "quota"),
        ({"quota": "99999999999"}, "quota"),
        ({"scope": "product"}, "products"),
        ({"scope": "moon"}, "scope"),
        ({"products": "not-a-uuid"}, "products"),
        ({"min_nights": "-1"}, "min_nights"),
        ({"min_nights": "5", "max_nights": "3"}, "max_nights"),
        ({"budget": "0.001"}, "budget"),
        ({"repeat": "limited"}, "repeat_count"),
        ({"blackout_dates": "2027-02-30"}, "blackout_dates"),
        ({"arrival_weekdays": "8"}, "arrival_weekdays"),
        ({"valid_from_0": "2027-13-01"}, "valid_from"),
        ({"valid_from_1": "10:00"}, "valid_from"),
        ({"valid_from_0": "2027-02-01", "expires_at_0": "2027-01-01"}, "expires_at"),
        ({"season_ids": "00000000-0000-0000-0000-000000000000"}, "season_ids"),
    ],
)
def test_a_faulty_value_is_told_beside_its_field(values, field):
    desk = make_desk()

    response = desk.post(ADD, **filled(**values))

    assert field in errors_of(response)
    with desk.scope():
        assert not Coupon.objects.exists()


def test_a_code_in_another_spelling_is_taken_already():
    desk = make_desk()
    make_coupon(desk, code="SUMMER-27")

    response = desk.post(ADD, **filled(code="summer 27"))

    assert errors_of(response) == {"code": ["Another coupon has this code already, in this or another spelling."]}
    with desk.scope():
        assert Coupon.objects.count() == 1


def test_a_day_without_a_time_counts_to_its_end_by_the_organizations_clock():
    desk = make_desk()

    desk.post(ADD, **filled(valid_from_0="2027-06-01", expires_at_0="2027-06-30"))

    with desk.scope():
        coupon = Coupon.objects.get()
        assert coupon.valid_from.isoformat() == "2027-05-31T22:00:00+00:00"
        assert coupon.expires_at.isoformat() == "2027-06-30T21:59:59+00:00"


def test_targets_are_chosen_among_the_organizations_own():
    desk, other = make_desk(), make_desk()
    mine, foreign = builders.make_product(desk.organization), builders.make_product(other.organization)

    refused = desk.post(ADD, **filled(scope="product", products=[str(foreign.pk)]))
    taken = desk.post(ADD, **filled(scope="product", products=[str(mine.pk)]))

    assert "products" in errors_of(refused)
    assert taken.status_code == 302
    with desk.scope():
        assert [link.product_id for link in CouponProduct.objects.all()] == [mine.pk]


def test_only_what_changed_is_written():
    desk = make_desk()
    coupon = make_coupon(desk, metadata={"from": "elsewhere"}, min_nights=2)

    response = desk.post(CHANGE, coupon.pk, **filled(quota="5", min_nights="2"))

    assert response.status_code == 302, errors_of(response)
    with desk.scope():
        entry = AuditEntry.objects.filter(table_name="coupons", action="changed").first()
        assert entry is not None
        assert entry.changes == {"quota": [None, 5]}


def test_a_limit_below_the_live_uses_is_refused_beside_its_field():
    desk = make_desk()
    coupon = make_coupon(desk, quota=3)
    redeem(desk, coupon)
    redeem(desk, coupon)

    response = desk.post(CHANGE, coupon.pk, **filled(quota="1"))

    assert list(errors_of(response)) == ["quota"]
    assert fresh(desk, coupon).quota == 3


def test_a_used_coupon_keeps_what_was_promised():
    desk = make_desk()
    coupon = make_coupon(desk)
    redeem(desk, coupon)

    page = desk.get(CHANGE, coupon.pk)
    desk.post(CHANGE, coupon.pk, **filled(code="OTHER", percent="90", repeat="forever", name="New name"))

    assert "what guests were promised stays" in page.content.decode()
    kept = fresh(desk, coupon)
    assert (kept.code, kept.percent, kept.repeat, kept.name) == ("SUMMER", Decimal(15), "once", "New name")


def test_an_expression_is_shown_and_kept():
    desk = make_desk()
    definition = {"type": "relative", "restrictions": [{"kind": "moon"}], "value": -10}
    coupon = make_coupon(desk, definition=definition)

    page = desk.get(CHANGE, coupon.pk)
    desk.post(CHANGE, coupon.pk, **filled(kind="expression", percent="", quota="3"))

    assert "moon" in page.content.decode()
    assert (fresh(desk, coupon).definition, fresh(desk, coupon).quota) == (definition, 3)


def test_a_used_coupon_is_not_deleted_but_can_be_marked():
    desk = make_desk()
    coupon = make_coupon(desk)
    redeem(desk, coupon)

    refused = desk.client.post(f"/admin/coupons/coupon/{coupon.pk}/delete/", {"post": "yes"}, follow=True)
    carry_out(desk, "coupon", "mark_as_deleted", coupon.pk)

    assert "has uses" in refused.content.decode()
    assert fresh(desk, coupon).deleted_at is not None


def test_an_unused_coupon_is_deleted():
    desk = make_desk()
    coupon = make_coupon(desk)

    assert desk.get(DELETE, coupon.pk).status_code == 200
    desk.post(DELETE, coupon.pk, post="yes")

    with desk.scope():
        assert not Coupon.objects.exists()


@pytest.mark.parametrize("term", ["summer 27", "ＳＵＭＭＥＲ２７", "mer-2", "hol"])
def test_a_coupon_is_found_in_any_spelling_and_by_part(term):
    desk = make_desk()
    make_coupon(desk, code="Summer-27", name="Holiday")
    make_coupon(desk, code="WINTER")

    page = desk.get(LIST, q=term)

    assert [coupon.code for coupon in page.context["cl"].result_list] == ["Summer-27"]


def test_the_list_is_narrowed_to_a_state():
    desk = make_desk()
    make_coupon(desk, code="NOW")
    make_coupon(desk, code="OLD", expires_at="2020-01-01T00:00:00Z")
    make_coupon(desk, code="GONE", deleted_at="2020-01-01T00:00:00Z")
    redeem(desk, make_coupon(desk, code="FULL", quota=1))

    def codes(**query: str) -> set[str]:
        return {coupon.code for coupon in desk.get(LIST, **query).context["cl"].result_list}

    assert codes() == {"NOW", "OLD", "FULL"}
    assert codes(state="active") == {"NOW"}
    assert codes(state="expired") == {"OLD"}
    assert codes(state="exhausted") == {"FULL"}
    assert codes(state="deleted") == {"GONE"}


def test_the_list_runs_no_query_per_row():
    desk = make_desk()
    redeem(desk, make_coupon(desk, code="C0"))
    desk.get(LIST)
    few = _queries(desk, LIST)
    for number in range(1, 12):
        redeem(desk, make_coupon(desk, code=f"C{number}"))

    assert _queries(desk, LIST) == few


def test_the_list_of_uses_runs_no_query_per_row():
    desk = make_desk()
    redeem(desk, make_coupon(desk, code="C0"))
    desk.get(USES)
    few = _queries(desk, USES)
    for number in range(1, 12):
        redeem(desk, make_coupon(desk, code=f"C{number}"), make_booking(desk, reference=f"B{number}"))

    assert _queries(desk, USES) == few


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_the_page_of_a_coupon_runs_no_query_per_target(role):
    desk = make_desk(role)
    coupon = make_coupon(desk, scope="product")
    aim_at(desk, coupon, 1)
    desk.get(CHANGE, coupon.pk)
    few = _queries(desk, CHANGE, coupon.pk)
    aim_at(desk, coupon, 9)

    assert _queries(desk, CHANGE, coupon.pk) == few


def aim_at(desk: Desk, coupon: Coupon, number: int) -> None:
    links = [{"coupon_id": coupon.pk, "product_id": builders.make_product(desk.organization).pk} for _ in range(number)]
    with desk.scope():
        services.add_targets(desk.organization, "product", links, **desk.act)


def _queries(desk: Desk, page: str, *args: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(page, *args).status_code == 200
    return len(captured)


def test_a_use_is_made_by_hand():
    desk = make_desk("editor")
    coupon, booking = make_coupon(desk), make_booking(desk, reference="B-1", customer_email="a@b.example")

    assert desk.get(ADD_USE).status_code == 200
    response = desk.post(ADD_USE, coupon=str(coupon.pk), booking=str(booking.pk), reason="By phone")

    assert response.status_code == 302, errors_of(response)
    with desk.scope():
        use = CouponUse.objects.get()
        assert (use.state, use.customer_key) == ("redeemed", "email:a@b.example")
        assert AuditEntry.objects.filter(table_name="coupon_uses", action="created").count() == 1


def test_a_refused_use_is_told_beside_its_field():
    desk = make_desk()
    coupon, booking = make_coupon(desk, quota=1), make_booking(desk)
    redeem(desk, coupon, booking)

    twice = desk.post(ADD_USE, coupon=str(coupon.pk), booking=str(booking.pk), reason="By phone")
    full = desk.post(ADD_USE, coupon=str(coupon.pk), booking=str(make_booking(desk).pk), reason="By phone")

    assert errors_of(twice) == {"booking": ["This coupon is already on that booking."]}
    assert errors_of(full) == {"coupon": ["This coupon has been used as often as it may be."]}


def test_a_viewer_looks_and_changes_nothing():
    desk = make_desk("viewer")
    coupon, booking = make_coupon(desk), make_booking(desk)
    use_id = redeem(desk, coupon, booking)

    assert desk.get(CHANGE, coupon.pk).status_code == 200
    assert desk.get(ADD).status_code == 403
    assert desk.post(CHANGE, coupon.pk, **filled(name="X")).status_code == 403
    assert desk.post(DELETE, coupon.pk, post="yes").status_code == 403
    assert desk.post(ADD_USE, coupon=str(coupon.pk), booking=str(booking.pk), reason="By phone").status_code == 403
    desk.post(USES, action="release", _selected_action=[str(use_id)])
    desk.post(LIST, action="archive", _selected_action=[str(coupon.pk)])

    assert (fresh(desk, coupon).name, fresh(desk, coupon).archived_at) == ("SUMMER", None)
    with desk.scope():
        assert CouponUse.objects.count() == 1


def test_another_organizations_rows_are_not_there():
    desk, other = make_desk(), make_desk()
    theirs, their_booking = make_coupon(other, code="THEIRS"), make_booking(other)
    use_id = redeem(other, theirs, their_booking)
    mine = make_coupon(desk, code="MINE")

    assert desk.get(CHANGE, theirs.pk).status_code == 302
    assert desk.post(CHANGE, theirs.pk, **filled()).status_code == 302
    assert desk.post(DELETE, theirs.pk, post="yes").status_code == 302
    assert desk.get("coupons_couponuse_change", use_id).status_code == 302
    assert desk.get("coupons_coupon_history", theirs.pk).status_code == 302
    desk.post(LIST, action="archive", _selected_action=[str(theirs.pk)])
    refused = desk.post(ADD_USE, coupon=str(mine.pk), booking=str(their_booking.pk), reason="By phone")

    assert "booking" in errors_of(refused)
    assert [coupon.code for coupon in desk.get(LIST).context["cl"].result_list] == ["MINE"]
    assert (fresh(other, theirs).archived_at, fresh(other, theirs).code) == (None, "THEIRS")


def test_a_service_is_offered_for_a_discount_of_fees():
    desk = make_desk()
    sauna = builders.make_service(desk.organization, "Sauna")

    desk.post(ADD, **filled(scope="service", services=[str(sauna.pk)]))

    with desk.scope():
        assert Coupon.objects.get().service_targets.get().service_id == sauna.pk


def test_history_is_told_in_words():
    desk = make_desk()
    coupon = make_coupon(desk, quota=40)
    with desk.scope():
        services.change_coupons(
            desk.organization, [coupon.pk], {"quota": 60}, actor=desk.act["actor"], moment=timezone.now()
        )

    page = desk.get("coupons_coupon_history", coupon.pk).content.decode()

    assert "Changed coupon SUMMER" in page
    assert "40 → 60" in page
