"""The ledger as a list. A use is made and given back through the services; nothing else about it can be changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Func, Q, TextField, Value
from django.http import HttpRequest
from django.utils import timezone

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.roles import EDITORS
from bookingoffice.accounts.desk import actor_of, organization_of, role_of
from bookingoffice.errors import RuleViolation
from coupons import services
from coupons.admin.words import money_in_words
from coupons.models import CouponUse

OF_THE_BOOKING = frozenset({"already_used_on_booking", "booking_not_found", "not_stackable", "customer_limit_reached"})
COLOURS = {"Redeemed": "success", "Reserved": "info", "Lapsed": "warning"}


@admin.register(CouponUse)
class CouponUseAdmin(TenantAdmin):
    list_display = ("coupon", "booking", "customer", "amount", "state_badge", "created_at")
    only_save = True
    list_select_related = ("coupon", "booking")
    list_filter = ("state",)
    search_fields = ("coupon__code", "booking__reference", "customer_key")
    ordering = ("-created_at", "-id")
    autocomplete_fields = ("coupon", "booking")
    actions = ("release",)
    SHOWN = ("coupon", "booking", "customer", "amount", "state_badge", "created_at", "redeemed_at", "expires_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("coupon", "booking")

    def search_condition(self, term: str) -> Q:
        key = Func(Value(term), function="public.coupon_code_key", output_field=TextField())
        return Q(coupon__code_key=key) | super().search_condition(term)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_release_permission(self, request: HttpRequest) -> bool:
        return role_of(request) in EDITORS

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.SHOWN if obj else ("coupon", "booking")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.SHOWN if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        try:
            obj.pk = services.redeem(organization_of(request), obj.coupon_id, obj.booking_id, **act)
        except RuleViolation as refusal:
            field = "booking" if refusal.code in OF_THE_BOOKING else "coupon"
            raise RuleViolation(refusal.code, refusal.sentence, field=field) from refusal

    @admin.action(description="Release: give the uses back", permissions=["release"])
    def release(self, request: HttpRequest, queryset: Any) -> None:
        pairs = list(queryset.values_list("coupon_id", "booking_id"))
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        number = services.release_many(organization_of(request), pairs, **act)
        messages.success(request, f"Given back: {number}.")

    @column("Customer", ordering="customer_key")
    def customer(self, use: CouponUse) -> str:
        return (use.customer_key or "—").removeprefix("email:").removeprefix("id:")

    @column("Amount", ordering="amount_minor")
    def amount(self, use: CouponUse) -> str:
        return money_in_words(use.amount_minor, use.currency)

    @column("State", ordering="state", label=COLOURS)
    def state_badge(self, use: Any) -> str:
        """A hold whose deadline has come counts for nothing."""
        lapsed = use.expires_at is not None and use.expires_at <= timezone.now()
        return "Lapsed" if lapsed else str(use.get_state_display())
