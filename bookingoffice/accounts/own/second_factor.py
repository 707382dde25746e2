"""Turning the second factor on and off, and the page that asks for it after the password."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from bookingoffice.accounts import two_factor
from bookingoffice.accounts.desk import organization_or_none
from bookingoffice.accounts.gate import let_through
from bookingoffice.accounts.own.forms import CodeForm, SecondFactorForm
from bookingoffice.accounts.own.pages import myself, page, wanted_page
from bookingoffice.errors import RuleViolation

KEY_IN_SESSION = "two_factor_key"


def ask_second_factor(request: HttpRequest) -> HttpResponse:
    form = SecondFactorForm(request.POST or None)
    if device := _checked(request, form):
        let_through(request, device)
        return HttpResponseRedirect(wanted_page(request))
    return page(request, "own/second_factor.html", title=_("One more step"), form=form, next=wanted_page(request))


def set_up_two_factor(request: HttpRequest) -> HttpResponse:
    """The key waits in the session until the app has shown that it has it."""
    person = myself(request)
    if two_factor.device_of(person.pk):
        return HttpResponseRedirect(reverse("account"))
    key = request.session.setdefault(KEY_IN_SESSION, two_factor.new_key())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = two_factor.turn_on(person, key, form.cleaned_data["code"], moment=timezone.now())
        except RuleViolation as refusal:
            form.add_error("code", refusal.sentence)
        else:
            del request.session[KEY_IN_SESSION]
            _let_this_session_through(request)
            return _codes_shown(request, codes)
    organization = organization_or_none(request)
    device = TOTPDevice(user=person, key=key)
    return page(
        request,
        "own/two_factor_setup.html",
        title=_("Set up two-factor log-in"),
        form=form,
        address=device.config_url,
        picture=_picture(device.config_url),
        key=_in_fours(device.config_url.partition("secret=")[2].partition("&")[0]),
        required=bool(organization and organization.two_factor_required),
    )


def turn_off_two_factor(request: HttpRequest) -> HttpResponse:
    """A code once more: an unattended desk must not be enough."""
    organization = organization_or_none(request)
    if organization is not None and organization.two_factor_required:
        raise PermissionDenied
    form = SecondFactorForm(request.POST or None)
    if _checked(request, form):
        two_factor.turn_off(myself(request), moment=timezone.now())
        messages.success(request, _("Two-factor log-in is off."))
        return HttpResponseRedirect(reverse("account"))
    return page(request, "own/code_again.html", title=_("Turn off two-factor log-in"), form=form)


def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    form = SecondFactorForm(request.POST or None)
    if _checked(request, form):
        return _codes_shown(request, two_factor.renew_recovery_codes(myself(request), moment=timezone.now()))
    return page(request, "own/code_again.html", title=_("Make new recovery codes"), form=form)


def _checked(request: HttpRequest, form: SecondFactorForm) -> TOTPDevice | None:
    """What was typed is right; if not, the form says why."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return two_factor.check_code(myself(request), form.cleaned_data["typed"])
    except RuleViolation as refusal:
        form.add_error("recovery_code" if form.on_paper else "code", refusal.sentence)
        return None


def _codes_shown(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """They go into this one answer and nowhere else."""
    return page(request, "own/recovery_codes.html", title=_("Your recovery codes"), lines="\n".join(codes))


def _let_this_session_through(request: HttpRequest) -> None:
    device = two_factor.device_of(myself(request).pk)
    assert device is not None
    let_through(request, device)


def _picture(address: str) -> str:
    """A drawing in the page: no request carries the key."""
    drawn = segno.make(address, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - made of squares by our own hand


def _in_fours(key: str) -> str:
    return " ".join(key[place : place + 4] for place in range(0, len(key), 4))
