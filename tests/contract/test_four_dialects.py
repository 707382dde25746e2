"""One coupon, four dialects: each says the same of it or nothing at all, and all count from one ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.database.scope import tenant_scope
from coupons import services
from tests.builders import TESTER, make_booking, make_coupon, make_organization, make_use
from tests.contract.doors import NAMES, Doors

ALL = {*NAMES}
ELSEWHERE = ALL - {"bookingmood"}
UNKNOWN_SHAPE = {"definition": {"type": "sliding-scale", "value": [1, 2]}}
PAST, FUTURE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


def percent(number: str) -> dict[str, Any]:
    return {"kind": "percent", "percent": Decimal(number)}


def amount(minor: int, currency: str) -> dict[str, Any]:
    return {"kind": "amount", "amount_minor": minor, "currency": currency}


@pytest.fixture
def at_home(db):
    """Doors to an organization of a currency."""

    def opened(currency: str = "EUR") -> Doors:
        forget_keys()
        return Doors.of(make_organization(currency=currency, timezone="Europe/Amsterdam"))

    return opened


@pytest.fixture
def doors(at_home):
    return at_home()


@pytest.mark.parametrize(
    ("home", "columns", "said", "seen"),
    [
        ("EUR", percent("0"), (Decimal(0), "%"), ALL),
        ("EUR", percent("15"), (Decimal(15), "%"), ALL),
        ("EUR", percent("100"), (Decimal(100), "%"), ALL),
        ("EUR", percent("12.5"), (Decimal("12.5"), "%"), ALL - {"fynn"}),
        ("EUR", percent("0.0001"), (Decimal("0.0001"), "%"), ALL - {"fynn"}),
        ("EUR", amount(1250, "EUR"), (1250, "EUR"), ALL),
        ("EUR", amount(0, "EUR"), (0, "EUR"), ALL),
        ("EUR", amount(1, "EUR"), (1, "EUR"), ALL),
        ("EUR", amount(1250, "NOK"), (1250, "NOK"), ELSEWHERE),
        ("NOK", amount(1250, "NOK"), (1250, "NOK"), ALL),
        ("JPY", amount(10, "JPY"), (10, "JPY"), ALL),
        ("EUR", amount(10, "JPY"), (10, "JPY"), ELSEWHERE),
        ("KWD", amount(1500, "KWD"), (1500, "KWD"), ALL),
        ("EUR", amount(1500, "KWD"), (1500, "KWD"), ELSEWHERE),
        ("KWD", amount(2**63 - 1, "KWD"), (2**63 - 1, "KWD"), ALL),
        ("BYN", amount(50, "BYN"), (50, "BYN"), ALL - {"hyperline"}),
        ("EUR", amount(50, "BYN"), (50, "BYN"), {"fynn", "botsubscription"}),
    ],
)  # fmt: skip
def test_a_value_is_the_same_wherever_it_can_be_said(at_home, home, columns, said, seen):
    doors = at_home(home)
    coupon = make_coupon(doors.organization, **columns)

    told = {name: doors.told(name, coupon) for name in NAMES}

    assert {name for name in NAMES if told[name] is not None} == seen
    assert {name: doors.value(name, told[name]) for name in seen} == dict.fromkeys(seen, said)
    assert {name for name in NAMES if doors.listed(name)} == seen


@pytest.mark.parametrize(
    ("columns", "hidden"),
    [
        (percent("12.5"), {"fynn"}),
        (amount(50, "BYN"), {"bookingmood", "hyperline"}),
        (amount(50, "JPY"), {"bookingmood"}),
        (UNKNOWN_SHAPE, ELSEWHERE),
    ],
)
def test_what_is_not_said_is_enforced_all_the_same(doors, columns, hidden):
    coupon = make_coupon(doors.organization, quota=1, **columns)
    currency = columns.get("currency", "EUR")
    bookings = [str(make_booking(doors.organization, currency=currency).pk) for _ in range(2)]
    assert {name for name in NAMES if doors.told(name, coupon) is None} == hidden

    uses = [
        doors.ask("POST", "/v1/coupon_uses", {"coupon_id": str(coupon.pk), "booking_id": booking})
        for booking in bookings
    ]

    assert [use.status_code for use in uses] == [201, 409]
    assert uses[1].json()["code"] == "quota_reached"


@pytest.mark.parametrize(
    ("columns", "hyperline", "fynn"),
    [
        ({}, (None, None), ("once", None)),
        ({"repeat": "forever"}, ("forever", None), ("lifetime", None)),
        *[
            ({"repeat": "limited", "repeat_count": 6, "repeat_unit": unit},
             ("duration", {"count": 6, "period": "months"}), ("limited", 6))
            for unit in ("months", "billing_period")
        ],
        *[
            ({"repeat": "limited", "repeat_count": 6, "repeat_unit": unit},
             ("duration", {"count": 6, "period": unit}), None)
            for unit in ("days", "weeks", "years")
        ],
    ],
)  # fmt: skip
def test_a_repetition_is_told_or_the_coupon_is_not(doors, columns, hyperline, fynn):
    coupon = make_coupon(doors.organization, **columns)

    there, elsewhere = doors.told("hyperline", coupon), doors.told("fynn", coupon)

    assert (there.get("repeat"), there.get("duration")) == hyperline
    assert (elsewhere and (elsewhere["frequency"], elsewhere["frequencyInterval"])) == fynn
    assert bool(doors.listed("fynn")) == (fynn is not None)


@pytest.mark.parametrize("quota", [None, 0, 1, 2**31 - 1])
def test_a_limit_is_one_number(doors, quota):
    coupon = make_coupon(doors.organization, quota=quota)

    told = {name: doors.told(name, coupon) for name in NAMES}

    assert told["bookingmood"]["quota"] == quota
    assert told["hyperline"]["redemption_limit"] == quota
    assert told["fynn"]["maxRedemptions"] == quota


@pytest.mark.parametrize(
    ("columns", "status", "enabled"),
    [
        ({}, "active", True),
        ({"quota": 0}, "active", True),
        ({"valid_from": FUTURE}, "active", True),
        ({"expires_at": FUTURE}, "active", True),
        ({"expires_at": PAST}, "expired", True),
        ({"archived_at": PAST}, "archived", False),
        ({"archived_at": PAST, "expires_at": PAST}, "archived", False),
    ],
)
def test_a_state_and_a_window_are_one(doors, columns, status, enabled):
    coupon = make_coupon(doors.organization, **columns)

    told = {name: doors.told(name, coupon) for name in NAMES}

    assert told["botsubscription"]["status"] == status
    assert told["fynn"]["isEnabled"] == enabled
    assert told["bookingmood"]["deleted_at"] is None
    ends = [told["fynn"]["expiresAt"], told["hyperline"]["expiration_date"]]
    expected = columns.get("expires_at")
    assert [end and datetime.fromisoformat(end) for end in ends] == [expected, expected]


@pytest.mark.parametrize("name", NAMES)
def test_a_coupon_deleted_through_one_is_gone_from_all(doors, name):
    coupon = make_coupon(doors.organization, archived_at=PAST)

    if name == "bookingmood":
        answer = doors.ask("PATCH", doors.address(name, coupon), {"deleted_at": "2027-06-15T12:00:00Z"})
    else:
        answer = doors.ask("DELETE", doors.address(name, coupon))

    assert answer.status_code == 204
    assert doors.told("fynn", coupon) is doors.told("botsubscription", coupon) is None
    assert doors.told("hyperline", coupon)["deletedAt"]
    assert doors.told("bookingmood", coupon)["deleted_at"]
    for other in ("hyperline", "fynn", "botsubscription"):
        assert not {str(coupon.pk), coupon.public_id} & set(doors.listed(other))


def counted(doors: Doors, coupon: Any) -> tuple[int, int, int, bool]:
    """Live uses, redeemed ones, holds, and whether there is a redeemed one."""
    rows = doors.ask("GET", f"/v1/coupon_uses?coupon_id=eq.{coupon.pk}").json()
    there = doors.told("botsubscription", coupon)
    return (
        len(rows),
        there["total_redemptions"],
        there["total_reservations"],
        doors.told("fynn", coupon)["reedemptions"],
    )


def test_every_count_is_of_the_one_ledger(doors):
    organization, now = doors.organization, timezone.now()
    coupon = make_coupon(organization, quota=4)
    bookings = [make_booking(organization) for _ in range(4)]
    assert counted(doors, coupon) == (0, 0, 0, False)

    with tenant_scope(organization.pk):
        for booking, minutes in ((bookings[0], 60), (bookings[1], -1)):
            moment = min(now, now + timedelta(minutes=minutes - 1))
            until = now + timedelta(minutes=minutes)
            services.reserve(organization, coupon.pk, booking.pk, until=until, actor=TESTER, moment=moment)
    assert counted(doors, coupon) == (1, 0, 1, False)

    for booking in bookings[2:]:
        make_use(organization, coupon, booking, moment=now)
    assert counted(doors, coupon) == (3, 2, 1, True)

    refusals = {
        "bookingmood": ("PATCH", {"quota": 2}, 409),
        "hyperline": ("PUT", {"redemption_limit": 2}, 400),
        "botsubscription": ("PATCH", {"max_redemptions": 2}, 422),
    }
    for name, (method, body, status) in refusals.items():
        assert doors.ask(method, doors.address(name, coupon), body).status_code == status
        assert doors.told("bookingmood", coupon)["quota"] == 4

    for booking in bookings[2:]:
        doors.ask("DELETE", f"/v1/coupon_uses?coupon_id=eq.{coupon.pk}&booking_id=eq.{booking.pk}")
    assert counted(doors, coupon) == (1, 0, 1, False)
