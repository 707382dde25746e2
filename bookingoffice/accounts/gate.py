"""Between the password and the desk: the second factor, where there is one or where the organization wants one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from bookingoffice.accounts import two_factor
from bookingoffice.accounts.models import Organization
from bookingoffice.accounts.sessions import note_seen

ALWAYS_OPEN = ("admin:login", "admin:logout", "admin:jsi18n", "choose_language")
CODE_PAGE, SETUP_PAGE = "second_factor", "two_factor_setup"
WHILE_SETTING_UP = (*ALWAYS_OPEN, SETUP_PAGE, "switch_organization")


def detour(request: HttpRequest, organization: Organization | None) -> HttpResponse | None:
    """Where this person has to go first; None for in."""
    device = two_factor.device_of(request.user.pk or 0)
    if device is not None:
        passed = request.session.get(DEVICE_ID_SESSION_KEY) == device.persistent_id
        return None if passed else _sent(request, CODE_PAGE, (*ALWAYS_OPEN, CODE_PAGE))
    if organization is not None and organization.two_factor_required:
        return _sent(request, SETUP_PAGE, WHILE_SETTING_UP)
    return None


def let_through(request: HttpRequest, device: TOTPDevice) -> None:
    """The key of the session changes: what knew it while half logged in knows it no more."""
    request.session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    request.session.cycle_key()
    note_seen(request, timezone.now())


def _sent(request: HttpRequest, page: str, open_pages: tuple[str, ...]) -> HttpResponse | None:
    if request.path in {reverse(name) for name in open_pages}:
        return None
    after = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return HttpResponseRedirect(reverse(page) + after)
