"""What a person who joins says of themself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

NEW_PASSWORD = {"autocomplete": "new-password"}


class PasswordFields(forms.Form):
    """A new password, typed twice because nobody sees it."""

    password = forms.CharField(
        strip=False, label=_("Password"), widget=UnfoldAdminPasswordWidget(attrs=dict(NEW_PASSWORD))
    )
    again = forms.CharField(
        strip=False, label=_("Password again"), widget=UnfoldAdminPasswordWidget(attrs=dict(NEW_PASSWORD))
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts()[1:2])  # how long

    def person(self) -> User:
        """Whose name and address the password must not resemble."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords are not the same."))
        elif password:
            try:
                validate_password(password, self.person())
            except ValidationError as weak:
                self.add_error("password", weak)
        return cleaned


class NewPasswordForm(PasswordFields):
    def __init__(self, person: User, *args: Any) -> None:
        super().__init__(*args)
        self._person = person

    def person(self) -> User:
        return self._person


class JoinForm(PasswordFields):
    name = forms.CharField(
        max_length=150, label=_("Your name"), widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "name"})
    )
    username = UsernameField(  # which reads it as the log-in page does
        max_length=150,
        label=_("User name"),
        help_text=_("You log in with it. Your e-mail address will do."),
        validators=[User.username_validator],
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    field_order = ("name", "username", "password", "again")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(
                _("This user name is taken. If it is yours, log in with it; else choose another."), code="taken"
            )
        return username

    def person(self, email: str = "") -> User:
        """Not saved yet."""
        cleaned = self.cleaned_data
        return User(username=cleaned.get("username", ""), first_name=cleaned.get("name", ""), email=email)
