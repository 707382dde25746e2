"""A coupon as staff write it: by fields and in major units. `row()` says it in the columns of the service."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from bookingoffice.accounts.admin.choices import some_of
from bookingoffice.accounts.admin.forms import CURRENCIES, TenantForm
from bookingoffice.localized import choose_text
from bookingoffice.money import is_currency, minor_to_major, plain
from bookingoffice.references.models import Plan, Product, Service
from coupons.admin.fields import DatesField, WeekdaysField, money_field, percent_field
from coupons.admin.layout import CHOICES
from coupons.admin.targets import EXCEPT, named, offered
from coupons.models import Coupon, Kind
from coupons.models.coupon import PlanScope

FROZEN = ("code", "kind", "percent", "amount", "currency", "repeat", "repeat_count", "repeat_unit")
WHY_FROZEN = gettext_lazy("Used already, so what guests were promised stays as it is.")
VALUE = ("kind", "percent", "amount", "currency")
MONEY = {
    "max_discount": "max_discount_minor",
    "budget": "budget_minor",
    "min_spend": "min_spend_minor",
}
PLAIN = (
    "code", "name", "description", "scope", "stackable", "priority", "auto_apply", "invitee_mode", "renewal_constraint", "quota",
    "max_per_customer", "limit_currency", "valid_from", "expires_at", "min_nights", "max_nights", "stay_from",
    "stay_until", "arrival_weekdays", "blackout_dates", "min_lead_days", "max_lead_days", "season_ids", "repeat",
    "repeat_count", "repeat_unit", "hot",
)  # fmt: skip


class CouponForm(TenantForm):
    asking: ClassVar[bool] = False
    """Somebody asks about the values as they stand: nothing is saved, however right they are."""
    columns: ClassVar[Mapping[str, str]] = {
        "amount_minor": "amount",
        "definition": "kind",
        **{column: field for field, column in MONEY.items()},
    }

    kind = forms.ChoiceField(label=gettext_lazy("What it takes off"), widget=UnfoldAdminSelectWidget())
    percent = percent_field()
    amount = money_field(gettext_lazy("Amount"))
    currency = forms.ChoiceField(
        choices=[("", "—"), *CURRENCIES],
        required=False,
        label=gettext_lazy("Currency"),
        widget=UnfoldAdminSelectWidget(),
    )
    products = some_of(Product.objects.none(), label=gettext_lazy("Products"))
    services = some_of(Service.objects.none(), label=gettext_lazy("Services"))
    plans = some_of(Plan.objects.none(), label=gettext_lazy("Plans"), help_text=gettext_lazy("None chosen: any."))
    not_products = some_of(Product.objects.none(), label=gettext_lazy("Not for products"))
    not_services = some_of(Service.objects.none(), label=gettext_lazy("Not for fees of services"))
    not_plans = some_of(Plan.objects.none(), label=gettext_lazy("Not on plans"))
    max_discount = money_field(gettext_lazy("Most for one use"))
    budget = money_field(gettext_lazy("Most for all uses together"))
    min_spend = money_field(gettext_lazy("Smallest booking"))
    arrival_weekdays = WeekdaysField(label=gettext_lazy("Arrival on"), help_text=gettext_lazy("None ticked: any day."))
    blackout_dates = DatesField(
        label=gettext_lazy("Days without it"),
        help_text=gettext_lazy("Nights on which it is not given: 2027-12-31, one a line."),
    )
    season_ids = forms.MultipleChoiceField(
        required=False,
        label=gettext_lazy("Seasons"),
        help_text=gettext_lazy("Every night of the stay lies in one of them. None chosen: any."),
        widget=some_of(None, label="").widget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = None if self.instance._state.adding else self.instance
        self._offer()
        if self.present:
            self._fill(self.present)
            if self.present.uses.exists():
                self._freeze()
        else:
            self.fields["currency"].initial = self.organization.currency

    def _offer(self) -> None:
        kinds = [kind for kind in CHOICES["kind"] if kind[0] != Kind.EXPRESSION or self._keeps_expression()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        for name, rows in offered(self.organization).items():
            for field in (name, EXCEPT[name]):
                self.fields[field].queryset = rows  # type: ignore[attr-defined]
        self.fields["season_ids"].choices = self._seasons()  # type: ignore[attr-defined]
        if "name" in self.fields:
            self.fields["name"].required = False

    def _keeps_expression(self) -> bool:
        """A discount that fields cannot say is kept as it is, and may be given up for one that they can."""
        return self.present is not None and self.present.kind == Kind.EXPRESSION

    def _seasons(self) -> list[tuple[str, str]]:
        """Seasons are asked by their name: the two apps do not know each other."""
        seasons: Any = apps.get_model("seasons", "Season")._default_manager
        rows = seasons.of(self.organization.pk).order_by("id").values_list("id", "name")
        return [(str(key), choose_text(name, self.organization.default_language) or str(key)) for key, name in rows]

    def _fill(self, coupon: Coupon) -> None:
        self.initial.update(named(self.organization, coupon))
        self.initial["season_ids"] = [str(season) for season in coupon.season_ids or ()]
        if coupon.percent is not None:
            self.initial["percent"] = Decimal(plain(coupon.percent))
        if coupon.amount_minor is not None and coupon.currency and is_currency(coupon.currency):
            self.initial["amount"] = minor_to_major(coupon.amount_minor, coupon.currency)
        for field, column in MONEY.items():
            minor = getattr(coupon, column)
            if minor is not None:
                self.initial[field] = minor_to_major(minor, self._limit_currency(coupon.limit_currency))

    def _limit_currency(self, given: str | None) -> str:
        return given or self.organization.currency

    def _freeze(self) -> None:
        """Read-only, each with the reason beside it."""
        for name in FROZEN:
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = WHY_FROZEN

    def is_valid(self) -> bool:
        return super().is_valid() and not self.asking

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._clean_value(cleaned)
        self._clean_reach(cleaned)
        currency = self._limit_currency(cleaned.get("limit_currency"))
        self.minors = {column: self.minor(field, currency) for field, column in MONEY.items()}
        return cleaned

    def _clean_value(self, cleaned: dict[str, Any]) -> None:
        self.amount_minor = None
        if cleaned.get("kind") == Kind.PERCENT and cleaned.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _("Give the percentage."))
        if cleaned.get("kind") == Kind.AMOUNT:
            if not cleaned.get("currency"):
                self.add_error("currency", _("Give the currency of the amount."))
            elif cleaned.get("amount") is None and "amount" not in self.errors:
                self.add_error("amount", _("Give the amount."))
            else:
                self.amount_minor = self.minor("amount", cleaned["currency"])

    def _clean_reach(self, cleaned: dict[str, Any]) -> None:
        for scope, field in (("product", "products"), ("service", "services")):
            if cleaned.get("scope") == scope and not cleaned.get(field):
                self.add_error(field, _("Choose at least one, or let the coupon be for something else."))
        for field, left_out in EXCEPT.items():
            if set(cleaned.get(field) or ()) & set(cleaned.get(left_out) or ()):
                self.add_error(left_out, _("This is chosen above, as what the coupon is for."))
        for first, last in (("valid_from", "expires_at"), ("stay_from", "stay_until"), ("min_nights", "max_nights")):
            if cleaned.get(first) is not None and cleaned.get(last) is not None and cleaned[last] < cleaned[first]:
                self.add_error(last, _("This ends before it begins."))
        limited = cleaned.get("repeat") == "limited"
        for field in ("repeat_count", "repeat_unit"):
            if limited and not cleaned.get(field):
                self.add_error(field, _("Say for how many periods, and of which kind."))
            elif not limited and field in self.fields and not self.fields[field].disabled:
                cleaned[field] = None

    def row(self) -> dict[str, Any]:
        """New: everything that was given. Changed: what changed, so that nobody else's column is written over."""
        given = set(self.fields) if self.present is None else set(self.changed_data)
        row = {name: self._plain(name) for name in PLAIN if name in given}
        if given & set(VALUE) and self.cleaned_data["kind"] != Kind.EXPRESSION:
            row |= self._value()
        if "limit_currency" in given or given & set(MONEY):
            row |= self.minors
        if "repeat" in given:
            row |= {name: self.cleaned_data[name] for name in ("repeat_count", "repeat_unit")}
        if self._plans_are_new(given):
            row["plan_scope"] = PlanScope.SPECIFIC if self.cleaned_data["plans"] else PlanScope.ALL
        return row

    def _plans_are_new(self, given: set[str]) -> bool:
        """A new coupon is for all plans unless some are chosen, as the column says by itself."""
        return "plans" in given and bool(self.present is not None or self.cleaned_data["plans"])

    def _plain(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if name == "name":
            return value or self.cleaned_data["code"]
        return None if value in ("", []) else value

    def _value(self) -> dict[str, Any]:
        kind = self.cleaned_data["kind"]
        if kind == Kind.PERCENT:
            return {"kind": kind, "percent": self.cleaned_data["percent"]}
        return {"kind": kind, "amount_minor": self.amount_minor, "currency": self.cleaned_data["currency"]}
