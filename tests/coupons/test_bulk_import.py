"""Plain rows of a file are kept by PostgreSQL alone; what it makes of them is what the service makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.datafiles.bulk import Bulk
from coupons import file_bulk
from coupons.files import CouponSheet
from coupons.models import Coupon
from tests.builders import make_coupon, make_organization, make_use
from tests.coupons.bad_files import CSV_FAULTS
from tests.datafiles import Desk

pytestmark = pytest.mark.django_db

HOSTILE = [
    "code,name,description,percent,amount_minor,currency,quota,expires_at,arrival_weekdays,metadata,stackable,scope,hot",
    'A1,"comma, ""quoted""",,12.5000,,,40,2027-08-31,1 5,"{""a"": [null, 1.50]}",,rent,true',
    "zwölf ½,\u202fwide\u200b,é\u0301,0,,,,2027-08-31 10:00,,,false,,",
    'YEN,,"",,300,JPY,0,2027-08-31T22:00:00Z,,,,global,false',
    "DINAR,-1,'=1+1,,1234,KWD,,,,,,,",
    "EURO,@x,+x,,9223372036854775807,EUR,,,,,,,",
    "OWN,\\x,=x,,5,,,,,,,,",
    "FULL,,,100,,,,,,,,,",
]


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk("coupons", make_organization(currency="CHF", timezone="Europe/Amsterdam"), tmp_path)


@pytest.fixture
def only_the_service(monkeypatch):
    """Switches the short way off."""
    return lambda: monkeypatch.setattr(CouponSheet, "bulk", Bulk(label="code"))


def kept(desk: Desk) -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
    """Every coupon and its history, without what differs from run to run."""
    chance = ("id", "public_id", "created_at", "updated_at", "organization_id")
    with tenant_scope(desk.organization.pk):
        rows = [
            {name: row[name] for name in row if name not in chance} for row in Coupon.objects.order_by("code").values()
        ]
        entries = AuditEntry.objects.filter(table_name="coupons").order_by("row_label", "action")
        told = [
            (entry.action, entry.row_label, entry.actor_label, {**entry.changes, "public_id": None})
            for entry in entries
        ]
    return rows, told


@pytest.fixture
def without_the_service(monkeypatch):
    def refuse(*args: Any, **options: Any) -> None:
        raise AssertionError("no row of this file needs the service")

    monkeypatch.setattr(CouponSheet, "put", refuse)


def test_plain_rows_do_without_the_service(desk, without_the_service):
    assert desk.put_in("\n".join(HOSTILE)) == "7 coupons made, 0 changed."
    make_coupon(desk.organization, "B1", description="old")

    assert desk.put_in("code,description\nB1,new\nA1,\n") == "0 coupons made, 1 changed, 1 as they were."


def test_new_rows_are_what_the_service_makes_of_them(desk, only_the_service, tmp_path):
    content = "\n".join(HOSTILE)
    desk.put_in(content)
    other = desk.of(make_organization("Elsewhere", currency="CHF", timezone="Europe/Amsterdam"))

    only_the_service()
    other.put_in(content)

    assert kept(desk) == kept(other)
    assert len(kept(desk)[0]) == 7


CHANGES = (
    "code,description,expires_at,min_nights,stackable,updated_at\nA1,new,2027-09-30,,false,\nB1,,,3,,\nC1,x,,,true,\n"
)


def test_changed_rows_are_what_the_service_makes_of_them(desk, only_the_service, tmp_path):
    other = desk.of(make_organization("Elsewhere", currency="CHF", timezone="Europe/Amsterdam"))
    for place in (desk, other):
        make_coupon(place.organization, "A1", description="old")
        make_coupon(place.organization, "B1", description="gone soon", min_nights=2)
        make_coupon(place.organization, "C1", description="x")

    printed = desk.put_in(CHANGES)
    only_the_service()

    assert other.put_in(CHANGES) == printed == "0 coupons made, 2 changed, 1 as they were."
    assert kept(desk) == kept(other)
    assert [action for action, *_ in kept(desk)[1]].count("changed") == 2


@pytest.mark.parametrize("content", [content for content, _ in CSV_FAULTS.values()], ids=CSV_FAULTS.keys())
def test_the_same_rows_are_refused_in_the_same_words(desk, only_the_service, content):
    told = desk.refused(content)

    only_the_service()

    assert desk.refused(content) == told


def test_rules_about_what_is_kept_are_refused_in_the_same_words(desk, only_the_service):
    used = make_coupon(desk.organization, "USED", quota=3)
    make_use(desk.organization, used)
    make_use(desk.organization, used)
    content = "code,percent,quota,currency\nUSED,20,3,\nused,15,1,\nNEW,5,-1,\nNEWER,,,EUR\n"

    told = desk.refused(content)

    assert [line.split()[-1] for line in told] == [
        "[kept_once_redeemed]", "[duplicate_coupon]", "[negative]", "[required]",
    ]  # fmt: skip
    only_the_service()
    assert desk.refused(content) == told


def test_a_limit_below_live_uses_is_refused_among_plain_changes(desk):
    used = make_coupon(desk.organization, "USED", quota=3, description="as it was")
    make_use(desk.organization, used)
    make_coupon(desk.organization, "FREE", quota=3)

    told = desk.refused("code,quota,description\nUSED,0,new\nFREE,3,new\n")

    assert told == ["2: quota: A limit cannot be lower than the uses there are: 1. [quota_below_uses]"]
    with tenant_scope(desk.organization.pk):
        assert set(Coupon.objects.values_list("description", flat=True)) == {"as it was", None}


def test_a_portion_that_the_database_refuses_is_told_row_by_row(desk):
    taken = make_coupon(desk.organization, "OLD")

    told = desk.refused(f"code,percent,public_id\nA1,5,\nA2,5,{taken.public_id}\nA3,5,x\n")

    assert told == ["3: public_id: Another coupon has this id. [duplicate_public_id]"]


def test_thousands_of_plain_rows_cost_a_handful_of_statements(desk):
    counts = []
    for number in (10, 3_000):
        connection.queries_log.clear()
        desk.put_in("code,percent\n" + "".join(f"N{number}X{row},5\n" for row in range(number)))
        counts.append(len(connection.queries_log))

    assert counts[0] == counts[1] < 40


def test_the_sql_of_plain_rows_knows_every_currency():
    assert "'KWD'" in file_bulk.PLAIN


def test_moments_by_the_organizations_clock(desk):
    desk.put_in("code,percent,expires_at\nA1,5,2027-08-31\n")

    with tenant_scope(desk.organization.pk):
        assert Coupon.objects.get().expires_at == datetime(2027, 8, 31, 22, tzinfo=UTC)
