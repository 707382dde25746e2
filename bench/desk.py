"""One organization as large as lists are measured at: laid in by COPY, its counters and history beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bench.house import House
from bench.numbers import booking_id, coupon_id
from bench.scene import DEFINITION, SEASON, copied

BATCHES, PRODUCTS, SEASONS, KEYS = 200, 500, 200, 50
OF_BATCH = 4
"""Every fourth coupon is in a batch; the batches share them evenly."""

COPIES = {
    "products": "COPY products (organization_id, id, name, currency) FROM STDIN",
    "seasons": "COPY seasons (organization_id, name, value) FROM STDIN",
    "coupon_batches": "COPY coupon_batches (organization_id, id, created_at, label, prefix, pattern, count, quota) FROM STDIN",
    "coupons": """COPY coupons (organization_id, id, created_at, code, name, kind, percent, definition, quota, batch_id, scope,
        expires_at, archived_at, deleted_at, valid_from) FROM STDIN""",
    "coupon_products": "COPY coupon_products (organization_id, coupon_id, product_id) FROM STDIN",
    "bookings": """COPY bookings (organization_id, id, created_at, reference, check_in, check_out, customer_email) FROM STDIN""",
    "coupon_uses": """COPY coupon_uses (organization_id, id, created_at, coupon_id, booking_id, state, redeemed_at, expires_at,
        customer_key, amount_minor, currency, batch_id) FROM STDIN""",
    "audit_entries": """COPY audit_entries (organization_id, created_at, actor_kind, actor_label, action, table_name, row_id,
        row_label, changes) FROM STDIN""",
}
COUNTERS = (
    """INSERT INTO coupon_counters (organization_id, coupon_id, slot, used, quota)
    SELECT coupons.organization_id, coupons.id, 0, count(uses.id), greatest(coupons.quota, count(uses.id))
    FROM coupons LEFT JOIN coupon_uses AS uses ON uses.organization_id = coupons.organization_id AND uses.coupon_id = coupons.id
    WHERE coupons.quota IS NOT NULL GROUP BY coupons.organization_id, coupons.id, coupons.quota""",
    """INSERT INTO coupon_batch_counters (organization_id, batch_id, used, quota)
    SELECT batches.organization_id, batches.id, count(uses.id), greatest(batches.quota, count(uses.id))
    FROM coupon_batches AS batches LEFT JOIN coupon_uses AS uses
    ON uses.organization_id = batches.organization_id AND uses.batch_id = batches.id
    WHERE batches.quota IS NOT NULL GROUP BY batches.organization_id, batches.id, batches.quota""",
)
NULL = "\\N"


@dataclass(frozen=True)
class Sizes:
    coupons: int = 100_000
    uses: int = 1_000_000

    @property
    def bookings(self) -> int:
        return max(self.uses // 2, 1)


def lay_in(house: House, sizes: Sizes) -> None:
    """The newest coupons and uses are of today, the oldest of two years ago."""
    rows = {
        "products": _products(house.organization_id),
        "seasons": _seasons(house.organization_id),
        "coupon_batches": _batches(house.organization_id, sizes),
        "coupons": _coupons(house.organization_id, sizes),
        "coupon_products": _links(house.organization_id, sizes),
        "bookings": _bookings(house.organization_id, sizes),
        "coupon_uses": _uses(house.organization_id, sizes),
        "audit_entries": _history(house.organization_id, sizes),
    }
    with house.maintenance() as link:
        link.execute("SET session_replication_role = replica")  # what is copied is whole by itself
        for table, lines in rows.items():
            copied(link, COPIES[table], lines)
        for statement in COUNTERS:
            link.execute(statement.encode())
        link.execute("VACUUM (ANALYZE, FREEZE)")
        link.execute("CHECKPOINT")


def other_id(kind: int, number: int) -> str:
    """Ids of batches (1), products (2) and uses (3) by number."""
    return f"00000000-0000-7000-{0xA000 + kind:04x}-{number:012x}"


def _made(number: int, of: int) -> datetime:
    """Spread over two years, later numbers later."""
    return datetime.now(UTC) - timedelta(days=730) * (1 - number / of)


def _batch_of(number: int) -> str:
    return other_id(1, number // OF_BATCH % BATCHES) if number % OF_BATCH == 0 else NULL


def _products(owner: UUID) -> Iterator[str]:
    for number in range(PRODUCTS):
        yield f"{owner}\t{other_id(2, number)}\t{json.dumps({'default': f'House {number}'})}\tEUR\n"


def _seasons(owner: UUID) -> Iterator[str]:
    for number in range(SEASONS):
        yield f"{owner}\t{json.dumps({'default': f'Season {number}'})}\t{SEASON}\n"


def _batches(owner: UUID, sizes: Sizes) -> Iterator[str]:
    count = sizes.coupons // OF_BATCH // BATCHES
    for number in range(BATCHES):
        quota = 10 * count if number % 2 else NULL
        yield f"{owner}\t{other_id(1, number)}\t{_made(number, BATCHES)}\tMailing {number}\tM{number}-\t****\t{count}\t{quota}\n"


def _coupons(owner: UUID, sizes: Sizes) -> Iterator[str]:
    """Of ten coupons six have a quota, some of them full; a few are archived, deleted, expired or not begun."""
    now = datetime.now(UTC)
    for number in range(sizes.coupons):
        quota = NULL if number % 10 < 4 else 10 if number % 10 < 6 else 40
        scope = "product" if number % 20 == 1 else "global"
        expires = now + timedelta(hours=number % 9000 - 1000) if number % 3 else NULL
        shelved = now if number % 50 == 7 else NULL
        gone = now if number % 100 == 9 else NULL
        begins = now + timedelta(days=30) if number % 40 == 3 else NULL
        yield (
            f"{owner}\t{coupon_id(number)}\t{_made(number, sizes.coupons)}\tCODE-{number}\tCoupon number {number}\tpercent\t15"
            f"\t{DEFINITION}\t{quota}\t{_batch_of(number)}\t{scope}\t{expires}\t{shelved}\t{gone}\t{begins}\n"
        )


def _links(owner: UUID, sizes: Sizes) -> Iterator[str]:
    for number in range(1, sizes.coupons, 20):
        yield f"{owner}\t{coupon_id(number)}\t{other_id(2, number // 20 % PRODUCTS)}\n"


def _bookings(owner: UUID, sizes: Sizes) -> Iterator[str]:
    for number in range(sizes.bookings):
        made = _made(number, sizes.bookings)
        days = (made + timedelta(days=20)).date(), (made + timedelta(days=24)).date()
        guest = f"guest{number % 50_000}@example.com"
        yield f"{owner}\t{booking_id(number)}\t{made}\tB-{number:07d}\t{days[0]}\t{days[1]}\t{guest}\n"


def _uses(owner: UUID, sizes: Sizes) -> Iterator[str]:
    """Half of them are of one tenth of the coupons; every hundredth is a hold, most of those lapsed."""
    now = datetime.now(UTC)
    for number in range(sizes.uses):
        few = max(sizes.coupons // 10, 1)
        coupon = number // 2 % few if number % 2 else (number // 2) % sizes.coupons
        booking = (number * 7 + number // sizes.bookings) % sizes.bookings
        made = _made(number, sizes.uses)
        held = number % 100 == 50
        state = f"reserved\t{NULL}\t{made + timedelta(minutes=20) if number % 1000 else now + timedelta(days=1)}"
        yield (
            f"{owner}\t{other_id(3, number)}\t{made}\t{coupon_id(coupon)}\t{booking_id(booking)}"
            f"\t{state if held else f'redeemed{chr(9)}{made}{chr(9)}{NULL}'}"
            f"\temail:guest{booking % 50_000}@example.com\t1500\tEUR\t{_batch_of(coupon)}\n"
        )


def _history(owner: UUID, sizes: Sizes) -> Iterator[str]:
    """As long as the ledger; one of two hundred is a use that was given back."""
    for number in range(sizes.uses):
        made = _made(number, sizes.uses)
        image = {
            "state": "redeemed", "coupon_id": coupon_id(number % sizes.coupons), "booking_id": booking_id(number % sizes.bookings),
            "amount_minor": 1500, "currency": "EUR", "redeemed_at": made.isoformat(), "expires_at": None,
        }  # fmt: skip
        given_back = number % 200 == 0
        changes = {column: [value, None] if given_back else [None, value] for column, value in image.items()}
        yield (
            f"{owner}\t{made}\tkey\tChannel manager\t{'deleted' if given_back else 'created'}\tcoupon_uses"
            f"\t{other_id(3, number)}\t{image['booking_id']}\t{json.dumps(changes)}\n"
        )
