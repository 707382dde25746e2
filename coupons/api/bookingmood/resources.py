"""Coupons, their links and their uses as Bookingmood's tables: which columns are seen, and who writes them."""

from __future__ import annotations

from bookingoffice.postgrest.resources import ORGANIZATION, Column, ConflictTarget, ForeignKey, Resource
from coupons.api.bookingmood.coupons import CouponWriter
from coupons.api.bookingmood.links import LinkWriter
from coupons.api.bookingmood.uses import UseWriter

NOW = "now()"
ID = Column("id", "uuid", default="public.uuid7()", nullable=False)
CREATED_AT = Column("created_at", "timestamp with time zone", default=NOW, nullable=False)

# A definition's amounts are in the organization's currency; a coupon fixed in another cannot be said here.
ORGANIZATION_CURRENCY = f"(SELECT organizations.currency FROM organizations WHERE organizations.id = {ORGANIZATION})"  # noqa: S608
EXPRESSIBLE = f"(currency IS NULL OR currency = {ORGANIZATION_CURRENCY})"

COUPONS = Resource(
    name="coupons",
    columns=(
        ID,
        CREATED_AT,
        Column("updated_at", "timestamp with time zone", default=NOW, on_update=NOW, nullable=False),
        Column("organization_id", "uuid", nullable=False, on_insert=ORGANIZATION),
        Column("code", "text", nullable=False),
        Column("description", "text", expression="coalesce(description, '')", default="''::text", nullable=False),
        Column("quota", "integer"),
        Column("definition", "jsonb", nullable=False),
        Column(
            "scope",
            "coupon_scope",
            default="'global'::coupon_scope",
            nullable=False,
            enum=("global", "product", "service", "rent"),
        ),
        Column("deleted_at", "timestamp with time zone"),
        Column("fts", "tsvector", generated=True),
        Column("stackable", "boolean", default="true", nullable=False),
        Column("batch_id", "uuid", hidden=True),
    ),
    predicate=EXPRESSIBLE,
    foreign_keys=(ForeignKey("coupons_organization_id_fkey", ("organization_id",), "organizations"),),
    conflict_targets=(
        ConflictTarget(frozenset({"organization_id", "code"}), ("organization_id", "code_key"), "deleted_at IS NULL"),
    ),
    service=CouponWriter(),
    description="Discounts and their limits.",
)

COUPON_USES = Resource(
    name="coupon_uses",
    primary_key=("coupon_id", "booking_id"),
    columns=(
        ID,
        CREATED_AT,
        Column("coupon_id", "uuid", nullable=False),
        Column("booking_id", "uuid", nullable=False),
    ),
    predicate="(state = 'redeemed' OR expires_at > now())",
    foreign_keys=(
        ForeignKey("coupon_uses_booking_id_fkey", ("booking_id",), "bookings"),
        ForeignKey("coupon_uses_coupon_id_fkey", ("coupon_id",), "coupons"),
    ),
    write_scope="write_uses",
    locked=False,  # the ledger's door locks; the serving role may only look
    service=UseWriter(),
    description="Which coupon was used on which booking.",
)


def links(target: str) -> Resource:
    table = f"coupon_{target}s"
    return Resource(
        name=table,
        primary_key=("coupon_id", f"{target}_id"),
        columns=(
            ID,
            CREATED_AT,
            Column("coupon_id", "uuid", nullable=False),
            Column(f"{target}_id", "uuid", nullable=False),
        ),
        predicate="NOT excluded",
        foreign_keys=(
            ForeignKey(f"{table}_coupon_id_fkey", ("coupon_id",), "coupons"),
            ForeignKey(f"{table}_{target}_id_fkey", (f"{target}_id",), f"{target}s"),
        ),
        service=LinkWriter("product" if target == "product" else "service"),
        description=f"Which {target}s a coupon is for.",
    )


RESOURCES = (COUPONS, links("product"), links("service"), COUPON_USES)
