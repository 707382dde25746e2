"""Uses that were given back lately, and taking such a release back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookingoffice.accounts.admin.refusals import REFUSALS, sentence_of
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.accounts.models import Organization
from bookingoffice.audit.models import AuditEntry
from bookingoffice.references.models import Booking
from coupons.admin.releasing import ReasonForm
from coupons.admin.use_words import amount_in_words, customer_in_words
from coupons.models import Coupon, CouponUse
from coupons.services.restoring import as_it_was, releases, restore_use

PERIODS: Final = (7, 30, 365)
MOST_SHOWN: Final = 100


@dataclass(frozen=True)
class Released:
    """A release, as the page tells it."""

    id: UUID
    coupon: str
    booking: str
    customer: str
    amount: str
    at: datetime
    who: str
    reason: str
    back: bool
    """Whether it is in the ledger again already."""


def told(organization: Organization, entries: list[AuditEntry]) -> list[Released]:
    """Three look-ups, however many releases."""
    images = [as_it_was(entry) for entry in entries]
    coupons = Coupon.objects.of(organization.pk).filter(pk__in={image["coupon_id"] for image in images})
    bookings = Booking.objects.of(organization.pk).filter(pk__in={image["booking_id"] for image in images})
    codes = {str(key): code for key, code in coupons.values_list("pk", "code")}
    names = {str(booking.pk): str(booking) for booking in bookings.only("id", "organization_id", "reference")}
    uses = (
        CouponUse.objects.of(organization.pk).filter(booking_id__in=list(names)).values_list("coupon_id", "booking_id")
    )
    there = {(str(coupon_id), str(booking_id)) for coupon_id, booking_id in uses}
    return [_told(entry, image, codes, names, there) for entry, image in zip(entries, images, strict=True)]


def _told(
    entry: AuditEntry, image: dict[str, Any], codes: dict[str, str], names: dict[str, str], there: Any
) -> Released:
    coupon_id, booking_id = image["coupon_id"], image["booking_id"]
    return Released(
        entry.pk,
        codes.get(coupon_id, coupon_id),
        names.get(booking_id, booking_id),
        customer_in_words(image.get("customer_key")),
        amount_in_words(image.get("amount_minor"), image.get("currency")),
        entry.created_at,
        entry.actor_label or str(entry.get_actor_kind_display()),
        entry.reason or "",
        (coupon_id, booking_id) in there,
    )


class UndoesReleases:
    """Stands before a ModelAdmin."""

    def get_urls(self) -> list[Any]:
        page: Any = self
        view = page.admin_site.admin_view
        mine = [
            path("released/", view(self.released_view), name="coupons_couponuse_released"),
            path("released/<uuid:entry_id>/", view(self.undo_view), name="coupons_couponuse_undo"),
        ]
        urls: list[Any] = super().get_urls()  # type: ignore[misc]
        return mine + urls

    def released_view(self, request: HttpRequest) -> HttpResponse:
        organization = organization_of(request)
        asked = request.GET.get("days", "")
        days = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
        since = timezone.now() - timedelta(days=days)
        entries = list(releases(organization).filter(created_at__gte=since)[: MOST_SHOWN + 1])
        shown = told(organization, entries[:MOST_SHOWN])
        more = len(entries) > MOST_SHOWN
        context = {"released": shown, "days": days, "periods": PERIODS, "more": more, "most": MOST_SHOWN}
        return self._page(request, "coupons/released.html", _("Released lately"), context)

    def undo_view(self, request: HttpRequest, entry_id: UUID) -> HttpResponse:
        if not self.has_release_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        organization = organization_of(request)
        entry = releases(organization).filter(pk=entry_id).first()
        if entry is None:
            raise Http404
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._undone(request, entry_id, form.cleaned_data["reason"]):
            return HttpResponseRedirect(reverse("admin:coupons_couponuse_changelist"))
        [one] = told(organization, [entry])
        return self._page(request, "coupons/undo.html", _("Undo this release?"), {"one": one, "form": form})

    def _undone(self, request: HttpRequest, entry_id: UUID, reason: str) -> bool:
        act: Any = {"actor": actor_of(request), "moment": timezone.now(), "reason": reason}
        try:
            with transaction.atomic():
                restore_use(organization_of(request), entry_id, **act)
        except REFUSALS as refusal:
            messages.error(request, sentence_of(refusal, {}))
            return False
        messages.success(request, _("The release is undone: the use is in the ledger again, as it was."))
        return True

    def _page(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
        page: Any = self
        if not page.has_view_permission(request):
            raise PermissionDenied
        more = {"title": title, "opts": page.opts, "may_write": page.has_release_permission(request)}
        return TemplateResponse(request, template, {**page.admin_site.each_context(request), **more, **context})
