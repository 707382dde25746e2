"""The page of one coupon: read back, tried, frozen, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coupons import services
from coupons.admin.forms import FROZEN
from coupons.models import Coupon, CouponPlan, CouponProduct
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, errors_of, make_desk
from tests.coupons.test_admin import ADD, CHANGE, filled, make_booking, make_coupon, redeem

pytestmark = pytest.mark.django_db
DRAFT = "coupons_coupon_draft"
STAY = {"try-arrives": "2027-07-01", "try-leaves": "2027-07-03", "try-what_0": "rent:", "try-amount_0": "200"}


def words(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def asked(desk: Desk, coupon: Coupon | None = None, **data: Any) -> str:
    query = f"?coupon={coupon.pk}" if coupon else ""
    return words(desk.client.post(f"/admin/coupons/coupon/draft/{query}", filled(**data)))


def test_what_is_typed_is_read_back_and_tried_before_it_is_saved():
    desk = make_desk("editor")

    told = asked(desk, percent="20", scope="rent", min_nights="3", quota="40", **STAY)

    assert "20 % off rent, for stays of 3 nights or more, 40 uses, not" not in told
    assert "20 % off rent, for stays of 3 nights or more, 40 uses." in told
    assert "No, for 1 reason:" in told
    assert "It asks for 3 nights or more; the stay has 2 nights." in told
    with desk.scope():
        assert not Coupon.objects.exists()


def test_a_value_that_is_wrong_does_not_count_and_is_named():
    desk = make_desk()
    coupon = make_coupon(desk, quota=9)

    told = asked(desk, coupon, percent="10", quota="-1")

    assert "10 % off the whole booking, 9 uses." in told
    assert "Not counted yet:" in told
    assert "Uses in all" in told


def test_targets_and_plans_are_named_as_they_are_typed():
    desk = make_desk()
    product, plan = builders.make_product(desk.organization), builders.make_plan(desk.organization, name="Early")

    told = asked(desk, scope="product", products=[str(product.pk)], plans=[str(plan.pk)])

    assert "15 % off bookings of Boathouse, on the plan Early" in told
    assert "and none of that is booked" in asked(desk, scope="product", products=[str(product.pk)], **STAY)


def test_the_example_comes_with_the_page_and_is_likely_to_fit():
    desk = make_desk()
    product = builders.make_product(desk.organization)
    coupon = make_coupon(desk, scope="product", min_nights=10, min_lead_days=60, max_per_customer=1)
    with desk.scope():
        link = {"coupon_id": coupon.pk, "product_id": product.pk}
        services.add_targets(desk.organization, "product", [link], **desk.act)

    page = words(desk.get(CHANGE, coupon.pk))

    assert "Yes: it takes 105.00 EUR off." in page
    assert "Boathouse" in page


def test_without_a_script_the_page_answers_and_saves_nothing():
    desk = make_desk()
    coupon = make_coupon(desk)

    page = words(desk.post(CHANGE, coupon.pk, **filled(name="Typed", percent="30"), **STAY, _check="try"))

    assert "30 % off the whole booking" in page
    assert "Yes: it takes 60.00 EUR off." in page
    assert 'value="Typed"' in page
    with desk.scope():
        assert Coupon.objects.get().name == "SUMMER"


def test_a_guests_booking_says_why_the_code_was_refused():
    desk = make_desk()
    coupon = make_coupon(desk, min_nights=5, arrival_weekdays=[5])
    make_booking(desk, reference="B-7", check_in="2027-07-01", check_out="2027-07-03")

    told = asked(desk, coupon, min_nights="5", arrival_weekdays=["5"], **{"try-booking": "B-7"})

    assert "No, for 2 reasons:" in told
    assert "It is for arrivals on Friday; 1 Jul 2027 is a Thursday." in told


@pytest.mark.parametrize(
    ("example", "fault"),
    [
        ({"try-booking": "NONE"}, "Booking: There is no booking “NONE”."),
        ({"try-arrives": "soon"}, "Arrives: Enter a valid date."),
        ({"try-arrives": "2027-07-05", "try-leaves": "2027-07-01"}, "Leaves: The guest leaves before arriving."),
        ({"try-amount_0": "1.234"}, "Amount, line 1: EUR has 2 decimals; the amount has more."),
        ({"try-amount_0": "1e999"}, "Amount, line 1:"),
        ({"try-guest": "a\x00b"}, "Guest: Null characters are not allowed."),
        ({"try-plan": "moon"}, "Plan:"),
        ({"try-beside": "NOBODYS"}, "Other code: There is no coupon of this code."),
        ({"try-beside": " - "}, "Other code: There is no coupon of this code."),
        ({"try-booked_on": "9999-12-31", "try-arrives": "0001-01-01"}, "It takes"),
    ],
)
def test_an_example_that_is_wrong_is_told(example, fault):
    desk = make_desk()
    coupon = make_coupon(desk)

    assert fault.casefold() in asked(desk, coupon, **example).casefold()


def test_every_frozen_field_says_why():
    desk = make_desk()
    coupon = make_coupon(desk)
    redeem(desk, coupon)

    form = desk.get(CHANGE, coupon.pk).context["adminform"].form

    assert {name for name, field in form.fields.items() if field.disabled} == set(FROZEN)
    assert {str(form.fields[name].help_text) for name in FROZEN} == {
        "Used already, so what guests were promised stays as it is."
    }
    told = asked(desk, coupon, percent="90", code="OTHER")
    assert "15 % off the whole booking" in told


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost():
    desk = make_desk()
    coupon = make_coupon(desk, quota=5)
    redeem(desk, coupon)
    redeem(desk, coupon)

    response = desk.post(CHANGE, coupon.pk, **filled(quota="1", name="Typed", min_nights="4"), **STAY)

    assert list(errors_of(response)) == ["quota"]
    page = words(response)
    assert 'value="Typed"' in page
    assert 'value="2027-07-01"' in page
    assert "for stays of 4 nights or more, 5 uses, 3 left." in page


def test_a_section_stands_open_where_something_is_filled_in_or_wrong():
    desk = make_desk()
    coupon = make_coupon(desk)

    assert words(desk.get(CHANGE, coupon.pk)).count("<details><summary>") == 3
    assert words(desk.post(CHANGE, coupon.pk, **filled(min_nights="-1"))).count("<details><summary>") == 2


def test_plans_are_kept_and_given_up():
    desk = make_desk()
    plan = builders.make_plan(desk.organization)

    desk.post(ADD, **filled(plans=[str(plan.pk)]))
    with desk.scope():
        coupon = Coupon.objects.get()
        assert (coupon.plan_scope, CouponPlan.objects.get().plan_id) == ("specific", plan.pk)
    desk.post(CHANGE, coupon.pk, **filled())

    with desk.scope():
        assert Coupon.objects.get().plan_scope == "all"
        assert not CouponPlan.objects.exists()


def test_what_came_of_it_is_told_in_sums_weeks_and_a_picture():
    desk = make_desk()
    coupon = make_coupon(desk, kind="percent", percent=10)
    assert "Nobody has used it yet." in words(desk.get(CHANGE, coupon.pk))
    for weeks, amount in ((3, 20000), (0, 10000), (0, 5000)):
        booking = make_booking(desk, customer_id="7")
        builders.make_line_item(booking, amount)
        builders.make_use(desk.organization, coupon, booking, timezone.now() - timedelta(weeks=weeks))

    results = desk.get(CHANGE, coupon.pk).context["results"]

    [total] = results.sums
    assert (total.uses, total.customers, total.holds) == ("3", "1", "0")
    assert total.discount.replace("\N{NO-BREAK SPACE}", " ") == "35.00 EUR"
    assert [bar.uses for bar in results.bars] == [1, 0, 0, 2]
    assert [bar.height for bar in results.bars] == [50, 0, 0, 100]


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_the_page_asks_as_many_statements_however_much_there_is(role):
    desk = make_desk(role)
    coupon = make_coupon(desk, scope="product", quota=99)

    def aim_and_spend(number: int) -> None:
        for _each in range(number):
            product = builders.make_product(desk.organization)
            link = {"coupon_id": coupon.pk, "product_id": product.pk}
            with desk.scope():
                services.add_targets(desk.organization, "product", [link], **desk.act)
            booking = make_booking(desk, customer_id=str(number))
            builders.make_line_item(booking, 10000, product_id=product.pk)
            builders.make_use(desk.organization, coupon, booking, timezone.now() - timedelta(weeks=number))

    def statements() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as page:
            assert desk.get(CHANGE, coupon.pk).status_code == 200
        with CaptureQueriesContext(connection) as draft:
            asked(desk, coupon, scope="product", **STAY)
        return len(page), len(draft)

    aim_and_spend(1)
    statements()
    few = statements()
    aim_and_spend(9)

    assert statements() == few


def test_who_may_only_look_tries_and_nobody_else_does():
    desk, viewer, other = make_desk(), make_desk("viewer"), make_desk()
    theirs, mine = make_coupon(desk), make_coupon(viewer)

    page = words(viewer.client.get(f"/admin/coupons/coupon/{mine.pk}/change/", STAY))

    assert "Yes: it takes 30.00 EUR off." in page
    assert viewer.post(DRAFT, **filled()).status_code == 403
    assert desk.get(DRAFT).status_code == 403
    assert other.client.post(f"/admin/coupons/coupon/draft/?coupon={theirs.pk}", filled()).status_code == 404
    assert other.client.post("/admin/coupons/coupon/draft/?coupon=moon", filled()).status_code == 404


def test_what_a_coupon_is_not_for_is_chosen_read_back_and_taken_back():
    desk = make_desk("editor")
    boat, barn = (builders.make_product(desk.organization, name) for name in ("Boathouse", "Barn"))
    coupon = make_coupon(desk)

    assert "not for Boathouse" in asked(desk, coupon, not_products=[str(boat.pk)])
    assert desk.post(CHANGE, coupon.pk, **filled(not_products=[str(boat.pk)])).status_code == 302
    with desk.scope():
        assert list(CouponProduct.objects.values_list("product_id", "excluded")) == [(boat.pk, True)]
    assert f'<option value="{boat.pk}" selected>' in words(desk.get(CHANGE, coupon.pk))

    both = desk.post(CHANGE, coupon.pk, **filled(products=[str(barn.pk)], not_products=[str(barn.pk)]))
    assert errors_of(both) == {"not_products": ["This is chosen above, as what the coupon is for."]}
    assert desk.post(CHANGE, coupon.pk, **filled()).status_code == 302
    with desk.scope():
        assert not CouponProduct.objects.exists()


def test_a_coupon_is_made_hot_and_shows_what_programs_keep_with_it():
    desk = make_desk("editor")
    coupon = make_coupon(desk, quota=40, metadata={"campaign": "spring"})
    assert "campaign" in words(desk.get(CHANGE, coupon.pk))
    assert "Data of programs" not in words(desk.get(CHANGE, make_coupon(desk, "OTHER").pk))

    assert desk.post(CHANGE, coupon.pk, **filled(quota="40", hot="on")).status_code == 302

    with desk.scope():
        saved = Coupon.objects.get(pk=coupon.pk)
        assert (saved.hot, saved.metadata) == (True, {"campaign": "spring"})
