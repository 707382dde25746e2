"""What happened becomes notifications: which events, once each, with the rows as the row grammar shows them."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.database.scope import tenant_scope
from bookingoffice.webhooks.delivery import work_at
from bookingoffice.webhooks.models import Notification
from coupons import services
from coupons.models import Coupon
from seasons.writes import change_seasons, delete_seasons
from seasons.year_writes import set_year
from tests.bookingoffice.webhooks.builders import make_webhook, told, told_events
from tests.builders import (
    NOON,
    TESTER,
    make_booking,
    make_coupon,
    make_key,
    make_organization,
    make_product,
    make_season,
    make_use,
)
from tests.contract.bookingmood.conftest import Api

ACT = {"actor": TESTER, "moment": NOON}


@pytest.fixture
def organization(committed_db):
    forget_keys()
    return make_organization(currency="EUR")


def change(organization, coupon, **changes):
    with tenant_scope(organization.pk):
        services.change_coupons(organization, [coupon.pk], changes, actor=TESTER, moment=timezone.now())


def wire(organization, path):
    return Api(make_key(organization))("GET", path).json()


def test_a_coupon_from_its_beginning_to_its_end(organization):
    make_webhook(organization)
    coupon = make_coupon(organization)
    change(organization, coupon, description="For quiet weeks")
    with tenant_scope(organization.pk):
        services.archive_coupons(organization, [coupon.pk], archived=True, **ACT)
        services.archive_coupons(organization, [coupon.pk], archived=False, **ACT)
        services.delete_coupons(organization, [coupon.pk], **ACT)

    assert told_events(organization) == [
        "coupons.created",
        "coupons.updated",
        "coupons.updated",
        "coupons.archived",
        "coupons.updated",
        "coupons.deleted",
    ]


def test_a_coupon_that_was_marked_deleted_is_deleted_once(organization):
    make_webhook(organization, "coupons.deleted")
    coupon = make_coupon(organization)
    change(organization, coupon, deleted_at=NOON.isoformat())
    with tenant_scope(organization.pk):
        services.delete_coupons(organization, [coupon.pk], **ACT)

    assert told_events(organization) == ["coupons.deleted"]


def test_the_payload_is_the_row_as_the_wire_shows_it(organization):
    make_webhook(organization, "coupons.created", "coupons.updated")
    coupon = make_coupon(organization, quota=40)
    [before] = wire(organization, f"/coupons?id=eq.{coupon.pk}")
    change(organization, coupon, quota=60)
    [after] = wire(organization, f"/coupons?id=eq.{coupon.pk}")

    created, updated = told(organization)

    assert created.payload == {"new": {**before, "updated_at": created.payload["new"]["updated_at"]}, "old": None}
    assert updated.payload["new"] == after
    assert list(json.loads(json.dumps(after))) == list(after)
    assert {**updated.payload["old"], "updated_at": None} == {**before, "updated_at": None}


def test_what_is_told_late_is_told_as_it_was(organization):
    make_webhook(organization, "coupons.created", "coupons.updated", "coupons.deleted")
    coupon = make_coupon(organization, "FIRST", quota=1)
    change(organization, coupon, code="SECOND")
    change(organization, coupon, code="THIRD", quota=None)
    with tenant_scope(organization.pk):
        services.delete_coupons(organization, [coupon.pk], **ACT)

    notes = told(organization)

    codes = [[(row or {}).get("code") for row in (note.payload["old"], note.payload["new"])] for note in notes]
    assert codes == [[None, "FIRST"], ["FIRST", "SECOND"], ["SECOND", "THIRD"], ["THIRD", None]]
    assert [(note.payload["new"] or {}).get("quota") for note in notes] == [1, 1, None, None]
    assert notes[3].payload["old"]["id"] == str(coupon.pk)
    assert notes[1].payload["new"]["fts"] == "'second':1"


def test_the_uses_of_a_coupon(organization):
    make_webhook(organization)
    coupon, booking = make_coupon(organization), make_booking(organization)
    until = NOON + timedelta(hours=1)
    with tenant_scope(organization.pk):
        services.reserve(organization, coupon.pk, booking.pk, until=until, **ACT)
        services.redeem(organization, coupon.pk, booking.pk, **ACT)
    [row] = wire(organization, "/coupon_uses")
    with tenant_scope(organization.pk):
        services.release(organization, coupon.pk, booking.pk, **ACT)

    uses = [note for note in told(organization) if note.event_type.startswith("coupon_uses")]

    assert [note.event_type.removeprefix("coupon_uses.") for note in uses] == [
        "created",
        "reserved",
        "updated",
        "redeemed",
        "deleted",
        "released",
    ]
    assert [note.payload["new"] for note in uses] == [row] * 4 + [None] * 2
    assert [note.payload["old"] for note in uses] == [None] * 2 + [row] * 4
    assert {note.subject for note in uses} == {coupon.pk}


def test_a_hold_that_lapsed_is_not_given_back(organization):
    make_webhook(organization, "coupon_uses.released", "coupon_uses.reserved", "coupon_uses.deleted")
    coupon, booking = make_coupon(organization), make_booking(organization)
    later = {"actor": TESTER, "moment": NOON + timedelta(hours=2)}
    with tenant_scope(organization.pk):
        services.reserve(organization, coupon.pk, booking.pk, until=NOON + timedelta(hours=1), **ACT)
        services.release(organization, coupon.pk, booking.pk, **later)

    assert told_events(organization) == ["coupon_uses.reserved"]


def test_seasons_and_their_single_years(organization):
    make_webhook(organization)
    season = make_season(organization)
    with tenant_scope(organization.pk):
        change_seasons(organization, [season.pk], {"name": {"default": "High summer"}}, **ACT)
        set_year(organization, season.pk, 2028, [], **ACT)
    [row] = wire(organization, "/seasons")
    with tenant_scope(organization.pk):
        delete_seasons(organization, [season.pk], **ACT)

    notes = told(organization)

    assert [note.event_type for note in notes][:2] == ["seasons.created", "seasons.updated"]
    assert notes[-1].event_type == "seasons.deleted"
    old = notes[-1].payload["old"]  # its times are those of the history
    assert old == {**row, "created_at": old["created_at"], "updated_at": old["updated_at"]}


def test_the_dates_of_a_single_year_change_the_season(organization):
    season = make_season(organization)
    make_webhook(organization)
    with tenant_scope(organization.pk):
        set_year(organization, season.pk, 2028, [], **ACT)

    [note] = told(organization)

    assert [note.event_type, note.payload["new"]["id"], note.subject] == ["seasons.updated", str(season.pk), season.pk]


def test_only_who_asked_is_told_and_only_from_then_on(organization):
    make_coupon(organization, "BEFORE")
    creations = make_webhook(organization, "coupons.created")
    both = make_webhook(organization, "coupons.created", "coupons.deleted")
    coupon = make_coupon(organization)
    with tenant_scope(organization.pk):
        services.delete_coupons(organization, [coupon.pk], **ACT)

    assert sorted((note.webhook_id, note.event_type) for note in told(organization)) == sorted(
        [(creations.pk, "coupons.created"), (both.pk, "coupons.created"), (both.pk, "coupons.deleted")]
    )


def test_nothing_is_told_of_another_organization(organization):
    stranger = make_organization("Stranger")
    make_webhook(organization)
    make_webhook(stranger)
    make_coupon(stranger)

    assert [told_events(organization), told_events(stranger)] == [[], ["coupons.created"]]


def test_reading_again_tells_nothing_twice(organization):
    make_webhook(organization)
    make_use(organization, make_coupon(organization, quota=1))

    first = told_events(organization)

    assert told_events(organization) == first
    assert first.count("coupons.exhausted") == 1


def test_a_coupon_that_the_wire_does_not_list_is_not_told(organization):
    make_webhook(organization)
    make_coupon(organization, kind="amount", amount_minor=500, currency="USD")

    assert told_events(organization) == []


def test_a_bulk_act_of_many_portions_is_told_whole_and_in_order(organization, monkeypatch):
    monkeypatch.setattr("bookingoffice.webhooks.changes.CHUNK", 7)
    monkeypatch.setattr("bookingoffice.webhooks.telling.CHUNK", 7)
    make_webhook(organization, "coupons.created")
    rows = [{"code": f"N{number:03}", "kind": "percent", "percent": 5} for number in range(40)]
    with tenant_scope(organization.pk):
        services.create_coupons(organization, rows, **ACT)

    assert [note.payload["new"]["code"] for note in told(organization)] == [row["code"] for row in rows]


def test_links_of_a_coupon_are_told_under_the_coupon(organization):
    coupon, product = make_coupon(organization), make_product(organization)
    make_webhook(organization)
    with tenant_scope(organization.pk):
        services.set_targets(organization, coupon.pk, "product", [product.pk], **ACT)
        services.set_targets(organization, coupon.pk, "product", [], **ACT)

    notes = told(organization)

    assert [note.event_type for note in notes] == ["coupon_products.created", "coupon_products.deleted"]
    assert {note.subject for note in notes} == {coupon.pk}


def test_the_neighbours_are_told_as_they_are_written_over_the_api(organization):
    make_webhook(organization, "bookings.created", "bookings.updated", "line_items.created", "products.deleted")
    api = Api(make_key(organization))
    [booking] = api("POST", "/bookings", {"reference": "R1"}).json()
    line = {"booking_id": booking["id"], "item_type": "rent", "name": {"default": "Rent"}, "amount_minor": 100}
    [line] = api("POST", "/line_items", line).json()
    api("PATCH", f"/bookings?id=eq.{booking['id']}", {"reference": "R2"})
    [product] = api("POST", "/products", {"name": {"default": "Boathouse"}}).json()
    api("DELETE", f"/products?id=eq.{product['id']}")

    notes = told(organization)

    assert [note.event_type for note in notes] == [
        "bookings.created",
        "line_items.created",
        "bookings.updated",
        "products.deleted",
    ]
    assert {str(note.subject) for note in notes[:3]} == {booking["id"]}
    assert notes[1].payload == {"new": line, "old": None}
    assert [notes[2].payload[side]["reference"] for side in ("old", "new")] == ["R1", "R2"]
    assert notes[3].payload["old"]["name"] == {"default": "Boathouse"}


def work_left(organization, expected):
    """What is to be done after telling. Transactions of tests beside this one keep news in sight until they end."""
    deadline = time.monotonic() + 60
    while True:
        told(organization)
        if (left := work_at(timezone.now())) == expected or time.monotonic() > deadline:
            return left
        time.sleep(0.05)


def test_the_worker_wakes_for_news_and_sleeps_without(organization):
    make_webhook(organization, "coupons.created")
    assert work_left(organization, []) == []

    make_coupon(organization)
    assert work_at(timezone.now()) == [(organization.pk, True, False)]

    due = [(organization.pk, False, True)]
    assert work_left(organization, due) == due
    with tenant_scope(organization.pk):
        assert Notification.objects.of(organization.pk).count() == 1
        assert Coupon.objects.of(organization.pk).count() == 1
