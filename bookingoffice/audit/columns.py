"""How people call the columns of the house, and what a column without a value means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

Word = str | Promise

COLUMNS: Final[Mapping[str, Word]] = {
    "amount_minor": gettext_lazy("Amount"),
    "archived_at": gettext_lazy("Archived"),
    "arrival_weekdays": gettext_lazy("Arrival on"),
    "auto_apply": gettext_lazy("Applied by itself"),
    "batch_id": gettext_lazy("Batch"),
    "blackout_dates": gettext_lazy("Not on these days"),
    "booking_id": gettext_lazy("Booking"),
    "budget_minor": gettext_lazy("Budget of all uses"),
    "check_in": gettext_lazy("Arrival"),
    "check_out": gettext_lazy("Departure"),
    "code": gettext_lazy("Code"),
    "confirmed_at": gettext_lazy("Confirmed"),
    "count": gettext_lazy("Number of codes"),
    "coupon_id": gettext_lazy("Coupon"),
    "currency": gettext_lazy("Currency"),
    "customer_bookings_before": gettext_lazy("Bookings before this one"),
    "customer_email": gettext_lazy("Customer e-mail"),
    "customer_id": gettext_lazy("Customer number"),
    "customer_key": gettext_lazy("Customer"),
    "dates": gettext_lazy("Dates"),
    "default_language": gettext_lazy("Default language"),
    "definition": gettext_lazy("Price expression"),
    "deleted_at": gettext_lazy("Deleted"),
    "description": gettext_lazy("Description"),
    "display_currency": gettext_lazy("Currency shown"),
    "excluded": gettext_lazy("Left out"),
    "exchange_rate": gettext_lazy("Exchange rate"),
    "expires_at": gettext_lazy("Expires"),
    "hot": gettext_lazy("Many guests at once"),
    "invitee_mode": gettext_lazy("For whom"),
    "item_type": gettext_lazy("Kind of line"),
    "kind": gettext_lazy("Kind"),
    "label": gettext_lazy("Label"),
    "last_used_at": gettext_lazy("Last used"),
    "limit_currency": gettext_lazy("Currency of the limits"),
    "max_discount_minor": gettext_lazy("Most taken off by one use"),
    "max_lead_days": gettext_lazy("Booked at most days ahead"),
    "max_nights": gettext_lazy("Most nights"),
    "max_per_customer": gettext_lazy("Uses by one customer"),
    "metadata": gettext_lazy("Data of programs"),
    "method": gettext_lazy("Way of booking"),
    "min_lead_days": gettext_lazy("Booked at least days ahead"),
    "min_nights": gettext_lazy("Fewest nights"),
    "min_spend_minor": gettext_lazy("From a total of"),
    "name": gettext_lazy("Name"),
    "occupancy": gettext_lazy("Guests"),
    "order": gettext_lazy("Order"),
    "parent_id": gettext_lazy("Belongs to"),
    "pattern": gettext_lazy("Pattern"),
    "percent": gettext_lazy("Percent"),
    "plan_id": gettext_lazy("Plan"),
    "plan_scope": gettext_lazy("Plans"),
    "prefix": gettext_lazy("Begins with"),
    "priority": gettext_lazy("Priority"),
    "product_id": gettext_lazy("Product"),
    "quantity": gettext_lazy("Quantity"),
    "quota": gettext_lazy("Uses in all"),
    "redeemed_at": gettext_lazy("Redeemed"),
    "reference": gettext_lazy("Reference"),
    "renewal_constraint": gettext_lazy("On which payments"),
    "rent_period": gettext_lazy("Rented by"),
    "repeat": gettext_lazy("How often"),
    "repeat_count": gettext_lazy("Number of periods"),
    "repeat_unit": gettext_lazy("Unit of the periods"),
    "revoked_at": gettext_lazy("Revoked"),
    "role": gettext_lazy("Role"),
    "scope": gettext_lazy("Off what"),
    "scopes": pgettext_lazy("a key", "May"),
    "season_id": gettext_lazy("Season"),
    "season_ids": gettext_lazy("Only in seasons"),
    "service_id": gettext_lazy("Service"),
    "silent": gettext_lazy("Without messages"),
    "stackable": gettext_lazy("With other coupons"),
    "state": gettext_lazy("State"),
    "stay_from": gettext_lazy("Stays from"),
    "stay_until": gettext_lazy("Stays until"),
    "tax_included": gettext_lazy("Tax included"),
    "tax_minor": gettext_lazy("Tax"),
    "timezone": gettext_lazy("Time zone"),
    "type": gettext_lazy("Type"),
    "user_id": gettext_lazy("Person"),
    "valid_from": gettext_lazy("Valid from"),
    "value": gettext_lazy("Days"),
    "year": gettext_lazy("Year"),
}

LIMITS: Final = frozenset({
    "quota", "max_per_customer", "budget_minor", "max_discount_minor", "max_nights", "max_lead_days", "min_nights",
    "min_lead_days", "min_spend_minor",
})  # fmt: skip
ALWAYS: Final = frozenset({"expires_at"})

LISTS_OF: Final[Mapping[str, str]] = {"season_ids": "seasons"}
"""Columns with the ids of many rows, which no foreign key tells."""


def column_in_words(column: str) -> str:
    if column in COLUMNS:
        return str(COLUMNS[column])
    return column.removesuffix("_minor").removesuffix("_id").replace("_", " ").capitalize()


def nothing_in_words(column: str) -> str:
    if column in LIMITS:
        return _("no limit")
    return _("never") if column in ALWAYS else _("nothing")


def field_of(table: str, column: str) -> models.Field[Any, Any] | None:
    """None for a table or a column that is no more."""
    return _fields().get(table, {}).get(column)


def table_named_by(table: str, column: str) -> str | None:
    """The table whose rows a column names by their ids."""
    if column in LISTS_OF:
        return LISTS_OF[column]
    field = field_of(table, column)
    target = field.related_model if field is not None else None
    return target._meta.db_table if isinstance(target, type) and issubclass(target, models.Model) else None


@cache
def _fields() -> Mapping[str, Mapping[str, models.Field[Any, Any]]]:
    return {
        model._meta.db_table: {field.column: field for field in model._meta.concrete_fields}
        for model in apps.get_models()
    }
