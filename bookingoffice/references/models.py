"""Rows that other systems own and coupons point at: a channel manager keeps them in step over the API."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import JSONField, Q, Value
from django.utils.translation import gettext_lazy

from bookingoffice import records
from bookingoffice.database.constraints import SqlCheck
from bookingoffice.database.fields import EnumField, RealField
from bookingoffice.database.functions import NewPublicId
from bookingoffice.database.keys import Reference, TenantForeignKey, TenantPrimaryKey
from bookingoffice.localized import choose_text

NO_TEXT = Value({"default": ""}, JSONField())


def no_text() -> dict[str, str]:
    return {"default": ""}


class RentPeriod(models.TextChoices):
    DAILY = "daily", gettext_lazy("Day")
    NIGHTLY = "nightly", gettext_lazy("Night")


class Product(records.ChangingRecord):
    """Something to let. `public_id` is its name in the Hyperline dialect; `code` its short name in Fynn's."""

    deleted_at = models.DateTimeField(null=True, blank=True)
    name: Any = models.JSONField()
    description: Any = models.JSONField(default=no_text, db_default=NO_TEXT)
    currency = models.TextField()
    timezone = models.TextField(default="UTC", db_default="UTC")
    rent_period = EnumField(
        enum="rent_period", choices=RentPeriod.choices, default=RentPeriod.NIGHTLY, db_default=RentPeriod.NIGHTLY
    )
    public_id = models.TextField(db_default=NewPublicId(Value("itm_")), editable=False)
    code = models.TextField(default="", db_default="", blank=True)

    class Meta(records.ChangingRecord.Meta):
        db_table = "products"
        constraints = [
            TenantPrimaryKey(name="products_pkey"),
            Reference(name="products_organization_id_fkey", field="organization"),
            models.UniqueConstraint(
                fields=["organization", "public_id"], name="products_organization_id_public_id_key"
            ),
            SqlCheck(name="products_name_check", condition="public.name_is_valid(name)"),
            SqlCheck(name="products_description_check", condition="public.name_is_valid(description)"),
            SqlCheck(name="products_currency_check", condition="currency ~ '^[A-Z]{3}$'"),
        ]

    def __str__(self) -> str:
        return choose_text(self.name, None) or str(self.id)


class Service(records.ChangingRecord):
    """Something that is charged beside the rent: cleaning, a sauna, a late arrival."""

    parent = TenantForeignKey("self", on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+")  # type: ignore[misc]
    deleted_at = models.DateTimeField(null=True, blank=True)
    label: Any = models.JSONField()
    description: Any = models.JSONField(default=no_text, db_default=NO_TEXT)
    type = models.TextField()
    order = models.SmallIntegerField(default=0, db_default=0)

    class Meta(records.ChangingRecord.Meta):
        db_table = "services"
        constraints = [
            TenantPrimaryKey(name="services_pkey"),
            Reference(name="services_organization_id_fkey", field="organization"),
            Reference(name="services_parent_id_fkey", field="parent"),
            SqlCheck(name="services_label_check", condition="public.name_is_valid(label)"),
            SqlCheck(name="services_description_check", condition="public.name_is_valid(description)"),
        ]

    def __str__(self) -> str:
        return choose_text(self.label, None) or str(self.id)


class Plan(records.ChangingRecord):
    """A price plan of a product, as subscription systems name it."""

    product = TenantForeignKey(Product, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+")  # type: ignore[misc]
    code = models.TextField()
    name = models.TextField()

    class Meta(records.ChangingRecord.Meta):
        db_table = "plans"
        constraints = [
            TenantPrimaryKey(name="plans_pkey"),
            Reference(name="plans_organization_id_fkey", field="organization"),
            Reference(name="plans_product_id_fkey", field="product"),
        ]

    def __str__(self) -> str:
        return self.name


class BookingMethod(models.TextChoices):
    REQUEST = "request", gettext_lazy("Request")
    BOOK = "book", gettext_lazy("Book")


class Booking(records.ChangingRecord):
    """One guest's booking. The stay and the guest are what a redemption judges; they are not on the wire."""

    confirmed_at = models.DateTimeField(null=True, blank=True)
    currency = models.TextField(default="EUR", db_default="EUR")
    display_currency = models.TextField(default="EUR", db_default="EUR")
    exchange_rate = RealField(default=1, db_default=1)
    method = EnumField(
        enum="booking_method",
        choices=BookingMethod.choices,
        default=BookingMethod.REQUEST,
        db_default=BookingMethod.REQUEST,
    )
    occupancy: Any = models.JSONField(default=dict, db_default=Value({}, JSONField()), blank=True)
    reference = models.TextField(default="", db_default="", blank=True)
    silent = models.BooleanField(default=False, db_default=False)
    check_in = models.DateField(null=True, blank=True)
    check_out = models.DateField(null=True, blank=True)
    customer_id = models.TextField(null=True, blank=True)
    customer_email = models.TextField(null=True, blank=True)
    customer_bookings_before = models.IntegerField(null=True, blank=True)

    class Meta(records.ChangingRecord.Meta):
        db_table = "bookings"
        indexes = [
            models.Index(fields=["organization", "created_at", "id"], name="bookings_newest_idx"),
            models.Index(fields=["organization", "reference"], name="bookings_reference_idx"),
            models.Index(fields=["organization", "customer_email"], name="bookings_email_idx"),
        ]
        constraints = [
            TenantPrimaryKey(name="bookings_pkey"),
            Reference(name="bookings_organization_id_fkey", field="organization"),
            models.CheckConstraint(condition=Q(check_out__gte=models.F("check_in")), name="bookings_check_out_check"),
            models.CheckConstraint(
                condition=Q(customer_bookings_before__gte=0), name="bookings_customer_bookings_before_check"
            ),
        ]

    def __str__(self) -> str:
        return self.reference or str(self.id)


class LineItemType(models.TextChoices):
    RENT = "rent", gettext_lazy("Rent")
    FEE = "fee", gettext_lazy("Fee")
    DEPOSIT = "deposit", gettext_lazy("Deposit")


class LineItem(records.ChangingRecord):
    """One line of a booking's price. `amount_minor` is the whole line in the booking's currency, `tax_minor` its tax."""

    booking = TenantForeignKey(Booking, on_delete=models.CASCADE, related_name="line_items")
    product = TenantForeignKey(Product, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+")  # type: ignore[misc]
    service = TenantForeignKey(Service, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+")  # type: ignore[misc]
    plan = TenantForeignKey(Plan, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+")  # type: ignore[misc]
    item_type = EnumField(enum="line_item_type", choices=LineItemType.choices)
    name: Any = models.JSONField()
    quantity = models.IntegerField(default=1, db_default=1)
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0, db_default=0)
    tax_included = models.BooleanField(default=False, db_default=False)

    class Meta(records.ChangingRecord.Meta):
        db_table = "line_items"
        indexes = [models.Index(fields=["organization", "booking"], name="line_items_booking_idx")]
        constraints = [
            TenantPrimaryKey(name="line_items_pkey"),
            Reference(name="line_items_organization_id_fkey", field="organization"),
            Reference(name="line_items_booking_id_fkey", field="booking", cascade=True),
            Reference(name="line_items_product_id_fkey", field="product"),
            Reference(name="line_items_service_id_fkey", field="service"),
            Reference(name="line_items_plan_id_fkey", field="plan"),
            SqlCheck(name="line_items_name_check", condition="public.name_is_valid(name)"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="line_items_quantity_check"),
        ]

    def __str__(self) -> str:
        return choose_text(self.name, None) or str(self.id)
