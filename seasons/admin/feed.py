"""The calendar feed's address: shown, made, and renewed after one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.errors import RuleViolation
from seasons.feed_addresses import ensure_feed, feed_secret, renew_feed


@dataclass(frozen=True)
class FeedShown:
    """`subscription` opens a calendar program; `trouble` is why there is an address that cannot be shown."""

    address: str = ""
    trouble: str = ""

    @property
    def subscription(self) -> str:
        return f"webcal{self.address[self.address.index('://') :]}"


def feed_shown(request: HttpRequest) -> FeedShown:
    try:
        secret = feed_secret(organization_of(request).pk)
    except RuleViolation as refusal:
        return FeedShown(trouble=refusal.sentence)
    return FeedShown(request.build_absolute_uri(reverse("season_feed", args=[secret]))) if secret else FeedShown()


class FeedDesk:
    """Stands before a ModelAdmin."""

    def feed_view(self, request: HttpRequest) -> HttpResponse:
        """GET asks whether to renew; POST makes the address where there is none, and renews it for who was asked."""
        page: Any = self
        if not page.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            _make_ready(request)
            return HttpResponseRedirect(f"{reverse('admin:seasons_season_year')}#season-feed")
        context = {
            **page.admin_site.each_context(request),
            "title": _("Renew the address of the calendar feed?"),
            "opts": page.opts,
        }
        return TemplateResponse(request, "seasons/renew_feed.html", context)


def _make_ready(request: HttpRequest) -> None:
    """A page that is older than the address does not end it unasked."""
    act = renew_feed if "renew" in request.POST else ensure_feed
    try:
        act(organization_of(request), actor=actor_of(request), moment=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The address of the calendar feed is ready."))
