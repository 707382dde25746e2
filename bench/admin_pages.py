"""`python -m bench.admin_pages`: every list of the admin, and the lists of coupons and uses narrowed and searched, at full size.

Times are of the running server over HTTP, the median of several rounds; queries are counted in this process.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any
from urllib.request import Request, urlopen

from bench import desk
from bench.house import HOST, House, command, opened
from bench.numbers import coupon_id
from bench.spread import told

LIMIT_MS = 300
NARROWED = {
    "coupons_coupon": (
        "state=active", "state=exhausted", "state=expired", "state=scheduled", "state=archived", "state=deleted",
        "expiring=week", "expiring=month", "expiring=never", "uses=nearly", "uses=never", "kind=percent", "scope=product",
        "product={product}", "batch={batch}", "batch=none", "q=code+77", "q=c+o+d+e7777", "q=number+123", "q=nothing+like+it",
        "when={year}", "when={month}", "o=1", "o=-5", "p=100",
    ),
    "references_booking": ("q=B-0004711", "q=b-000471", "q=guest777@example.com", "q=nothing+like+it", "method=book", "p=100"),
    "audit_auditentry": (
        "q=code+77", "q=nothing+like+it", "table=coupon_uses", "table=seasons", "who=staff:", "when={month}",
        "p=100",
    ),
    "coupons_couponuse": (
        "state=redeemed", "state=reserved", "state=lapsed", "coupon={coupon}", "coupon=code+7", "batch={batch}", "currency=EUR",
        "currency=CHF", "q=code+777", "q=code", "q=B-0004711", "q=guest777", "q=nothing+like+it", "when={year}", "when={month}",
        "from={year}-01-01&until={year}-12-31", "p=100",
    ),
}  # fmt: skip
MORE = ("coupons/couponuse/released/", "coupons/couponuse/released/?days=365", "")


@dataclass(frozen=True)
class Measured:
    page: str
    milliseconds: list[float]
    queries: int


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--coupons", type=int, default=100_000)
    options.add_argument("--uses", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=7)
    asked = options.parse_args()
    with opened() as house:
        started = time.perf_counter()
        desk.lay_in(house, desk.Sizes(asked.coupons, asked.uses))
        print(f"{asked.coupons:,} coupons and {asked.uses:,} uses laid in, {time.perf_counter() - started:.0f} s\n")
        command(house.folder, "create_staff", "bench", "--organization", str(house.organization_id), "--role", "owner")
        measure(house, asked.rounds)


def measure(house: House, rounds: int) -> None:
    client = logged_in(house)
    furnish(house)
    slow = 0
    for page in pages():
        if client.get(f"/admin/{page}").status_code == 403:
            continue  # of a superuser alone
        found = measured(house, client, page, rounds)
        over = sorted(found.milliseconds)[len(found.milliseconds) // 2] > LIMIT_MS
        slow += over
        mark = "  over" if over else ""
        print(f"{found.page:62} {told(found.milliseconds):>20} ms {found.queries:3} queries{mark}", flush=True)
    print(f"\n{slow} pages over {LIMIT_MS} ms")


def logged_in(house: House) -> Any:
    """A browser of this process, on the server's database; Django is set up here, when there is a database."""
    os.environ |= {"BOOKINGOFFICE_DATA": str(house.folder.path), "DJANGO_SETTINGS_MODULE": "bookingoffice.settings"}
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(HTTP_HOST=HOST)
    client.force_login(User.objects.get(username="bench"))
    return client


def furnish(house: House) -> None:
    """What needs the house's own services to be made."""
    from bookingoffice.accounts.models import DEFAULT_SCOPES, ApiKey
    from bookingoffice.database.scope import tenant_scope

    with tenant_scope(house.organization_id):
        for number in range(desk.KEYS):
            ApiKey.issue(house.organization_id, scopes=DEFAULT_SCOPES, label=f"Key {number}")


def pages() -> Iterator[str]:
    from django.contrib import admin

    now = datetime.now(UTC)
    known = {
        "coupon": coupon_id(8), "batch": desk.other_id(1, 3), "product": desk.other_id(2, 3), "year": now.year,
        "month": f"{now:%Y-%m}",
    }  # fmt: skip
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        place = f"{model._meta.app_label}/{model._meta.model_name}/"
        yield place
        yield from (f"{place}?{query.format(**known)}" for query in NARROWED.get(name, ()))
    yield from MORE


def measured(house: House, client: Any, page: str, rounds: int) -> Measured:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"/admin/{page}")
    assert answer.status_code in (200, 302), (page, answer.status_code)
    address = f"http://{HOST}:{house.port}/admin/{page}"
    seconds(address, client.cookies)
    return Measured(page or "(home)", [1000 * seconds(address, client.cookies) for _ in range(rounds)], len(captured))


def seconds(address: str, cookies: SimpleCookie) -> float:
    sent = "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items())
    started = time.perf_counter()
    with urlopen(Request(address, headers={"Cookie": sent})) as answer:
        answer.read()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
