"""The list of coupons and the page of one. Every write is the same service call as the API's."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import action

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.forms import MomentField
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.errors import RuleViolation
from coupons import services
from coupons.admin.forms import CouponForm
from coupons.admin.layout import CONDITIONAL_FIELDS, FIELDSETS, SENTENCES
from coupons.admin.list_acts import ActsOnCoupons
from coupons.admin.lists import ListOfCoupons
from coupons.admin.results import results_in_words
from coupons.admin.targets import keep_targets
from coupons.models import Coupon, Kind

LIMITS = {"quota": "Uses in all", "max_per_customer": "Uses by one customer"}


@admin.register(Coupon)
class CouponAdmin(ListOfCoupons, ActsOnCoupons, TenantAdmin):
    form = CouponForm
    actions_list = ("generate_codes",)  # type: ignore[assignment]
    conditional_fields = CONDITIONAL_FIELDS
    sentences = SENTENCES
    fieldsets = FIELDSETS

    # -- rows

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("fts", "metadata")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The page of one counts its uses; the list asks for its own page of them."""
        with suppress(ValidationError):
            key = self.opts.pk.to_python(object_id)
            return self.get_queryset(request).with_state(timezone.now()).filter(pk=key).first()
        return None

    # -- the page

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("state_badge", "uses", "expression", "results")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new coupon has no state yet; only a coupon that fields cannot say shows its expression."""
        (first, identity), (second, discount), *others = self.fieldsets
        shown = identity["fields"] if obj else identity["fields"][1:]
        value = discount["fields"] if obj and obj.kind == Kind.EXPRESSION else discount["fields"][:-1]
        results = [("What came of it", {"fields": ("results",)})] if obj and obj.live_uses else []
        return [(first, {"fields": shown}), (second, {"fields": value}), *others, *results]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = kept = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "expires_at" and isinstance(field, MomentField):
            field = MomentField(required=False, widget=field.widget, label="Expires", ends=True)
            field.help_text = f"A day without a time counts to its end. {kept.help_text}"
        if db_field.name in LIMITS:
            field.label, field.help_text = LIMITS[db_field.name], "Empty: without a limit."
        if db_field.name == "limit_currency":
            field.initial, field.help_text = None, f"Empty: {organization_of(request).currency}."
        return field

    # -- writing

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        organization, row = organization_of(request), form.row()
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        if not change:
            [obj.pk] = services.create_coupons(organization, [row], **act)
        elif row:
            services.change_coupons(organization, [obj.pk], row, **act)
        chosen = {name: form.cleaned_data[name] for name in ("products", "services")}
        if not change or chosen.keys() & set(form.changed_data):
            keep_targets(organization, obj.pk, **chosen, **act)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        try:
            services.delete_coupons(organization_of(request), ids, **act)
        except RuleViolation as refusal:
            advice = "Its history has to stay: archive it, or mark it as deleted with the action of the list."
            raise RuleViolation(refusal.code, f"{refusal.sentence} {advice}") from refusal

    @action(description="Generate codes", icon="qr_code_2", permissions=["add"])  # type: ignore[operator]
    def generate_codes(self, request: HttpRequest) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:coupons_couponbatch_add"))

    # -- columns

    @column("Until now")
    def results(self, coupon: Coupon) -> str:
        return results_in_words(coupon.organization, coupon.pk)

    @column("Expression")
    def expression(self, coupon: Coupon) -> str:
        return format_html("<pre>{}</pre>", json.dumps(coupon.definition, indent=2, ensure_ascii=False))
