"""A large house to read from: ten organizations, their coupons, uses and seasons, laid in by COPY above row-level security."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg

from bench.house import House, command
from bench.numbers import booking_id, coupon_id

ORGANIZATIONS = 10
DEFINITION = '{"type": "relative", "value": -15, "restrictions": []}'
SEASON = (
    '{"type": "recurring-date-range", "intervals": [{"min": {"day": 1, "month": 5}, "max": {"day": 20, "month": 6}}]}'
)
MANY, OF_EACH = 20, 50
"""So many coupons of the first organization have so many uses each, whatever the sizes are."""

STEP = 37
FIRST, YEAR = datetime(2026, 1, 1, tzinfo=UTC), 31_536_000
COPIES = {
    "coupons": "COPY coupons (organization_id, id, created_at, code, name, kind, percent, definition) FROM STDIN",
    "bookings": "COPY bookings (organization_id, id) FROM STDIN",
    "coupon_uses": """COPY coupon_uses
        (organization_id, id, created_at, coupon_id, booking_id, state, redeemed_at, amount_minor, currency) FROM STDIN""",
    "seasons": "COPY seasons (organization_id, name, value) FROM STDIN",
}


@dataclass(frozen=True)
class Sizes:
    """Over all organizations together."""

    coupons: int = 100_000
    uses: int = 1_000_000
    seasons: int = 1_000

    def each(self) -> Sizes:
        return Sizes(*(max(1, number // ORGANIZATIONS) for number in (self.coupons, self.uses, self.seasons)))


@dataclass(frozen=True)
class Scene:
    """`organization_id` and `key` are of the first organization, which the shapes ask about."""

    sizes: Sizes
    organization_id: UUID
    key: str
    others: list[UUID] = field(default_factory=list)

    @property
    def coupons(self) -> int:
        return self.sizes.each().coupons

    @property
    def many(self) -> list[str]:
        """The ids of the coupons with many uses."""
        return [coupon_id(number) for number in range(self.coupons, self.coupons + MANY)]


def lay_in(house: House, sizes: Sizes) -> Scene:
    others = [
        UUID(command(house.folder, "create_organization", f"Other {number}")) for number in range(ORGANIZATIONS - 1)
    ]
    scene = Scene(sizes, house.organization_id, house.key, others)
    with house.maintenance() as link:
        link.execute("SET session_replication_role = replica")  # what is copied is whole by itself
        for table, rows in _tables(scene).items():
            copied(link, COPIES[table], rows)
        link.execute("VACUUM (ANALYZE, FREEZE)")
        link.execute("CHECKPOINT")
    return scene


def add_uses(house: House, scene: Scene, more: Sizes) -> Scene:
    """The same scene with as many uses as `more` says."""
    first, last = scene.sizes.each().uses, more.each().uses
    with house.maintenance() as link:
        link.execute("SET session_replication_role = replica")
        copied(link, COPIES["coupon_uses"], _uses(scene, range(first, last)))
        link.execute("VACUUM (ANALYZE, FREEZE) coupon_uses")
        link.execute("CHECKPOINT")
    return Scene(more, scene.organization_id, scene.key, scene.others)


def copied(link: psycopg.Connection[tuple[object, ...]], statement: str, lines: Iterable[str]) -> None:
    with link.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        portion: list[str] = []
        for line in lines:
            portion.append(line)
            if len(portion) == 10_000:
                copy.write("".join(portion))
                portion.clear()
        copy.write("".join(portion))


def _tables(scene: Scene) -> dict[str, Iterator[str]]:
    return {
        "coupons": _coupons(scene),
        "bookings": _bookings(scene),
        "coupon_uses": _uses(scene, range(scene.sizes.each().uses)),
        "seasons": _seasons(scene),
    }


def _owners(scene: Scene) -> list[UUID]:
    return [scene.organization_id, *scene.others]


def _coupons(scene: Scene) -> Iterator[str]:
    for owner in _owners(scene):
        more = MANY if owner == scene.organization_id else 0
        for number in range(scene.coupons + more):
            yield f"{owner}\t{coupon_id(number)}\t{moment(number)}\tCODE{number}\tCode {number}\tpercent\t15\t{DEFINITION}\n"


def _bookings(scene: Scene) -> Iterator[str]:
    for owner in _owners(scene):
        for number in range(_rooms(scene)):
            yield f"{owner}\t{booking_id(number)}\n"


def _uses(scene: Scene, numbers: range) -> Iterator[str]:
    """The same coupon never meets the same booking twice: its bookings are STEP apart."""
    coupons, bookings = scene.coupons, _rooms(scene)
    for owner in _owners(scene):
        for number in numbers:
            turn, coupon = divmod(number, coupons)
            yield _use(owner, number, coupon, (coupon + turn * STEP) % bookings)
    if numbers.start == 0:
        for place in range(MANY * OF_EACH):
            yield _use(scene.organization_id, 1_000_000_000 + place, coupons + place % MANY, place)


def _use(owner: UUID, number: int, coupon: int, booking: int) -> str:
    at = moment(number)
    return (
        f"{owner}\t00000000-0000-7000-a000-{number:012x}\t{at}\t{coupon_id(coupon)}\t{booking_id(booking)}"
        f"\tredeemed\t{at}\t1500\tEUR\n"
    )


def _seasons(scene: Scene) -> Iterator[str]:
    for owner in _owners(scene):
        for number in range(scene.sizes.each().seasons):
            yield f"{owner}\t{json.dumps({'default': f'Season {number}'})}\t{SEASON}\n"


def moment(number: int) -> str:
    """Later numbers are later, ten seconds apart through one year and again; the microseconds keep them apart."""
    return (FIRST + timedelta(seconds=number * 10 % YEAR, microseconds=number % 1_000_000)).isoformat()


def _rooms(scene: Scene) -> int:
    """Enough for every coupon's uses, were there fifty times as many."""
    return max(2 * scene.coupons, MANY * OF_EACH, 20_000)
