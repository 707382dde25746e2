"""Two organizations with rows in every table. Every text of the stranger's is a secret: it holds her marker and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from bookingoffice.accounts.models import DEFAULT_SCOPES, Member, Organization, Scope
from bookingoffice.api import engine
from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7
from bookingoffice.request_log.recorder import Asked
from bookingoffice.request_log.writing import write as write_log
from bookingoffice.webhooks.models import Webhook
from bookingoffice.webhooks.services import ping
from coupons import services
from tests.builders import (
    NOON,
    TESTER,
    make_booking,
    make_coupon,
    make_key,
    make_line_item,
    make_organization,
    make_plan,
    make_product,
    make_season,
    make_service,
    make_use,
)

TABLES = sorted(engine.catalog.resources)
PHYSICAL = [name for name in TABLES if name not in ("organizations", "user_profiles")]
SUMMER = {
    "type": "recurring-date-range",
    "intervals": [{"min": {"day": 3, "month": 5}, "max": {"day": 29, "month": 7}}],
}
EUROS = {
    "type": "absolute",
    "restrictions": [],
    "value": [{"value": Decimal("12.5"), "period": None, "occupancy_group_id": None}],
}


Fingerprint = list[tuple[str, int, str]]


@dataclass(frozen=True)
class Tenant:
    organization: Organization
    token: str
    marker: str


def furnished(marker: str) -> Tenant:
    """`marker` is lower-case letters; it stands in every text of every row."""
    organization = make_organization(f"House {marker}", languages=["en-US", marker])
    products = [make_product(organization, f"{marker} {word}") for word in ("boathouse", "cabin", "loft")]
    cleaning = make_service(organization, f"{marker} cleaning", description={"default": marker, "nl": "x"})
    windows = make_service(organization, f"{marker} windows", parent_id=cleaning.pk, order=2)
    plan = make_plan(organization, f"{marker}-flat", product=products[0])
    bookings = [
        make_booking(organization, reference=f"{marker} {number}", occupancy={"adults": number, "who": marker})
        for number in range(5)
    ]
    for number, booking in enumerate(bookings[:4]):
        make_line_item(booking, 1000 * number + 1000, product=products[number % 3], plan=plan, name={"default": marker})
        make_line_item(booking, 250, service=windows, item_type="fee", quantity=number + 1, name={"default": marker})
    make_season(organization, f"{marker} summer", SUMMER)
    make_season(organization, f"{marker} open")
    _coupons(organization, marker, products, [cleaning, windows], bookings)
    _members(organization, marker)
    _requests(organization, marker)
    _webhooks(organization, marker)
    return Tenant(organization, make_key(organization, [*DEFAULT_SCOPES, Scope.UNFILTERED_WRITES]), marker)


def _coupons(organization: Organization, marker: str, products: Any, cleaning: Any, bookings: Any) -> None:
    quiet = make_coupon(organization, f"{marker}-QUIET", quota=40, description=f"{marker}, quiet (weeks)")
    late = make_coupon(organization, f"{marker}-LATE", quota=5, scope="product", definition=EUROS)
    spa = make_coupon(organization, f"{marker}-SPA", scope="service", description=marker)
    make_coupon(organization, f"{marker}-OLD", quota=0, stackable=False, deleted_at=datetime(2027, 1, 5, tzinfo=UTC))
    with tenant_scope(organization.pk):
        links = [{"coupon_id": late.pk, "product_id": product.pk} for product in products[:2]]
        services.add_targets(organization, "product", links, actor=TESTER, moment=NOON)
        links = [{"coupon_id": spa.pk, "service_id": service.pk} for service in cleaning]
        services.add_targets(organization, "service", links, actor=TESTER, moment=NOON)
    for coupon, booking in [(quiet, bookings[0]), (quiet, bookings[1]), (spa, bookings[1]), (spa, bookings[3])]:
        make_use(organization, coupon, booking)


def _members(organization: Organization, marker: str) -> None:
    for role in ("owner", "viewer"):
        user = User.objects.create_user(
            f"{marker}-{role}", f"{marker}-{role}@example.test", first_name=f"{marker} {role}"
        )
        with tenant_scope(organization.pk):
            Member.objects.create(organization=organization, user=user, role=role)


def _requests(organization: Organization, marker: str) -> None:
    for number, method in enumerate(["GET", "POST"]):
        asked = (f"/v1/{marker}", method, f"code=eq.{marker}", number == 0)
        write_log(organization.pk, [Asked(organization.pk, uuid7(), 1_800_000_000.25 + number, *asked)])


def _webhooks(organization: Organization, marker: str) -> None:
    with tenant_scope(organization.pk):
        hook = Webhook.objects.create(
            organization=organization,
            endpoint=f"https://{marker}.example.test/{marker}",
            events=["coupons.created"],
            description=marker,
        )
        ping(organization.pk, hook.pk, moment=NOON)


def fingerprint(tenant: Tenant) -> Fingerprint:
    """Every table's rows of the tenant as they are now: their number and a digest."""
    owner = tenant.organization.pk
    parts = [
        f"SELECT '{table}', count(*), md5(string_agg(kept::text, ';' ORDER BY kept::text))"
        f" FROM {table} AS kept WHERE kept.organization_id = '{owner}'"
        for table in PHYSICAL
    ]
    parts.append(
        f"SELECT 'organizations', count(*), md5(string_agg(kept::text, ';')) FROM organizations AS kept WHERE kept.id = '{owner}'"
    )
    with tenant_scope(owner), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return list(cursor.fetchall())
