"""The log-in page."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.forms import AuthenticationForm

from bookingoffice.accounts.lockout import locked_out, minutes_left
from bookingoffice.accounts.sessions import note_seen


class LogInForm(AuthenticationForm):
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "This user name and password do not go together. Upper and lower case matter. "
            "An owner of your organization can give you a link to set a new password."
        ),
    }

    def get_invalid_login_error(self) -> ValidationError:
        request = self.request
        if request is None or not locked_out(request):
            error: ValidationError = super().get_invalid_login_error()
            return error
        minutes = minutes_left(request, self.cleaned_data["username"])
        request.retry_after = minutes * 60  # type: ignore[attr-defined]
        sentence = ngettext(
            "Too many log-ins have failed from where you are. You can try again in %(minutes)s minute.",
            "Too many log-ins have failed from where you are. You can try again in %(minutes)s minutes.",
            minutes,
        )
        return ValidationError(sentence % {"minutes": minutes}, code="locked_out")


def log_in(request: HttpRequest) -> HttpResponse:
    """The admin's own page; who has to wait is told so by the status too."""
    response = admin.site.login(request)
    if request.user.is_authenticated:
        note_seen(request, timezone.now())
    if seconds := getattr(request, "retry_after", 0):
        response.status_code = 429
        response["Retry-After"] = str(seconds)
    return response
