"""Plain functions that make a valid thing; a test names only what it is about. Rows are made inside the organization's scope."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bookingoffice.accounts.models import DEFAULT_SCOPES, ApiKey, Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7
from bookingoffice.references.models import Booking, LineItem, Plan, Product, Service
from coupons import services
from coupons.models import Coupon
from seasons.models import Season
from seasons.writes import create_seasons

NOON = datetime(2027, 6, 15, 12, tzinfo=UTC)
TESTER = Actor.command("test")
FIFTEEN_PERCENT = {"type": "relative", "restrictions": [], "value": -15}


def make_organization(name: str = "Lakeside", **values: Any) -> Organization:
    organization = Organization(id=uuid7(), name={"default": name}, **values)
    with tenant_scope(organization.pk):
        organization.save(force_insert=True)
    return organization


def make_key(organization: Organization, scopes: Any = DEFAULT_SCOPES, **values: Any) -> str:
    """The bearer token."""
    with tenant_scope(organization.pk):
        return ApiKey.issue(organization.pk, scopes=scopes, **values)[1]


def make_product(organization: Organization, name: str = "Boathouse", **values: Any) -> Any:
    values = {"currency": organization.currency, **values}
    with tenant_scope(organization.pk):
        return Product.objects.create(organization=organization, name={"default": name}, **values)


def make_service(organization: Organization, label: str = "Cleaning", **values: Any) -> Any:
    values = {"type": "cleaning", **values}
    with tenant_scope(organization.pk):
        return Service.objects.create(organization=organization, label={"default": label}, **values)


def make_plan(organization: Organization, code: str = "flat-m", **values: Any) -> Any:
    values = {"name": code, **values}
    with tenant_scope(organization.pk):
        return Plan.objects.create(organization=organization, code=code, **values)


def make_booking(organization: Organization, **values: Any) -> Any:
    with tenant_scope(organization.pk):
        return Booking.objects.create(organization=organization, **values)


def make_line_item(booking: Booking, amount_minor: int = 10000, **values: Any) -> Any:
    values = {"item_type": "rent", "name": {"default": "Rent"}, **values}
    with tenant_scope(booking.organization_id):
        return LineItem.objects.create(
            organization_id=booking.organization_id, booking=booking, amount_minor=amount_minor, **values
        )


def make_coupon(organization: Organization, code: str = "QUIET_WEEK", **values: Any) -> Any:
    """15 % off unless `definition`, or `kind` and its columns, say otherwise."""
    row = {"code": code, **({} if "kind" in values else {"definition": FIFTEEN_PERCENT}), **values}
    with tenant_scope(organization.pk):
        [coupon_id] = services.create_coupons(organization, [row], actor=TESTER, moment=NOON)
        return Coupon.objects.get(pk=coupon_id)


def make_use(
    organization: Organization, coupon: Coupon, booking: Booking | None = None, moment: datetime = NOON
) -> UUID:
    booking = booking or make_booking(organization)
    with tenant_scope(organization.pk):
        return services.redeem(organization, coupon.pk, booking.pk, actor=TESTER, moment=moment)


def make_season(organization: Organization, name: str = "Summer", value: Any = None) -> Any:
    with tenant_scope(organization.pk):
        [season_id] = create_seasons(
            organization, [{"name": {"default": name}, "value": value}], actor=TESTER, moment=NOON
        )
        return Season.objects.get(pk=season_id)
