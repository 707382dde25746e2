"""A small booking business as the clients' documentation would draw it: parents with children, links, texts, numbers and nulls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from bookingoffice.accounts.models import DEFAULT_SCOPES, Member, Organization
from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.services.targets import Target
from tests.builders import (
    NOON,
    TESTER,
    make_booking,
    make_coupon,
    make_key,
    make_line_item,
    make_organization,
    make_product,
    make_season,
    make_service,
    make_use,
)

EUROS_25 = {
    "type": "absolute",
    "restrictions": [],
    "value": [{"value": 25, "period": None, "occupancy_group_id": None}],
}
JUNE_TO_AUGUST = {
    "type": "recurring-date-range",
    "intervals": [{"min": {"day": 3, "month": 5}, "max": {"day": 29, "month": 7}}],
}


@dataclass(frozen=True)
class Business:
    """One organization and its key; `ids` are those of its rows by the names below."""

    organization: Organization
    token: str
    ids: dict[str, str]


def open_business(name: str = "Lakeside", scopes: Any = DEFAULT_SCOPES) -> Business:
    """An organization without rows."""
    organization = make_organization(name, languages=["en-US", "nl-NL"])
    return Business(organization, make_key(organization, scopes), {"organization": str(organization.pk)})


def furnish(business: Business) -> Business:
    """Four coupons, two products, two services, three bookings, two seasons and a member."""
    organization, ids = business.organization, business.ids
    made: dict[str, Any] = {
        "boathouse": make_product(organization, "Boathouse"),
        "cabin": make_product(organization, "Cabin", deleted_at=datetime(2027, 1, 5, tzinfo=UTC)),
        "cleaning": make_service(organization, "Cleaning"),
        "quiet": make_coupon(organization, "QUIET_WEEK", quota=40, description="October, quiet weeks"),
        "late": make_coupon(
            organization,
            "LATE_SUMMER",
            quota=5,
            definition=EUROS_25,
            scope="product",
            description="late (summer) days",
            stackable=False,
        ),
        "spa": make_coupon(organization, "SPA_DAY", scope="service"),
        "old": make_coupon(organization, "OLD_OFFER", quota=0, deleted_at="2027-01-05T10:00:00Z"),
        "summer": make_season(organization, "Summer", JUNE_TO_AUGUST),
        "open": make_season(organization, "Open"),
    }
    made["windows"] = make_service(organization, "Windows", parent_id=made["cleaning"].pk, order=2)
    made |= {name: make_booking(organization, reference=name) for name in ("first", "second", "third")}
    make_line_item(made["first"], 20000, product=made["boathouse"])
    make_line_item(
        made["first"], 4500, service=made["cleaning"], item_type="fee", quantity=2, name={"default": "Cleaning"}
    )
    ids.update({name: str(thing.pk) for name, thing in made.items()})
    _link(organization, made)
    make_use(organization, made["quiet"], made["first"])
    make_use(organization, made["quiet"], made["second"])
    make_use(organization, made["spa"], made["first"])
    ids["member"] = str(_member(organization).pk)
    return business


def _link(organization: Organization, made: dict[str, Any]) -> None:
    pairs: dict[Target, list[tuple[UUID, UUID]]] = {
        "product": [(made["late"].pk, made["boathouse"].pk), (made["late"].pk, made["cabin"].pk)],
        "service": [(made["spa"].pk, made["cleaning"].pk)],
    }
    with tenant_scope(organization.pk):
        for target, linked in pairs.items():
            rows = [{"coupon_id": coupon_id, f"{target}_id": target_id} for coupon_id, target_id in linked]
            services.add_targets(organization, target, rows, actor=TESTER, moment=NOON)


def _member(organization: Organization) -> Any:
    user = User.objects.create_user(f"anna-{organization.pk}", "anna@lakeside.example", first_name="Anna")
    with tenant_scope(organization.pk):
        return Member.objects.create(organization=organization, user=user, role="owner")
