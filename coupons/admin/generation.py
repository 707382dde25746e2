"""Batches of codes: the page that makes one, what it holds, and its codes as a file."""

from __future__ import annotations

import tempfile
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import F
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSplitDateTimeWidget

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.forms import CURRENCIES, MomentField, TenantForm
from bookingoffice.accounts.desk import actor_of, organization_of
from coupons.admin.fields import money_field, number_field, percent_field
from coupons.admin.words import uses_in_words
from coupons.batch_files import batch_csv
from coupons.generation import DEFAULT
from coupons.models import CouponBatch, Kind
from coupons.services.generation import Wanted, change_batch_quota, generate_coupons

KINDS = [(kind.value, kind.label) for kind in (Kind.PERCENT, Kind.AMOUNT)]


class BatchForm(TenantForm):
    """A new batch; of one that is made only the shared limit changes."""

    columns: ClassVar[dict[str, str]] = {"amount_minor": "amount"}

    kind = forms.ChoiceField(label="What each takes off", choices=KINDS, widget=UnfoldAdminSelectWidget())
    percent = percent_field()
    amount = money_field("Amount")
    currency = forms.ChoiceField(choices=CURRENCIES, required=False, label="Currency", widget=UnfoldAdminSelectWidget())
    uses = number_field("Uses of each", "Empty: as often as they like. 1 for codes that are spent once.")
    expires_at = MomentField(required=False, label="Expires", ends=True, widget=UnfoldAdminSplitDateTimeWidget())

    class Meta:
        labels: ClassVar[dict[str, str]] = {"count": "How many codes", "quota": "Uses of all together"}
        help_texts: ClassVar[dict[str, str]] = {
            "label": "What you call this batch, such as “Spring mailing”.",
            "prefix": "Stands before every code as it is: SPRING-",
            "pattern": "# is a digit, ? a letter, * either; the rest stands for itself. A check character is added at the end,"
            " or stands where you write !",
            "quota": "Empty: no limit that they share.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "pattern" in self.fields:
            self.fields["pattern"].initial, self.fields["pattern"].required = DEFAULT, True
            self.fields["currency"].initial = self.organization.currency
            self.fields[
                "expires_at"
            ].help_text = f"By the clock of {self.organization.timezone}; a day alone counts to its end."
        else:
            for name in ("kind", "percent", "amount", "currency", "uses", "expires_at"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        needed = {"percent": "percent", "amount": "amount"}.get(given.get("kind", ""))
        if needed and needed not in self.errors and given.get(needed) is None:
            self.add_error(needed, "Say how much.")
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
class BatchAdmin(TenantAdmin):
    form = BatchForm
    only_save = True
    list_display = ("batch", "codes", "begins_with", "shared", "created_at")
    search_fields = ("label", "prefix")
    ordering = ("-created_at", "-id")
    actions_detail = ("download",)  # type: ignore[assignment]
    conditional_fields: ClassVar[dict[str, str]] = {
        "percent": "kind == 'percent'",
        "amount": "kind == 'amount'",
        "currency": "kind == 'amount'",
    }
    fieldsets = (
        (None, {"fields": ("label", "count")}),
        ("The codes", {"fields": ("prefix", "pattern")}),
        ("The discount", {"fields": ("kind", "percent", ("amount", "currency"))}),
        ("How often and until when", {"fields": (("uses", "quota"), "expires_at")}),
    )
    made = ((None, {"fields": ("named", "codes", "begins_with", "shared", "created_at", "quota")}),)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(used=F("counter__used"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The codes are out."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.made if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("named", "codes", "begins_with", "shared", "created_at") if obj else ()

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
        messages.success(request, f"{obj.count:,} codes are made. Download them here, now or later.")
        return HttpResponseRedirect(reverse("admin:coupons_couponbatch_change", args=[obj.pk]))

    @action(description="Download the codes", icon="download")  # type: ignore[operator]
    def download(self, request: HttpRequest, object_id: str) -> FileResponse:
        """Written to a file first: the answer is sent when the organization's scope has ended."""
        batch = get_object_or_404(self.get_queryset(request), pk=object_id)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        for piece in batch_csv(organization_of(request), batch.pk):
            file.write(piece)
        file.seek(0)
        return FileResponse(
            file, as_attachment=True, filename=f"codes-{batch.pk}.csv", content_type="text/csv; charset=utf-8"
        )

    @column("Batch", ordering="label", header=True)
    def batch(self, batch: CouponBatch) -> list[str]:
        return [batch.label or "Codes", str(batch.pk)]

    @column("Batch")
    def named(self, batch: CouponBatch) -> str:
        return f"{batch.label or 'Codes'} ({batch.pk})"

    @column("Codes", ordering="count")
    def codes(self, batch: CouponBatch) -> str:
        return f"{batch.count:,}"

    @column("Pattern")
    def begins_with(self, batch: CouponBatch) -> str:
        return f"{batch.prefix}{batch.pattern}"

    @column("Uses together")
    def shared(self, batch: Any) -> str:
        return "—" if batch.quota is None else uses_in_words(batch.used or 0, batch.quota)
