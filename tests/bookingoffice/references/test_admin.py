"""Products, services, plans and bookings through the staff's door."""

from __future__ import annotations

from typing import Any

import pytest

from bookingoffice.references.models import Booking, LineItem, Plan, Product, Service
from tests import builders
from tests.bookingoffice.accounts.desks import errors_of, make_desk

pytestmark = pytest.mark.django_db


def product(**values: Any) -> dict[str, Any]:
    return {"name": "Dune house", "currency": "EUR", "timezone": "Europe/Amsterdam", "rent_period": "nightly", **values}


def booking(*lines: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A booking as a browser posts it, with its lines."""
    posted = {
        f"line_items-{place}-{name}": value
        for place, line in enumerate(lines)
        for name, value in {"item_type": "rent", "quantity": "1", **line}.items()
    }
    return {
        "reference": "B-1",
        "method": "book",
        "currency": "EUR",
        "display_currency": "EUR",
        "exchange_rate": "1",
        "line_items-TOTAL_FORMS": str(len(lines)),
        "line_items-INITIAL_FORMS": str(sum("id" in line for line in lines)),
        **posted,
        **values,
    }


def test_a_product_has_a_name_in_each_language():
    desk = make_desk("editor")

    response = desk.post("references_product_add", **product(**{"name-0-tag": "nl", "name-0-text": "Duinhuis"}))

    assert response.status_code == 302, errors_of(response)
    with desk.scope():
        made = Product.objects.get()
        assert (made.name, made.public_id[:4]) == ({"default": "Dune house", "nl": "Duinhuis"}, "itm_")
    found = desk.get("references_product_changelist", q="duinhuis").context["cl"].result_list
    assert [str(row) for row in found] == ["Dune house"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name-0-tag": "", "name-0-text": "x"}, "name"),
        ({"currency": "EURO"}, "currency"),
        ({"timezone": "Moon/Base"}, "timezone"),
        ({"rent_period": "yearly"}, "rent_period"),
    ],
)
def test_a_faulty_product_is_told_beside_its_field(values, field):
    desk = make_desk()

    assert field in errors_of(desk.post("references_product_add", **product(**values)))


def test_changing_a_product_keeps_what_the_form_does_not_show():
    desk = make_desk()
    made = builders.make_product(desk.organization, code="DH")

    desk.post("references_product_change", made.pk, **product(name="Other", code="DH2"))

    with desk.scope():
        kept = Product.objects.get()
    assert (kept.public_id, str(kept), kept.code) == (made.public_id, "Other", "DH2")
    assert kept.updated_at > made.updated_at


def test_a_product_in_use_is_not_deleted():
    desk = make_desk()
    made = builders.make_product(desk.organization)
    builders.make_plan(desk.organization, product=made)

    refused = desk.client.post(f"/admin/references/product/{made.pk}/delete/", {"post": "yes"}, follow=True)

    assert "Still in use by plans" in refused.content.decode()
    with desk.scope():
        assert Product.objects.count() == 1


def test_a_service_and_a_plan_are_made():
    desk = make_desk()

    desk.post("references_service_add", label="Sauna", type="extra", order="2")
    desk.post("references_plan_add", code="flat-m", name="Flat, monthly")

    with desk.scope():
        assert (str(Service.objects.get()), str(Plan.objects.get())) == ("Sauna", "Flat, monthly")


def test_another_organizations_product_cannot_be_named():
    desk = make_desk()
    foreign = builders.make_product(builders.make_organization("Elsewhere"))

    refused = desk.post("references_plan_add", code="x", name="X", product=str(foreign.pk))
    page = desk.post("references_booking_add", **booking({"title": "Rent", "amount": "1", "product": str(foreign.pk)}))

    assert "product" in errors_of(refused)
    assert page.status_code == 200
    with desk.scope():
        assert not Booking.objects.exists()


def test_a_booking_is_made_with_its_lines_in_major_units():
    desk = make_desk()
    house = builders.make_product(desk.organization)
    lines = (
        {"title": "Rent", "amount": "500.50", "product": str(house.pk), "tax": "45.05"},
        {"title": "Cleaning", "amount": "65", "item_type": "fee"},
    )

    response = desk.post("references_booking_add", **booking(*lines, check_in="2027-06-10", check_out="2027-06-17"))

    assert response.status_code == 302, response.context and errors_of(response)
    with desk.scope():
        rows = LineItem.objects.order_by("amount_minor").values_list("name", "amount_minor", "tax_minor", "product_id")
        assert list(rows) == [({"default": "Cleaning"}, 6500, 0, None), ({"default": "Rent"}, 50050, 4505, house.pk)]


def test_a_line_is_changed_and_another_removed():
    desk = make_desk()
    made = builders.make_booking(desk.organization)
    kept = builders.make_line_item(made, name={"default": "Rent", "nl": "Huur"})
    gone = builders.make_line_item(made)
    lines = (
        {"id": str(kept.pk), "title": "Rent of a week", "amount": "12"},
        {"id": str(gone.pk), "title": "Rent", "amount": "1", "DELETE": "on"},
    )

    response = desk.post("references_booking_change", made.pk, **booking(*lines))

    assert response.status_code == 302
    with desk.scope():
        line = LineItem.objects.get()
        assert (line.name, line.amount_minor) == ({"default": "Rent of a week", "nl": "Huur"}, 1200)


@pytest.mark.parametrize(
    "line",
    [
        {"title": "", "amount": "1"},
        {"title": "Rent", "amount": "1.005"},
        {"title": "Rent", "amount": "1", "quantity": "-1"},
        {"title": "Rent", "amount": "1", "item_type": "gift"},
        {"title": "Rent", "amount": "1", "product": "nonsense"},
        {"title": "Rent", "amount": "1e30"},
        {"title": "Re\x00nt", "amount": "1"},
    ],
)
def test_a_faulty_line_leaves_nothing_behind(line):
    desk = make_desk()

    response = desk.post("references_booking_add", **booking(line))

    assert response.status_code == 200
    assert response.context["errors"]
    with desk.scope():
        assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"check_in": "2027-06-10", "check_out": "2027-06-01"}, "check_out"),
        ({"customer_bookings_before": "-1"}, "customer_bookings_before"),
        ({"exchange_rate": "1e99"}, "__all__"),
    ],
)
def test_a_faulty_booking_is_told_beside_its_field(values, field):
    desk = make_desk()

    assert field in errors_of(desk.post("references_booking_add", **booking(**values)))


def test_a_booking_with_a_use_is_not_deleted():
    desk = make_desk()
    made = builders.make_booking(desk.organization)
    builders.make_use(desk.organization, builders.make_coupon(desk.organization), made)

    refused = desk.client.post(f"/admin/references/booking/{made.pk}/delete/", {"post": "yes"}, follow=True)

    assert "Still in use by coupon uses" in refused.content.decode()


def test_a_viewer_reads_a_booking_and_its_lines():
    desk = make_desk("viewer")
    made = builders.make_booking(desk.organization)
    builders.make_line_item(made, 12345)

    page = desk.get("references_booking_change", made.pk)

    assert "123.45 EUR" in page.content.decode()
    assert desk.post("references_booking_change", made.pk, **booking()).status_code == 403


def test_a_customer_without_a_number_keeps_none():
    """Blank, all of them would be one customer."""
    desk = make_desk()

    desk.post("references_booking_add", **booking(customer_id=" ", customer_email="ann@example.org"))
    desk.post("references_booking_add", **booking(customer_id="77", customer_email=""))

    with desk.scope():
        kept = list(Booking.objects.order_by("id").values_list("customer_id", "customer_email"))
    assert kept == [(None, "ann@example.org"), ("77", None)]


def test_a_row_for_a_line_that_nobody_touched_is_no_line():
    desk = make_desk()

    desk.post("references_booking_add", **booking({"title": "", "amount": "", "tax": "0"}))

    with desk.scope():
        assert (Booking.objects.count(), LineItem.objects.count()) == (1, 0)


def test_what_a_program_kept_and_we_do_not_know_stays_chosen():
    desk = make_desk()
    kept = {"currency": "XTS", "timezone": "Moon/Base"}
    row = builders.make_product(desk.organization, **kept)

    page = desk.get("references_product_change", row.pk).content.decode()
    saved = desk.post("references_product_change", row.pk, **product(name="Renamed", **kept))

    assert '<option value="XTS" selected>' in page
    assert '<option value="Moon/Base" selected>' in page
    assert saved.status_code == 302, errors_of(saved)
    with desk.scope():
        changed = Product.objects.get()
    assert (changed.name["default"], changed.currency, changed.timezone) == ("Renamed", "XTS", "Moon/Base")


def test_an_address_proposes_a_moment_or_nothing():
    desk = make_desk()

    said = desk.get("references_booking_add", confirmed_at="2027-05-01T18:30")
    odd = desk.get("references_booking_add", confirmed_at="tomorrow")

    assert 'value="18:30:00"' in said.content.decode()
    assert odd.status_code == 200
