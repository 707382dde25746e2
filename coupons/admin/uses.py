"""Uses are made and given back through the services, each by hand with its reason; nothing else about one can be changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.roles import EDITORS
from bookingoffice.accounts.desk import actor_of, organization_of, role_of
from bookingoffice.errors import RuleViolation
from coupons import services
from coupons.admin.previews import asked, carried_out
from coupons.admin.redeeming import RedeemForm
from coupons.admin.releasing import Release
from coupons.admin.undoing import UndoesReleases
from coupons.admin.use_files import uses_file
from coupons.admin.use_list import ListOfUses
from coupons.admin.use_words import state_in_words, stay_in_words
from coupons.models import CouponUse

OF_THE_BOOKING = frozenset({"already_used_on_booking", "booking_not_found", "not_stackable", "customer_limit_reached"})


@admin.register(CouponUse)
class CouponUseAdmin(ListOfUses, UndoesReleases, TenantAdmin):  # type: ignore[misc]
    form = RedeemForm
    only_save = True
    actions = ("export_csv", "release")
    actions_detail = ("release_one",)  # type: ignore[assignment]
    SHOWN: ClassVar = (
        "coupon", "booking", "stay", "customer", "amount", "state_told", "created_at", "redeemed_at", "expires_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("coupon", "booking").defer("terms")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_release_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return role_of(request) in EDITORS

    # -- the page

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.SHOWN if obj else RedeemForm.FIELDS

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.SHOWN if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        act: Any = {"actor": actor_of(request), "moment": timezone.now(), "reason": form.cleaned_data["reason"]}
        try:
            obj.pk = services.redeem(organization_of(request), obj.coupon_id, obj.booking_id, **act)
        except RuleViolation as refusal:
            field = "booking" if refusal.code in OF_THE_BOOKING else "coupon"
            raise RuleViolation(refusal.code, refusal.sentence, field=field) from refusal

    @column(_("State"))
    def state_told(self, use: CouponUse) -> str:
        return state_in_words(use, timezone.now())[1]

    @column(_("Stay"))
    def stay(self, use: Any) -> str:
        return stay_in_words(use.booking) or "—"

    # -- acts

    @admin.action(description=_("Release: give the uses back"), permissions=["release"])
    def release(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return carried_out(self, request, queryset, Release(request))

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: Any) -> FileResponse:
        return uses_file(organization_of(request), queryset)

    @action(description=_("Release: give it back"), icon="undo", permissions=["release"])  # type: ignore[operator,arg-type]
    def release_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return asked(self, request, Release(request), object_id)
