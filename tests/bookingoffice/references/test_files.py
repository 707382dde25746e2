"""Products and bookings in files: what comes back is what went out, lines of bookings included."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7
from bookingoffice.references.models import Booking, LineItem, Product
from tests.builders import make_booking, make_line_item, make_organization, make_plan, make_product, make_service
from tests.datafiles import Desk

pytestmark = pytest.mark.django_db
ENDINGS = ["csv", "json", "xlsx"]


@pytest.fixture
def products(tmp_path) -> Desk:
    return Desk("products", make_organization(currency="CHF", timezone="Europe/Zurich"), tmp_path)


@pytest.fixture
def bookings(products) -> Desk:
    return Desk("bookings", products.organization, products.folder)


def everything(desk: Desk, model: Any) -> list[dict[str, Any]]:
    with tenant_scope(desk.organization.pk):
        return [{**row, "organization_id": None} for row in model.objects.order_by("id").values()]


def some_products(desk: Desk) -> None:
    make_product(desk.organization, "Boathouse", code="=BOAT", timezone="Europe/Amsterdam")
    make_product(
        desk.organization, "Dinar", currency="KWD", rent_period="daily", description={"default": "a\nb", "nl": ""}
    )
    make_product(desk.organization, "Yen", currency="JPY", code="yen")


def some_bookings(desk: Desk) -> list[Any]:
    product, service, plan = (
        make_product(desk.organization),
        make_service(desk.organization),
        make_plan(desk.organization),
    )
    full = make_booking(desk.organization, reference="-R1", check_in=date(2027, 6, 1), check_out=date(2027, 6, 4),
        customer_email="a@b.example", customer_bookings_before=0, exchange_rate=1.0825, occupancy={"adults": 2},
        currency="KWD", method="book", silent=True)  # fmt: skip
    make_line_item(full, 123456, product=product, tax_minor=-5, tax_included=True)
    make_line_item(
        full, 2**60, item_type="fee", service=service, plan=plan, quantity=0, name={"default": "Fee", "nl": ""}
    )
    make_booking(desk.organization, reference="")
    make_booking(desk.organization, reference="R2", currency="JPY", display_currency="USD")
    return [product, service, plan]


@pytest.mark.parametrize("ending", ENDINGS)
def test_products_go_out_and_come_back(products, ending):
    some_products(products)
    rows, first = everything(products, Product), products.take_out(f"first.{ending}")
    elsewhere = products.of(make_organization("Elsewhere"))

    assert products.put_in(first, f"rows.{ending}") == "0 products made, 0 changed, 3 as they were."
    assert elsewhere.put_in(first, f"rows.{ending}") == "3 products made, 0 changed."

    assert everything(products, Product) == everything(elsewhere, Product) == rows


@pytest.mark.parametrize("ending", ENDINGS)
def test_bookings_go_out_and_come_back_with_their_lines(bookings, ending):
    owned = some_bookings(bookings)
    rows, lines = everything(bookings, Booking), everything(bookings, LineItem)
    first = bookings.take_out(f"first.{ending}")
    elsewhere = bookings.of(make_organization("Elsewhere"))
    with tenant_scope(elsewhere.organization.pk):
        for row in owned:
            row.organization_id, row._loaded_organization_id = elsewhere.organization.pk, None
            row.save(force_insert=True)

    assert bookings.put_in(first, f"rows.{ending}") == "0 bookings made, 0 changed, 3 as they were."
    assert elsewhere.put_in(first, f"rows.{ending}") == "3 bookings made, 0 changed."

    assert everything(bookings, Booking) == everything(elsewhere, Booking) == rows
    times = ("created_at", "updated_at")
    assert [{**line, **dict.fromkeys(times)} for line in everything(elsewhere, LineItem)] == [
        {**line, **dict.fromkeys(times)} for line in lines
    ]


def test_a_row_without_an_id_is_found_by_its_code_or_reference(products, bookings):
    some_products(products)
    make_booking(bookings.organization, reference="R1")

    assert products.put_in("code,currency\nyen,EUR\n") == "0 products made, 1 changed."
    assert bookings.put_in("reference,check_in\nR1,2027-06-01\nR9,\n") == "1 booking made, 1 changed."

    with tenant_scope(products.organization.pk):
        assert Product.objects.get(code="yen").currency == "EUR"
        entries = AuditEntry.objects.filter(action="changed")
        assert set(entries.values_list("table_name", "row_label")) == {("products", "Yen"), ("bookings", "R1")}


def test_what_could_be_two_is_neither(bookings):
    make_booking(bookings.organization, reference="R1")
    make_booking(bookings.organization, reference="R1")

    assert bookings.refused("reference,silent\nR1,true\n") == [
        "2: reference: Several bookings have this reference; say which by its id. [ambiguous]"
    ]


def test_every_bad_product_is_told(products):
    content = 'code,name,currency,timezone\nA,,EUR,UTC\nB,"{""nl"": ""x""}",XXX,Mars/Base\nC,Boathouse,,\n'

    assert products.refused(content) == [
        "2: name: A new product needs this. [required]",
        "3: name.default: A name needs a text under the key “default”. [missing_default]",
        "3: timezone: Use a name such as Europe/Amsterdam. [unknown_timezone]",
        "3: currency: 'XXX' is not a currency we know; use an upper-case ISO 4217 code. [unknown_currency]",
        "4: name: “Boathouse” is not JSON that can be kept. [not_json]",
    ]
    assert everything(products, Product) == []


def test_every_bad_line_of_a_booking_is_told(bookings):
    stranger = uuid7()
    lines = [
        {"item_type": "rent", "name": {"default": "x"}, "amount_minor": 1, "product_id": str(stranger)},
        {"item_type": "tip", "name": [], "amount_minor": 1.5, "quantity": -1, "tax_included": 1, "colour": 1},
    ]
    rows = [
        {"reference": "R1", "line_items": lines[:1]},
        {"reference": "R2", "line_items": lines[1:]},
        {"reference": "R3", "line_items": {}},
        {"reference": "R4", "check_in": "2027-06-02", "check_out": "2027-06-01"},
    ]

    told = bookings.refused("[" + ",\n".join(json.dumps(row) for row in rows) + "]", "rows.json")

    assert told[0] == f"1: line_items.[0].product_id: The organization has no product {stranger}. [product_not_found]"
    assert sorted(line.split("[")[-1] for line in told if line.startswith("2:")) == [
        "name_not_object]", "not_a_boolean]", "not_an_integer]", "not_an_integer]", "unknown_choice]", "unknown_key]",
    ]  # fmt: skip
    assert told[-2:] == [
        "3: line_items: Lines are a list of objects. [lines_not_list]",
        "4: check_out: The stay ends before it begins. [stay_ends_early]",
    ]
    assert everything(bookings, Booking) == []


def test_lines_become_what_the_file_says(bookings):
    booking = make_booking(bookings.organization, reference="R1")
    stays, goes = make_line_item(booking, 100), make_line_item(booking, 200)
    lines = [
        {"id": str(stays.pk), "item_type": "rent", "name": {"default": "Rent"}, "amount_minor": 150},
        {"item_type": "fee", "name": {"default": "New"}, "amount_minor": 30},
    ]

    bookings.put_in(json.dumps([{"reference": "R1", "line_items": lines}]), "rows.json")

    with tenant_scope(bookings.organization.pk):
        assert sorted(LineItem.objects.values_list("amount_minor", flat=True)) == [30, 150]
        assert not LineItem.objects.filter(pk=goes.pk).exists()
        assert set(AuditEntry.objects.filter(table_name="line_items").values_list("action", flat=True)) == {
            "created", "changed", "deleted",
        }  # fmt: skip


def test_another_bookings_line_is_not_taken_along(bookings):
    theirs = make_line_item(make_booking(bookings.organization, reference="R1"), 100)
    line = {"id": str(theirs.pk), "item_type": "rent", "name": {"default": "Rent"}, "amount_minor": 150}

    told = bookings.refused(json.dumps([{"reference": "R2", "line_items": [line]}]), "rows.json")

    assert told == ["1: There is such a row already. [duplicate]"]
