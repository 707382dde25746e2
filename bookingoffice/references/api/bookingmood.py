"""What other systems own, on the wire: a channel manager keeps these rows in step."""

from __future__ import annotations

from functools import partial

from bookingoffice.accounts.acting import watched
from bookingoffice.localized import refuse_malformed_names
from bookingoffice.postgrest.resources import ORGANIZATION, Column, ForeignKey, Resource

NOW = "now()"
NO_TEXT = """'{"default": ""}'::jsonb"""
ORGANIZATION_CURRENCY = f"(SELECT organizations.currency FROM organizations WHERE organizations.id = {ORGANIZATION})"  # noqa: S608


def identity() -> tuple[Column, ...]:
    return (
        Column("id", "uuid", default="public.uuid7()", nullable=False),
        Column("organization_id", "uuid", nullable=False, on_insert=ORGANIZATION),
    )


def times() -> tuple[Column, ...]:
    return (
        Column("created_at", "timestamp with time zone", default=NOW, nullable=False),
        Column("updated_at", "timestamp with time zone", default=NOW, on_update=NOW, nullable=False),
    )


def belongs_to(table: str, **others: str) -> tuple[ForeignKey, ...]:
    """The keys of a table: its organization's, and one for each column given with the table it points at."""
    keys = {"organization_id": "organizations", **others}
    return tuple(ForeignKey(f"{table}_{column}_fkey", (column,), target) for column, target in keys.items())


PRODUCTS = Resource(
    name="products",
    columns=(
        *identity(),
        *times(),
        Column("deleted_at", "timestamp with time zone"),
        Column("name", "jsonb", nullable=False),
        Column("description", "jsonb", default=NO_TEXT, nullable=False),
        Column("currency", "text", on_insert=ORGANIZATION_CURRENCY, nullable=False),
        Column("timezone", "text", default="'UTC'::text", nullable=False),
        Column(
            "rent_period", "rent_period", default="'nightly'::rent_period", nullable=False, enum=("daily", "nightly")
        ),
    ),
    witness=watched("products"),
    foreign_keys=belongs_to("products"),
    examine=partial(refuse_malformed_names, fields=("name", "description")),
    description="What is let.",
)

SERVICES = Resource(
    name="services",
    columns=(
        *identity(),
        Column("parent_id", "uuid"),
        *times(),
        Column("deleted_at", "timestamp with time zone"),
        Column("label", "jsonb", nullable=False),
        Column("description", "jsonb", default=NO_TEXT, nullable=False),
        Column("type", "text", nullable=False),
        Column("order", "smallint", default="0", nullable=False),
    ),
    witness=watched("services"),
    foreign_keys=belongs_to("services", parent_id="services"),
    examine=partial(refuse_malformed_names, fields=("label", "description")),
    description="What is charged beside the rent.",
)

PLANS = Resource(
    name="plans",
    columns=(
        *identity(),
        Column("product_id", "uuid"),
        Column("code", "text", nullable=False),
        Column("name", "text", nullable=False),
        *times(),
    ),
    witness=watched("plans"),
    foreign_keys=belongs_to("plans", product_id="products"),
    description="Price plans of products.",
)

BOOKINGS = Resource(
    name="bookings",
    columns=(
        *identity(),
        *times(),
        Column("confirmed_at", "timestamp with time zone"),
        Column("currency", "text", default="'EUR'::text", nullable=False),
        Column("display_currency", "text", default="'EUR'::text", nullable=False),
        Column("exchange_rate", "real", default="1", nullable=False),
        Column(
            "method", "booking_method", default="'request'::booking_method", nullable=False, enum=("request", "book")
        ),
        Column("occupancy", "jsonb", default="'{}'::jsonb", nullable=False),
        Column("reference", "text", default="''::text", nullable=False),
        Column("silent", "boolean", default="false", nullable=False),
    ),
    witness=watched("bookings"),
    foreign_keys=belongs_to("bookings"),
    description="Bookings that coupons are used on.",
)

LINE_ITEMS = Resource(
    name="line_items",
    columns=(
        identity()[0],
        Column("booking_id", "uuid", nullable=False),
        Column("product_id", "uuid"),
        Column("service_id", "uuid"),
        Column("plan_id", "uuid"),
        *times(),
        Column("item_type", "line_item_type", nullable=False, enum=("rent", "fee", "deposit")),
        Column("name", "jsonb", nullable=False),
        Column("quantity", "integer", default="1", nullable=False),
        Column("amount_minor", "bigint", nullable=False),
        Column("tax_minor", "bigint", default="0", nullable=False),
        Column("tax_included", "boolean", default="false", nullable=False),
    ),
    witness=watched("line_items"),
    foreign_keys=belongs_to(
        "line_items", booking_id="bookings", product_id="products", service_id="services", plan_id="plans"
    )[1:],
    examine=partial(refuse_malformed_names, fields=("name",)),
    description="The lines of a booking's price.",
)

RESOURCES = (PRODUCTS, SERVICES, PLANS, BOOKINGS, LINE_ITEMS)
