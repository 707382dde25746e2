"""The page of a link that an owner made for somebody who forgot a password."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookingoffice.accounts.entrance.forms import NewPasswordForm
from bookingoffice.accounts.entrance.pages import entrance, page
from bookingoffice.accounts.passwords import Secret, person_of, set_password


@entrance
def new_password(request: HttpRequest, user: str, token: str) -> HttpResponse:
    title = _("Choose a new password")
    person = person_of(Secret(user, token))
    if person is None:
        sentence = _("This link does not work any more: it was used, or it is older than a day. Ask for a new one.")
        return page(request, "entrance/closed.html", 410, title=title, sentence=sentence)
    form = NewPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_password(person, form.cleaned_data["password"], moment=timezone.now())
        messages.success(request, _("The password is set. Log in with it."))
        return HttpResponseRedirect(reverse("admin:login"))
    return page(request, "entrance/new_password.html", title=title, form=form, person=person)
