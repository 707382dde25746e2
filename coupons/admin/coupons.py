"""The list of coupons and the page of one. Every write is the same service call as the API's."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.datafiles.admin.door import WithFiles
from bookingoffice.errors import RuleViolation
from coupons import services
from coupons.admin.editor import CouponEditor
from coupons.admin.list_acts import ActsOnCoupons
from coupons.admin.lists import ListOfCoupons
from coupons.admin.page import CouponPage
from coupons.admin.printing import PrintsOneCoupon
from coupons.files import CouponSheet
from coupons.models import Coupon


@admin.register(Coupon)
class CouponAdmin(WithFiles, ListOfCoupons, ActsOnCoupons, PrintsOneCoupon, CouponEditor, CouponPage, TenantAdmin):  # type: ignore[misc]
    sheet = CouponSheet()
    actions_list = ("generate_codes", "import_file", "export_file")  # type: ignore[assignment]

    # -- rows

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("fts", "metadata")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The page of one counts its uses; the list asks for its own page of them."""
        with suppress(ValidationError):
            key = self.opts.pk.to_python(object_id)
            rows = self.get_queryset(request).defer(None).defer("fts")
            return rows.with_state(timezone.now()).filter(pk=key).first()
        return None

    # -- writing

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        try:
            services.delete_coupons(organization_of(request), ids, **act)
        except RuleViolation as refusal:
            advice = _("Its history has to stay: archive it, or mark it as deleted with the action of the list.")
            raise RuleViolation(refusal.code, f"{refusal.sentence} {advice}") from refusal

    @action(description=_("Generate codes"), icon="qr_code_2", permissions=["add"])  # type: ignore[operator,arg-type]
    def generate_codes(self, request: HttpRequest) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:coupons_couponbatch_add"))
