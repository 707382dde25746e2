"""Codes as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget


class CodeForm(forms.Form):
    """Of the app."""

    code = forms.CharField(
        max_length=12,
        label=_("Code"),
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace(" ", "")


class SecondFactorForm(CodeForm):
    """Of the app, or of those on paper."""

    recovery_code = forms.CharField(
        max_length=20,
        required=False,
        label=_("Recovery code"),
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        cleaned["typed"] = cleaned.get("code") or cleaned.get("recovery_code") or ""
        if not cleaned["typed"] and not self.errors:
            self.add_error("code", _("Type the code that the app shows, or one of your recovery codes."))
        return cleaned

    @property
    def on_paper(self) -> bool:
        """Whether the field for codes on paper is to be seen at once."""
        return bool(self.data.get("recovery_code"))
