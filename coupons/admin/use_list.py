"""The ledger as a list: which coupon on which booking, for whom, how much, and whether it still is."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.paging import HouseChangeList
from bookingoffice.accounts.desk import organization_of
from coupons.admin import use_filters as filters
from coupons.admin.dates import MadeFilter
from coupons.admin.narrowing import furnished
from coupons.admin.two_lines import two_lines
from coupons.admin.use_words import amount_in_words, customer_in_words, state_in_words, stay_in_words
from coupons.models import CouponUse

COLOURS: Final = {"redeemed": "success", "reserved": "info", "lapsed": "warning"}
OFFERED: Final = ("coupon", "batch", "currency", "from", "until")


class UseList(HouseChangeList):
    """Draws its filters above the list, where they need no script."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.has_filters = False

    @property
    def counted(self) -> str:
        """A noun beside a number does not do in every language."""
        words = ngettext("%(number)s coupon use", "%(number)s coupon uses", self.result_count)
        return words % {"number": self.result_count}


class ListOfUses:
    """Stands before a ModelAdmin."""

    list_display = ("coupon_code", "on_booking", "customer", "amount", "state_badge", "created_at")
    list_filter = (
        filters.UseStateFilter,
        filters.CouponFilter,
        filters.UseBatchFilter,
        filters.CurrencyFilter,
        filters.FromFilter,
        filters.UntilFilter,
        MadeFilter,
    )
    list_select_related = ("coupon", "booking")
    search_fields = ("coupon__code", "booking__reference")
    search_help_text = _("Coupon code in any spelling, booking or guest")
    ordering = ("-created_at", "-id")
    list_before_template = "coupons/uses_before.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return UseList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        return (filters.searched(organization_of(request), queryset, term) if term else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        page: Any = super()
        return furnished(request, page.changelist_view(request, extra_context), drawn=OFFERED, table="coupon_uses")

    @column(_("Coupon"))
    def coupon_code(self, use: CouponUse) -> str:
        return str(use.coupon)

    @column(_("Booking"))
    def on_booking(self, use: Any) -> str:
        return two_lines(str(use.booking), stay_in_words(use.booking))

    @column(_("Customer"))
    def customer(self, use: CouponUse) -> str:
        return customer_in_words(use.customer_key)

    @column(_("Amount"))
    def amount(self, use: CouponUse) -> str:
        return amount_in_words(use.amount_minor, use.currency)

    @column(_("State"), label=COLOURS)
    def state_badge(self, use: CouponUse) -> tuple[str, str]:
        return state_in_words(use, timezone.now())
