"""The list of coupons: what its rows tell, what narrows it, and how it is searched. Uses are counted for the page alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.paging import HouseChangeList
from bookingoffice.accounts.desk import organization_of
from coupons.admin import filters
from coupons.admin.dates import MadeFilter
from coupons.admin.narrowing import furnished
from coupons.admin.quota import uses_bar
from coupons.admin.spelling import holds_code
from coupons.admin.two_lines import two_lines
from coupons.admin.words import value_in_words
from coupons.models import Coupon
from coupons.models.coupon import State
from coupons.standing import live_uses
from coupons.wording import beginning, ending

STATE_COLOURS: Final[Mapping[str, str]] = {
    State.ACTIVE: "success",
    State.SCHEDULED: "info",
    State.EXHAUSTED: "warning",
    State.EXPIRED: "warning",
    State.ARCHIVED: "default",  # of a state that is not here its name for machines would be shown
    State.DELETED: "danger",
}
OFFERED: Final = ("expiring", "uses", "kind", "scope", "product", "season", "batch")
"""Filters that are drawn as choices; the state is drawn as links."""


class CouponList(HouseChangeList):
    """Draws its filters above the list, where they need no script."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.has_filters = False
        self.result_list: Any = list(self.result_list)
        moment = timezone.now()
        counted = live_uses(organization_of(request).pk, [coupon.pk for coupon in self.result_list], moment)
        for coupon in self.result_list:
            coupon.live_uses = counted[coupon.pk]
            coupon.state = coupon.state_at(moment, live_uses=coupon.live_uses)

    def get_ordering(self, request: HttpRequest, queryset: Any) -> Any:
        """What expires is shown soonest first, unless a column was chosen."""
        if request.GET.get("expiring") in ("week", "month", "next_month") and "o" not in self.params:
            return ["expires_at", "-id"]
        return super().get_ordering(request, queryset)


class ListOfCoupons:
    """Stands before a ModelAdmin."""

    list_display = ("coupon", "value", "state_badge", "uses", "scope", "valid", "made")
    list_filter = (
        filters.StateFilter,
        filters.ExpiringFilter,
        filters.UsesFilter,
        filters.KindFilter,
        filters.ScopeFilter,
        filters.ProductFilter,
        filters.SeasonFilter,
        filters.BatchFilter,
        MadeFilter,
    )
    search_fields = ("code", "name")
    search_help_text = gettext_lazy("Code in any spelling, or name")
    ordering = ("-created_at", "-id")
    list_before_template = "coupons/list_before.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return CouponList

    def search_condition(self, term: str) -> Q:
        """A code or a part of it is found in any spelling, as the database compares codes; a name by a part of it."""
        return Q(name__icontains=term) | holds_code(term)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        page: Any = super()
        return furnished(request, page.changelist_view(request, extra_context), drawn=OFFERED, table="coupons")

    @column(gettext_lazy("Coupon"), ordering="code")
    def coupon(self, coupon: Coupon) -> str:
        return two_lines(coupon.code, coupon.name if coupon.name != coupon.code else "")

    @column(gettext_lazy("Takes off"))
    def value(self, coupon: Coupon) -> str:
        return value_in_words(coupon)

    @column(gettext_lazy("State"), label=STATE_COLOURS)
    def state_badge(self, coupon: Any) -> tuple[str, str]:
        return coupon.state, str(State(coupon.state).label)

    @column(gettext_lazy("Uses"))
    def uses(self, coupon: Any) -> str:
        return uses_bar(coupon.live_uses, coupon.quota)

    @column(gettext_lazy("Valid"), ordering="expires_at")
    def valid(self, coupon: Coupon) -> str:
        zone = timezone.get_current_timezone()
        first = coupon.valid_from and beginning(coupon.valid_from, zone)
        last = coupon.expires_at and ending(coupon.expires_at, zone)
        if first and last:
            return f"{first} – {last}"
        if last:
            return _("until %(day)s") % {"day": last}
        return _("from %(day)s") % {"day": first} if first else _("always")

    @column(gettext_lazy("Made"), ordering="created_at")
    def made(self, coupon: Coupon) -> str:
        return day(coupon.created_at)


def day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
