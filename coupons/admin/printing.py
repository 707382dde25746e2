"""The print view of a batch or of one coupon, and QR codes as files."""

from __future__ import annotations

import tempfile
import zipfile
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from bookingoffice.accounts.desk import organization_of
from bookingoffice.errors import RuleViolation
from coupons.admin.cards import MOST, cards, languages
from coupons.models import Coupon, CouponBatch
from coupons.qr import content, refuse_unless_address, svg


class PrintsCards:
    """Stands before a ModelAdmin; `printed` answers what is on paper, in the order of making."""

    def printed(self, request: HttpRequest, object_id: UUID) -> tuple[str, Any]:
        raise NotImplementedError

    def get_urls(self) -> list[Any]:
        page: Any = self
        view, name = page.admin_site.admin_view, f"coupons_{page.opts.model_name}"
        mine = [
            path("<uuid:object_id>/print/", view(self.print_view), name=f"{name}_print"),
            path("<uuid:object_id>/qr/", view(self.qr_view), name=f"{name}_qr"),
        ]
        urls: list[Any] = super().get_urls()  # type: ignore[misc]
        return mine + urls

    def print_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        title, coupons = self._chosen(request, object_id)
        organization = organization_of(request)
        first = _number(request.GET.get("from", ""))
        address, fault = _address(request)
        count = coupons.count()
        spoken = languages(organization, request.GET.get("language", ""))
        shown = list(coupons[first - 1 : first - 1 + MOST])
        context = {
            **spoken,
            "title": title,
            "cards": cards(organization, shown, address=address, language=spoken["language"]),
            "address": request.GET.get("address", ""),
            "fault": fault,
            "first": first,
            "last": first + len(shown) - 1,
            "count": count,
            "parts": [(start, min(start + MOST - 1, count)) for start in range(1, count + 1, MOST)],
            "back": reverse(f"admin:coupons_{self.opts.model_name}_change", args=[object_id]),  # type: ignore[attr-defined]
            "files": reverse(f"admin:coupons_{self.opts.model_name}_qr", args=[object_id]),  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "coupons/print.html", context)

    def qr_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse | FileResponse:
        """One picture, or an archive of so many as are on one page of cards."""
        _title, coupons = self._chosen(request, object_id)
        first, (address, _fault) = _number(request.GET.get("from", "")), _address(request)
        codes = list(coupons.values_list("code", flat=True)[first - 1 : first - 1 + MOST])
        if len(codes) == 1:
            disposition = {"Content-Disposition": 'attachment; filename="qr.svg"'}
            return HttpResponse(svg(content(codes[0], address)), content_type="image/svg+xml", headers=disposition)
        return _archive(codes, first, address)

    def _chosen(self, request: HttpRequest, object_id: UUID) -> tuple[str, Any]:
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        return self.printed(request, object_id)


class PrintsOneCoupon(PrintsCards):
    actions_detail = ("print_card",)

    def printed(self, request: HttpRequest, object_id: UUID) -> tuple[str, Any]:
        coupons = Coupon.objects.of(organization_of(request).pk).filter(pk=object_id)
        return _("Card of %(code)s") % {"code": get_object_or_404(coupons).code}, coupons

    @action(description=gettext_lazy("Card and QR code"), icon="qr_code_2")  # type: ignore[operator,arg-type]
    def print_card(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: Any = self
        return HttpResponseRedirect(reverse("admin:coupons_coupon_print", args=[page.row_at(request, object_id).pk]))


class PrintsBatches(PrintsCards):
    def printed(self, request: HttpRequest, object_id: UUID) -> tuple[str, Any]:
        organization_id = organization_of(request).pk
        batch: Any = get_object_or_404(CouponBatch.objects.of(organization_id), pk=object_id)
        kept = Coupon.objects.of(organization_id).filter(batch_id=object_id, deleted_at=None)
        return _("Cards of %(batch)s") % {"batch": str(batch)}, kept.order_by("id")


def _number(text: str) -> int:
    """The first card, from 1."""
    return max(1, min(int(text), 1_000_000)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _address(request: HttpRequest) -> tuple[str, str]:
    """What the QR codes lead to, and what is wrong with what was asked."""
    address = request.GET.get("address", "").strip()
    try:
        refuse_unless_address(address)
    except RuleViolation as refusal:
        return "", refusal.sentence
    return address, ""


def _archive(codes: list[str], first: int, address: str) -> FileResponse:
    """Numbered, because a code may hold what a file's name may not."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, code in enumerate(codes, first):
            plain = "".join(character if character.isalnum() else "-" for character in code)
            archive.writestr(f"{place:06d}-{plain}.svg", svg(content(code, address)))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="qr-codes.zip", content_type="application/zip")
