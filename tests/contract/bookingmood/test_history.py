"""What programs do to plain rows is in the history: who, what, from what to what."""

from __future__ import annotations

from typing import Any

import pytest

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from tests.builders import make_booking, make_product, make_service
from tests.contract.bookingmood.test_upserts import rows_of

RETURNED = {"Prefer": "return=representation"}


def told(organization: Organization, table: str) -> list[tuple[str, str, Any]]:
    with tenant_scope(organization.pk):
        entries = AuditEntry.objects.of(organization.pk).filter(table_name=table).order_by("created_at", "id")
        assert {entry.actor_kind for entry in entries} <= {"key"}
        return [(entry.action, entry.row_label, entry.changes) for entry in entries]


def test_new_products_are_told_one_by_one(api, organization):
    answer = api("POST", "/products", [{"name": {"default": "Barn"}}, {"name": {"default": "Loft"}}])

    assert answer.status_code == 201
    assert [(action, label) for action, label, _ in told(organization, "products")] == [
        ("created", "Barn"),
        ("created", "Loft"),
    ]
    assert told(organization, "products")[0][2]["currency"] == [None, "EUR"]


def test_a_change_says_from_what_to_what(api, organization):
    service = make_service(organization, type="cleaning")

    answer = api("PATCH", f"/services?id=eq.{service.pk}", {"type": "towels", "order": 0})

    assert answer.status_code == 204
    assert told(organization, "services") == [("changed", "Cleaning", {"type": ["cleaning", "towels"]})]


def test_a_change_of_nothing_leaves_no_line(api, organization):
    service = make_service(organization, type="cleaning")

    assert api("PATCH", f"/services?id=eq.{service.pk}", {"type": "cleaning"}).status_code == 204

    assert told(organization, "services") == []


def test_an_upsert_tells_the_new_from_the_changed(api, organization):
    old = make_product(organization, "Barn")
    new = "0190a000-0000-7000-8000-000000000001"
    rows = [{"id": str(old.pk), "name": {"default": "Byre"}}, {"id": new, "name": {"default": "Loft"}}]

    answer = api("POST", "/products", rows, Prefer="resolution=merge-duplicates")

    assert answer.status_code == 201
    changed, created = sorted(told(organization, "products"))
    assert changed == ("changed", "Byre", {"name": [{"default": "Barn"}, {"default": "Byre"}]})
    assert created[:2] == ("created", "Loft")


def test_a_put_is_told(api, organization):
    old = make_product(organization, "Barn")

    answer = api("PUT", f"/products?id=eq.{old.pk}", {"id": str(old.pk), "name": {"default": "Byre"}})

    assert answer.status_code == 204
    assert told(organization, "products") == [("changed", "Byre", {"name": [{"default": "Barn"}, {"default": "Byre"}]})]


def test_what_was_deleted_is_told_as_it_was(api, organization):
    booking = make_booking(organization, reference="B-7")

    assert api("DELETE", f"/bookings?id=eq.{booking.pk}").status_code == 204

    [(action, label, changes)] = told(organization, "bookings")
    assert (action, label, changes["reference"]) == ("deleted", "B-7", ["B-7", None])


def test_lines_belong_to_their_booking(api, organization):
    booking = make_booking(organization)
    line = {"booking_id": str(booking.pk), "item_type": "rent", "name": {"default": "Rent"}, "amount_minor": 100}

    assert api("POST", "/line_items", line).status_code == 201

    with tenant_scope(organization.pk):
        assert AuditEntry.objects.of(organization.pk).get(table_name="line_items").subject_id == booking.pk


def test_the_organization_itself_is_watched(api, organization):
    assert api("PATCH", f"/organizations?id=eq.{organization.pk}", {"active": False}).status_code == 204

    assert told(organization, "organizations") == [("changed", "Lakeside", {"active": [True, False]})]


def test_a_refused_write_leaves_no_line(api, organization):
    rows = [{"name": {"default": "Barn"}, "currency": "EUR"}, {"name": {"default": "Loft"}, "currency": "euro"}]

    assert api("POST", "/products", rows).status_code == 400

    assert told(organization, "products") == []


def test_a_change_of_many_is_told_of_each(api, organization):
    for number in range(3):
        make_product(organization, f"Room {number}")

    answer = api("PATCH", "/products?name->>default=like.Room*", {"timezone": "Europe/Paris"}, **RETURNED)

    assert len(answer.json()) == 3
    assert [changes for _, _, changes in told(organization, "products")] == [
        {"timezone": ["UTC", "Europe/Paris"]} for _ in range(3)
    ]


@pytest.mark.parametrize("table", ["products", "coupons", "coupon_products", "seasons", "webhooks"])
def test_a_row_that_gets_another_id_went_and_came(api, organization, table):
    row = rows_of(organization)[table] if table != "products" else {"name": {"default": "Barn"}}
    [kept] = api("POST", f"/{table}", row).json()
    new = "0190a000-0000-7000-8000-000000000001"

    [moved] = api("PATCH", f"/{table}?id=eq.{kept['id']}", {"id": new}, **RETURNED).json()

    times = {"updated_at": moved["updated_at"]} if "updated_at" in moved else {}
    assert moved == kept | {"id": new} | times
    assert deeds(organization, kept["id"]) == ["created", "deleted"]
    assert deeds(organization, new) == ["created"]


def deeds(organization: Organization, row_id: str) -> list[str]:
    with tenant_scope(organization.pk):
        entries = AuditEntry.objects.of(organization.pk).filter(row_id=row_id).order_by("created_at", "id")
        return list(entries.values_list("action", flat=True))


def test_the_id_that_a_row_has_already_is_no_change(api, organization):
    [kept] = api("POST", "/coupons", rows_of(organization)["coupons"]).json()

    assert api("PATCH", f"/coupons?id=eq.{kept['id']}", {"id": kept["id"].upper()}).status_code == 204

    assert deeds(organization, kept["id"]) == ["created"]
