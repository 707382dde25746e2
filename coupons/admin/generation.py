"""Batches of codes: the page that makes one."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSplitDateTimeWidget

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.forms import CURRENCIES, MomentField, TenantForm
from bookingoffice.accounts.desk import actor_of, organization_of
from coupons import wording
from coupons.admin.batches import MadeBatches
from coupons.admin.fields import money_field, number_field, percent_field
from coupons.admin.printing import PrintsBatches
from coupons.generation import DEFAULT
from coupons.models import CouponBatch, Kind
from coupons.services.generation import Wanted, change_batch_quota, generate_coupons

KINDS = [(kind.value, kind.label) for kind in (Kind.PERCENT, Kind.AMOUNT)]


class BatchForm(TenantForm):
    """A new batch; of one that is made only the shared limit changes."""

    columns: ClassVar[dict[str, str]] = {"amount_minor": "amount"}

    kind = forms.ChoiceField(label=gettext_lazy("What each takes off"), choices=KINDS, widget=UnfoldAdminSelectWidget())
    percent = percent_field()
    amount = money_field(gettext_lazy("Amount"))
    currency = forms.ChoiceField(
        choices=CURRENCIES, required=False, label=gettext_lazy("Currency"), widget=UnfoldAdminSelectWidget()
    )
    uses = number_field(
        gettext_lazy("Uses of each"), gettext_lazy("Empty: as often as they like. 1 for codes that are spent once.")
    )
    expires_at = MomentField(
        required=False, label=gettext_lazy("Expires"), ends=True, widget=UnfoldAdminSplitDateTimeWidget()
    )

    class Meta:
        labels: ClassVar[dict[str, Any]] = {
            "label": gettext_lazy("Name"),
            "count": gettext_lazy("How many codes"),
            "quota": gettext_lazy("Uses of all together"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "label": gettext_lazy("What you call this batch, such as “Spring mailing”."),
            "prefix": gettext_lazy("Stands before every code as it is: SPRING-"),
            "pattern": gettext_lazy(
                "# is a digit, ? a letter, * either; the rest stands for itself. A check character is added at the end,"
                " or stands where you write !"
            ),
            "quota": gettext_lazy("Empty: no limit that they share."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "pattern" in self.fields:
            self.fields["pattern"].initial, self.fields["pattern"].required = DEFAULT, True
            self.fields["currency"].initial = self.organization.currency
            clock = _("By the clock of %(zone)s; a day alone counts to its end.")
            self.fields["expires_at"].help_text = clock % {"zone": self.organization.timezone}
        else:
            for name in ("kind", "percent", "amount", "currency", "uses", "expires_at"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        needed = {"percent": "percent", "amount": "amount"}.get(given.get("kind", ""))
        if needed and needed not in self.errors and given.get(needed) is None:
            self.add_error(needed, _("Say how much."))
        return given

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        columns = ("label", "prefix", "pattern", "count", "quota")
        return Wanted(template=self._template(given), **{name: given[name] for name in columns})

    def _template(self, given: dict[str, Any]) -> dict[str, Any]:
        shared = {"quota": given["uses"], "expires_at": given["expires_at"], "kind": given["kind"]}
        if given["kind"] == Kind.PERCENT:
            return {**shared, "percent": given["percent"]}
        amount = self.minor("amount", given["currency"])
        return {**shared, "amount_minor": amount, "currency": given["currency"]}


@admin.register(CouponBatch)
class BatchAdmin(MadeBatches, PrintsBatches, TenantAdmin):  # type: ignore[misc]
    form = BatchForm
    only_save = True
    conditional_fields: ClassVar[dict[str, str]] = {
        "percent": "kind == 'percent'",
        "amount": "kind == 'amount'",
        "currency": "kind == 'amount'",
    }
    fieldsets = (
        (None, {"fields": ("label", "count")}),
        (gettext_lazy("The codes"), {"fields": ("prefix", "pattern")}),
        (gettext_lazy("The discount"), {"fields": ("kind", "percent", ("amount", "currency"))}),
        (gettext_lazy("How often and until when"), {"fields": (("uses", "quota"), "expires_at")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The codes are out."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.made if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("named", "codes", "begins_with", "created_at") if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        organization = organization_of(request)
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        if change:
            change_batch_quota(organization, obj.pk, form.cleaned_data["quota"], **act)
        else:
            obj.pk = generate_coupons(organization, form.wanted(), **act)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponseRedirect:
        words = ngettext(
            "%(number)s code is made. Download or print it here, now or later.",
            "%(number)s codes are made. Download or print them here, now or later.",
            obj.count,
        )
        messages.success(request, words % {"number": wording.number(obj.count)})
        return HttpResponseRedirect(reverse("admin:coupons_couponbatch_change", args=[obj.pk]))
