"""The ledger in the staff's room: what it tells, what narrows it, and what is done by hand, each with its reason."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingoffice.audit.models import AuditEntry
from coupons import services
from coupons.models import CouponUse
from coupons.services.generation import Wanted, generate_coupons
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, errors_of, make_desk
from tests.coupons.choosing import carry_out, previewed

pytestmark = pytest.mark.django_db

LIST, ADD, CHANGE = (f"coupons_couponuse_{page}" for page in ("changelist", "add", "change"))
RELEASED, UNDO = "coupons_couponuse_released", "coupons_couponuse_undo"
STAY = {"check_in": date(2027, 6, 4), "check_out": date(2027, 6, 8)}


def make_coupon(desk: Desk, code: str = "SUMMER", **values: Any) -> Any:
    return builders.make_coupon(desk.organization, code, **values)


def make_booking(desk: Desk, reference: str = "B-1", **values: Any) -> Any:
    booking = builders.make_booking(desk.organization, reference=reference, **values)
    builders.make_line_item(booking, 20000)
    return booking


def use(desk: Desk, coupon: Any, booking: Any = None) -> UUID:
    return builders.make_use(desk.organization, coupon, booking, timezone.now())


def hold(desk: Desk, coupon: Any, booking: Any, *, lapsed: bool) -> None:
    moment = timezone.now() - timedelta(hours=1 if lapsed else 0)
    act: Any = {"actor": builders.TESTER, "moment": moment, "until": moment + timedelta(minutes=10)}
    with desk.scope():
        services.reserve(desk.organization, coupon.pk, booking.pk, **act)


def references(desk: Desk, **query: str) -> set[str]:
    page = desk.get(LIST, **query)
    assert page.status_code == 200
    return {row.booking.reference for row in page.context["cl"].result_list}


def test_a_row_tells_booking_stay_customer_amount_and_state():
    desk = make_desk()
    coupon = make_coupon(desk)
    use(desk, coupon, make_booking(desk, "B-1", customer_email="guest@example.com", **STAY))
    hold(desk, coupon, make_booking(desk, "B-2"), lapsed=False)
    hold(desk, coupon, make_booking(desk, "B-3"), lapsed=True)

    text = desk.get(LIST).content.decode()

    assert "4 Jun 2027 – 8 Jun 2027 · 4 nights" in text
    assert "guest@example.com" in text
    assert "30.00\N{NO-BREAK SPACE}EUR" in text
    assert "Reserved until" in text
    assert "Hold expired" in text


def test_it_is_narrowed_by_what_uses_are():
    desk = make_desk()
    coupon, other = make_coupon(desk), make_coupon(desk, "WINTER-27", kind="amount", amount_minor=500, currency="CHF")
    use(desk, coupon, make_booking(desk, "REDEEMED", customer_email="guest@example.com"))
    hold(desk, coupon, make_booking(desk, "HELD"), lapsed=False)
    hold(desk, coupon, make_booking(desk, "LAPSED"), lapsed=True)
    use(desk, other, make_booking(desk, "SWISS", currency="CHF"))
    with desk.scope():
        wanted = Wanted(count=1, template={"kind": "percent", "percent": 5}, label="Mailing")
        batch_id = generate_coupons(desk.organization, wanted, **desk.act)
        [made] = desk_coupons(batch_id)
    use(desk, made, make_booking(desk, "BATCHED"))
    today = timezone.localdate()

    assert references(desk, state="redeemed") == {"REDEEMED", "SWISS", "BATCHED"}
    assert references(desk, state="reserved") == {"HELD"}
    assert references(desk, state="lapsed") == {"LAPSED"}
    assert references(desk, coupon="winter 27") == references(desk, coupon=str(other.pk)) == {"SWISS"}
    assert references(desk, coupon="nobody's") == set()
    assert references(desk, currency="CHF") == {"SWISS"}
    assert references(desk, batch=str(batch_id)) == {"BATCHED"}
    assert references(desk, q="winter27") == {"SWISS"}
    assert references(desk, q="swi") == {"SWISS"}
    assert references(desk, q="Guest@example") == {"REDEEMED"}
    assert references(desk, q="moon") == set()
    everything = {"REDEEMED", "HELD", "LAPSED", "SWISS", "BATCHED"}
    assert references(desk, **{"from": "2020-01-01", "until": str(today + timedelta(days=1))}) == everything
    assert references(desk, until="2020-01-01") == set()
    assert references(desk, **{"from": "never", "until": "9999-99-99", "currency": "moon"}) == everything
    assert references(desk, when=str(timezone.now().year)) == everything


def desk_coupons(batch_id: UUID) -> list[Any]:
    from coupons.models import Coupon

    return list(Coupon.objects.filter(batch_id=batch_id))


def test_it_is_redeemed_by_hand_with_a_reason():
    desk = make_desk("editor")
    make_coupon(desk, "SUMMER-27")
    make_booking(desk, "B-1")

    assert desk.get(ADD).status_code == 200
    response = desk.post(ADD, coupon="summer 27", booking="b-1", reason="Promised on the phone")

    assert response.status_code == 302, errors_of(response)
    with desk.scope():
        made = CouponUse.objects.get()
        assert (made.state, made.amount_minor) == ("redeemed", 3000)
        entry = AuditEntry.objects.get(table_name="coupon_uses")
        assert (entry.action, entry.reason, entry.actor_id) == ("created", "Promised on the phone", str(desk.user.pk))


@pytest.mark.parametrize(
    ("values", "field"),
    [({"reason": ""}, "reason"), ({"coupon": "MOON"}, "coupon"), ({"booking": "B-9"}, "booking"), ({"booking": "TWICE"}, "booking"),
     ({"coupon": "00000000-0000-0000-0000-000000000000"}, "coupon"), ({"coupon": "ARCHIVED"}, "coupon")],
)  # fmt: skip
def test_what_cannot_be_redeemed_is_told_beside_its_field(values, field):
    desk = make_desk()
    make_coupon(desk)
    make_coupon(desk, "ARCHIVED", archived_at="2020-01-01T00:00:00Z")
    for reference in ("B-1", "TWICE", "TWICE"):
        make_booking(desk, reference)

    response = desk.post(ADD, **{"coupon": "SUMMER", "booking": "B-1", "reason": "By phone", **values})

    assert list(errors_of(response)) == [field]
    with desk.scope():
        assert not CouponUse.objects.exists()


def test_a_use_is_given_back_with_a_reason_and_the_release_undone():
    desk = make_desk()
    coupon, booking = make_coupon(desk, quota=1), make_booking(desk)
    use_id = use(desk, coupon, booking)

    asked = desk.get("coupons_couponuse_release_one", use_id)
    without = previewed(desk, "couponuse", "release", use_id, reason="")
    done = carry_out(desk, "couponuse", "release", use_id, reason="Wrong guest")

    assert "SUMMER on B-1" not in asked.content.decode()
    assert "Why? The history keeps it" in asked.content.decode()
    assert without.context["form"].errors
    assert "Given back: 1." in done.content.decode()
    with desk.scope():
        assert not CouponUse.objects.exists()
        entry = AuditEntry.objects.get(table_name="coupon_uses", action="deleted")
        assert entry.reason == "Wrong guest"

    listed = desk.get(RELEASED).content.decode()
    assert "Wrong guest" in listed
    assert "30.00\N{NO-BREAK SPACE}EUR" in listed
    assert desk.post(UNDO, entry.pk, reason="").context["form"].errors
    assert desk.post(UNDO, entry.pk, reason="It was right").status_code == 302
    with desk.scope():
        assert CouponUse.objects.get().pk == use_id
    assert "In the ledger again" in desk.get(RELEASED).content.decode()
    again = desk.post(UNDO, entry.pk, reason="Once more")
    assert "already on that booking" in again.content.decode()


def test_all_that_match_are_given_back_together():
    desk = make_desk()
    coupon, other = make_coupon(desk), make_coupon(desk, "OTHER")
    for number in range(3):
        use(desk, coupon, make_booking(desk, f"B{number}"))
    use(desk, other, make_booking(desk, "KEPT"))

    carry_out(desk, "couponuse", "release", query="?coupon=summer", reason="The offer was wrong")

    assert references(desk) == {"KEPT"}


def test_who_may_only_look_gives_nothing_back_and_nobody_reaches_other_organizations():
    desk, other = make_desk("viewer"), make_desk()
    coupon, booking = make_coupon(desk), make_booking(desk)
    use_id = use(desk, coupon, booking)
    seen = previewed(make_desk("owner", desk.organization), "couponuse", "release", use_id, reason="x")
    options = {"reason": "x", "step": "confirm", "expected": seen.context["plan"].seal}

    desk.post(LIST, action="release", _selected_action=[str(use_id)], **options)
    other.post(LIST, action="release", _selected_action=[str(use_id)], **options)
    assert desk.get("coupons_couponuse_release_one", use_id).status_code == 403
    assert other.get("coupons_couponuse_release_one", use_id).status_code == 404
    with desk.scope():
        services.release(desk.organization, coupon.pk, booking.pk, **desk.act)
        entry = AuditEntry.objects.get(table_name="coupon_uses", action="deleted")

    assert desk.get(RELEASED).status_code == 200
    assert desk.get(UNDO, entry.pk).status_code == 403
    assert other.get(UNDO, entry.pk).status_code == 404
    assert other.post(UNDO, entry.pk, reason="x").status_code == 404
    assert "SUMMER" not in other.get(RELEASED).content.decode()


def test_what_is_narrowed_to_is_exported_and_no_text_becomes_a_formula():
    desk = make_desk()
    coupon = make_coupon(desk)
    use(desk, coupon, make_booking(desk, "=1+1", customer_id="+31", **STAY))
    hold(desk, coupon, make_booking(desk, "HELD"), lapsed=False)

    file = desk.client.post(
        "/admin/coupons/couponuse/?state=redeemed",
        {"action": "export_csv", "_selected_action": "x", "select_across": "1"},
    )

    [row] = csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode()))
    assert (row["coupon"], row["booking"], row["amount"], row["currency"]) == ("SUMMER", "'=1+1", "30.00", "EUR")
    assert (row["check_in"], row["state"], row["customer"]) == ("2027-06-04", "redeemed", "id:+31")
    assert row["made"].startswith(timezone.localtime().strftime("%Y-%m-%d")[:7])


def test_the_pages_run_no_query_per_row():
    desk = make_desk()
    coupon = make_coupon(desk)
    few = filled(desk, coupon, 1)
    for number in range(2, 12):
        use(desk, make_coupon(desk, f"C{number}"), make_booking(desk, f"X{number}"))

    assert filled(desk, coupon, 2) == few


def filled(desk: Desk, coupon: Any, number: int) -> tuple[int, ...]:
    """Queries of each page, one more use and one more release."""
    kept, gone = make_booking(desk, f"K{number}"), make_booking(desk, f"G{number}")
    use(desk, coupon, kept)
    use(desk, coupon, gone)
    with desk.scope():
        services.release(desk.organization, coupon.pk, gone.pk, **desk.act)
    desk.get(LIST)
    return tuple(queries(desk, *page) for page in ((LIST, {}), (LIST, {"q": "k"}), (RELEASED, {})))


def queries(desk: Desk, page: str, query: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(page, **query).status_code == 200
    return len(captured)
