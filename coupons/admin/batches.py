"""The list of batches and the page of one that is made: how many codes, how many uses, what came of it, what to do with it."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.paging import HouseChangeList
from bookingoffice.accounts.desk import organization_of
from coupons import wording
from coupons.admin.exports import attached
from coupons.admin.quota import uses_bar
from coupons.admin.two_lines import two_lines
from coupons.batch_files import batch_csv
from coupons.models import CouponBatch
from coupons.services.statistics import Asked, statistics
from coupons.standing import batch_uses, codes_used


class BatchList(HouseChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        counted = batch_uses(organization_of(request).pk, [batch.pk for batch in self.result_list], timezone.now())
        for batch in self.result_list:
            batch.live_uses = counted[batch.pk]


class MadeBatches:
    """Stands before a ModelAdmin."""

    list_display = ("batch", "codes", "begins_with", "uses", "created_at")
    search_fields = ("label", "prefix")
    search_help_text = gettext_lazy("Name or beginning of the codes")
    ordering = ("-created_at", "-id")
    actions_detail = ("download", "print_cards")
    made = ((None, {"fields": ("named", "codes", "begins_with", "created_at", "quota")}),)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return BatchList

    def get_queryset(self, request: HttpRequest) -> Any:
        page: Any = super()
        return page.get_queryset(request).annotate(used=F("counter__used"))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        page: Any = super()
        if batch := kwargs.get("obj"):
            context |= results_of(request, batch)
        return page.render_change_form(request, context, *args, **kwargs)

    @action(description=gettext_lazy("Download the codes (CSV)"), icon="download")  # type: ignore[operator,arg-type]
    def download(self, request: HttpRequest, object_id: str) -> FileResponse:
        page: Any = self
        batch = page.row_at(request, object_id)
        return attached(batch_csv(organization_of(request), batch.pk), f"codes-{batch.pk}")

    @action(description=gettext_lazy("Cards and QR codes"), icon="print")  # type: ignore[operator,arg-type]
    def print_cards(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: Any = self
        return HttpResponseRedirect(
            reverse("admin:coupons_couponbatch_print", args=[page.row_at(request, object_id).pk])
        )

    @column(gettext_lazy("Batch"), ordering="label")
    def batch(self, batch: CouponBatch) -> str:
        return two_lines(batch.label or _("Codes"), str(batch.pk))

    @column(gettext_lazy("Batch"))
    def named(self, batch: CouponBatch) -> str:
        return f"{batch.label or _('Codes')} ({batch.pk})"

    @column(gettext_lazy("Codes"), ordering="count")
    def codes(self, batch: CouponBatch) -> str:
        return wording.number(batch.count)

    @column(gettext_lazy("Pattern"))
    def begins_with(self, batch: CouponBatch) -> str:
        return f"{batch.prefix}{batch.pattern}"

    @column(gettext_lazy("Uses together"))
    def uses(self, batch: Any) -> str:
        return uses_bar(batch.live_uses, batch.quota)


def results_of(request: HttpRequest, batch: CouponBatch) -> dict[str, Any]:
    """What came of the whole batch, from the ledger."""
    organization, moment = organization_of(request), timezone.now()
    found = statistics(organization, Asked(batch_id=batch.pk, together=True), moment=moment)
    used = sum(one.uses + one.live_holds for one in found)
    lines = [
        {
            "currency": one.currency,
            "uses": wording.number(one.uses),
            "holds": wording.number(one.live_holds),
            "customers": wording.number(one.customers),
            "discount": wording.money(one.discount_minor, one.currency),
            "revenue": wording.money(one.revenue_minor, one.currency),
            "first": one.first_use_at,
            "last": one.last_use_at,
        }
        for one in found
    ]
    return {
        "results": lines,
        "uses_bar": uses_bar(used, batch.quota),
        "codes_used": wording.number(codes_used(organization.pk, batch.pk, moment)),
        "codes_made": wording.number(batch.count),
    }
