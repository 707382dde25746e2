"""The second factor of a log-in: codes of an app, and codes on paper for the day the phone is lost."""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from bookingoffice.accounts.deeds import note_of_person
from bookingoffice.accounts.sessions import end_sessions
from bookingoffice.audit.actors import Actor
from bookingoffice.errors import RuleViolation

RECOVERY_CODES = 10
RECOVERY_BYTES = 7  # 56 bits, written with eleven letters and digits
MOST_FAILURES = 9  # each doubles the wait, from a second: at most some four minutes
KEY_BYTES = 20
KEPT_DIGITS = 16  # of a recovery code's digest, what the table has room for


def new_key() -> str:
    return str(random_hex(KEY_BYTES))


def device_of(user_id: int) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user_id=user_id, confirmed=True).order_by("pk").first()


def turn_on(user: User, key: str, code: str, *, moment: datetime) -> list[str]:
    """With the first code of the app that was given the key. Answers the recovery codes, which nobody can show again."""
    device = TOTPDevice(user=user, name="app", key=key, confirmed=True)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = moment.timestamp()
    if not (code.isascii() and code.isdigit() and totp.verify(int(code), device.tolerance)):
        raise RuleViolation("wrong_code", _("This is not the code of the app. Wait for the next one."), field="code")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        _forget(user)
        device.last_t = totp.t()  # the code that turned it on opens nothing
        device.save()
        codes = _new_codes(user)
        note_of_person(user, "two_factor_on", actor=Actor.staff(user), moment=moment)
    return codes


@transaction.atomic
def renew_recovery_codes(user: User, *, moment: datetime) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    note_of_person(user, "recovery_codes_renewed", actor=Actor.staff(user), moment=moment)
    return _new_codes(user)


@transaction.atomic
def turn_off(user: User, *, moment: datetime) -> None:
    _forget(user)
    note_of_person(user, "two_factor_off", actor=Actor.staff(user), moment=moment)


@transaction.atomic
def reset(user: User, *, actor: Actor, moment: datetime) -> bool:
    """For a lost phone. All log-ins end: who has the phone may have one. Whether it was on."""
    was_on = device_of(user.pk) is not None
    _forget(user)
    if was_on:
        end_sessions(user.pk)
        note_of_person(user, "two_factor_reset", actor=actor, moment=moment)
    return was_on


def recovery_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def check_code(user: User, code: str) -> TOTPDevice:
    """The app's code or one of those on paper, which is then used up. Refuses `wrong_code` and `wait`."""
    typed = code.replace(" ", "").replace("-", "").lower()
    refusal: RuleViolation | None = None
    with transaction.atomic():
        app = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).order_by("pk").first()
        if app is None:
            raise RuleViolation("two_factor_is_off", _("Two-factor log-in is not turned on."))
        digits = typed.isascii() and typed.isdigit() and len(typed) == app.digits
        paper = None if digits else StaticDevice.objects.select_for_update().filter(user=user).first()
        refusal = _refused(app if digits else paper, typed if digits else _kept(user, typed))
    if refusal:
        raise refusal
    return app


def _refused(device: TOTPDevice | StaticDevice | None, token: str) -> RuleViolation | None:
    """Answered and not raised, so that the failure stays counted."""
    wrong = RuleViolation("wrong_code", _("This code is not right. Each code works once."), field="code")
    if device is None:
        return wrong
    allowed, why = device.verify_is_allowed()
    if not allowed:
        return _wait(why)
    if device.verify_token(token):
        return None
    if device.throttling_failure_count > MOST_FAILURES:
        device.throttling_failure_count = (
            MOST_FAILURES  # whoever knows the password must not shut its owner out for good
        )
        device.save(update_fields=["throttling_failure_count"])
    return wrong


def _wait(why: dict[str, object] | None) -> RuleViolation:
    until = (why or {}).get("locked_until")
    left = until - datetime.now(until.tzinfo) if isinstance(until, datetime) else timedelta(seconds=1)
    seconds = max(1, round(left.total_seconds()))
    sentence = ngettext(
        "A wrong code was typed just now. Try again in %(seconds)s second.",
        "A wrong code was typed just now. Try again in %(seconds)s seconds.",
        seconds,
    )
    return RuleViolation("wait", sentence % {"seconds": seconds}, field="code")


def _new_codes(user: User) -> list[str]:
    device = StaticDevice.objects.create(user=user, name="paper", confirmed=True)
    codes = [b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().rstrip("=").lower() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_kept(user, code)) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _kept(user: User, code: str) -> str:
    """Keyed with what is not in the database, so that a copy of it opens nothing."""
    return salted_hmac("recovery code", f"{user.pk}:{code}", algorithm="sha256").hexdigest()[:KEPT_DIGITS]


def _forget(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
