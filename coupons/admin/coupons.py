"""The list of coupons and the page of one. Every write is the same service call as the API's."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import Func, Q, TextField, Value
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
from coupons.admin.filters import StateFilter
from coupons.admin.forms import CouponForm
from coupons.admin.layout import CONDITIONAL_FIELDS, FIELDSETS, SENTENCES
from coupons.admin.results import results_in_words
from coupons.admin.targets import keep_targets
from coupons.admin.words import uses_in_words, value_in_words
from coupons.models import Coupon, Kind
from coupons.models.coupon import State

STATE_COLOURS = {
    State.ACTIVE.label: "success",
    State.SCHEDULED.label: "info",
    State.EXHAUSTED.label: "warning",
    State.EXPIRED.label: "warning",
}
LIMITS = {"quota": "Uses in all", "max_per_customer": "Uses by one customer"}


@admin.register(Coupon)
class CouponAdmin(TenantAdmin):
    form = CouponForm
    list_display = ("coupon", "value", "state_badge", "uses", "scope", "valid_from", "expires_at", "created_at")
    list_filter = (StateFilter, "kind", "scope")
    search_fields = ("code", "name")
    ordering = ("-created_at", "-id")
    actions = ("archive", "restore", "mark_as_deleted")
    actions_list = ("generate_codes",)  # type: ignore[assignment]
    conditional_fields = CONDITIONAL_FIELDS
    sentences = SENTENCES
    fieldsets = FIELDSETS

    # -- rows

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_state(timezone.now()).defer("fts", "metadata")

    def search_condition(self, term: str) -> Q:
        """A code is found in any spelling; part of a code or a name as it is written."""
        key = Func(Value(term), function="public.coupon_code_key", output_field=TextField())
        return Q(code_key=key) | super().search_condition(term)

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

    @admin.action(description="Archive", permissions=["change"])
    def archive(self, request: HttpRequest, queryset: Any) -> None:
        self._set_archived(request, queryset, archived=True)

    @admin.action(description="Restore", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: Any) -> None:
        """Out of the archive, and back from having been marked as deleted."""
        chosen = self.get_queryset(request).filter(pk__in=list(queryset.values_list("pk", flat=True)))
        self._change(request, chosen.filter(deleted_at__isnull=False), {"deleted_at": None})
        self._set_archived(request, chosen, archived=False)

    @admin.action(description="Mark as deleted", permissions=["delete"])
    def mark_as_deleted(self, request: HttpRequest, queryset: Any) -> None:
        self._change(request, queryset.filter(deleted_at=None), {"deleted_at": timezone.now()})
        messages.success(request, "Marked as deleted. The uses stay in the ledger; the codes are free again.")

    @action(description="Generate codes", icon="qr_code_2", permissions=["add"])  # type: ignore[operator]
    def generate_codes(self, request: HttpRequest) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:coupons_couponbatch_add"))

    def _set_archived(self, request: HttpRequest, queryset: Any, *, archived: bool) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        services.archive_coupons(organization_of(request), ids, archived=archived, **act)
        messages.success(request, f"{'Archived' if archived else 'Restored'}: {len(ids)}.")

    def _change(self, request: HttpRequest, queryset: Any, changes: dict[str, Any]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        services.change_coupons(organization_of(request), ids, changes, **act)

    # -- columns

    @column("Coupon", ordering="code", header=True)
    def coupon(self, coupon: Coupon) -> list[str]:
        return [coupon.code, coupon.name if coupon.name != coupon.code else ""]

    @column("Takes off")
    def value(self, coupon: Coupon) -> str:
        return value_in_words(coupon)

    @column("State", label=STATE_COLOURS)
    def state_badge(self, coupon: Any) -> str:
        return str(State(coupon.state).label)

    @column("Uses", ordering="live_uses")
    def uses(self, coupon: Any) -> str:
        return uses_in_words(coupon.live_uses, coupon.quota)

    @column("Until now")
    def results(self, coupon: Coupon) -> str:
        return results_in_words(coupon.organization, coupon.pk)

    @column("Expression")
    def expression(self, coupon: Coupon) -> str:
        return format_html("<pre>{}</pre>", json.dumps(coupon.definition, indent=2, ensure_ascii=False))
