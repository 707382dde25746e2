"""The form of a webhook: where to, and which events, by what they are about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from bookingoffice.accounts.admin.forms import TenantForm
from bookingoffice.accounts.admin.rendering import HouseWidget
from bookingoffice.webhooks import services
from bookingoffice.webhooks.events import GROUPS


def _capitalized(text: object) -> str:
    return str(capfirst(str(text)))


capitalized: Any = lazy(_capitalized, str)


class EventsWidget(HouseWidget, UnfoldAdminCheckboxSelectMultipleWidget):
    template_name = "webhooks/events.html"
    use_fieldset = True


class WebhookForm(TenantForm):
    description = forms.CharField(
        required=False,
        label=_("Name"),
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("What it is for, such as: newsletter, or cash desk."),
    )
    endpoint = forms.CharField(
        label=_("Address"),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "url", "placeholder": "https://example.com/hooks"}),
        help_text=_("Each event is sent there by POST. Redirects are not followed."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=[(title, [(name, capitalized(words)) for name, words in events.items()]) for title, events in GROUPS],
        widget=EventsWidget(),
    )

    def clean(self) -> dict[str, Any]:
        """What the service would refuse is shown beside its field."""
        cleaned: dict[str, Any] = self.cleaned_data
        for fault in services.faults_of(cleaned):
            if fault.field in cleaned and fault.field not in self.errors:
                self.add_error(fault.field, fault.message)
        return cleaned
