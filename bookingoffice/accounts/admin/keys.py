"""API keys: made here and shown once, revoked here, never changed, never forgotten."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from bookingoffice.accounts import services
from bookingoffice.accounts.admin.acts import Act, WithActs
from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.forms import TenantForm
from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.accounts.models import DEFAULT_SCOPES, ApiKey, Scope

WORDS = {
    Scope.READ: gettext_lazy("read everything"),
    Scope.WRITE: gettext_lazy("make, change and delete rows"),
    Scope.WRITE_USES: gettext_lazy("redeem, reserve and release coupons"),
    Scope.UNFILTERED_WRITES: gettext_lazy("change or delete all rows of a table at once, without a filter"),
}


class ApiKeyForm(TenantForm):
    scopes = forms.MultipleChoiceField(
        choices=[(scope.value, words) for scope, words in WORDS.items()],
        initial=list(DEFAULT_SCOPES),
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        label=gettext_lazy("What it may do"),
    )

    class Meta:
        labels = {"label": gettext_lazy("Name"), "expires_at": gettext_lazy("Expires")}
        help_texts = {
            "label": gettext_lazy("Which program will use it."),
            "expires_at": gettext_lazy("Leave empty for a key that lasts."),
        }


def _revoke(page: Any, request: HttpRequest, key: ApiKey) -> None:
    services.revoke_key(organization_of(request).pk, key.pk, actor=actor_of(request), moment=timezone.now())
    messages.success(request, _("%(key)s is revoked and opens nothing any more.") % {"key": key})


@admin.register(ApiKey)
class ApiKeyAdmin(WithActs, TenantAdmin):  # type: ignore[misc]
    form = ApiKeyForm
    readers = writers = OWNERS
    only_save = True
    fields = ("label", "scopes", "expires_at")
    list_display = ("name", "state", "begins_with", "may", "expires", "last_used", "created_at")
    search_fields = ("label", "prefix")
    ordering = ("-created_at", "-id")
    actions = None
    acts = (
        Act(
            "revoke",
            gettext_lazy("Revoke"),
            gettext_lazy("Revoke the key %(record)s?"),
            gettext_lazy(
                "Every program that uses it is refused from the next request on. This cannot be taken back; make a new key instead."
            ),
            _revoke,
            offered=lambda key: key.revoked_at is None,
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        ends = ("expires", "revoked_at", "last_used", "created_at")
        return ("name", "state_in_words", "begins_with", "may", *ends) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_readonly_fields(request, obj) if obj else self.fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in self.fields}
        key, token = services.issue_key(
            organization_of(request).pk, actor=actor_of(request), moment=timezone.now(), **values
        )
        obj.pk, obj.prefix, obj.token = key.pk, key.prefix, token

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The key goes into this one answer and nowhere else: no message, no session, no cache keeps it."""
        words = {"title": _("Your new API key"), "key": obj, "opts": self.opts}
        return TemplateResponse(request, "admin/api_key_made.html", {**self.admin_site.each_context(request), **words})

    @column(gettext_lazy("Key"), ordering="label")
    def name(self, key: ApiKey) -> str:
        return key.label or _("API key")

    @column(gettext_lazy("State"), label={"active": "success", "expired": "warning", "revoked": "danger"})
    def state(self, key: ApiKey) -> tuple[str, str]:
        if key.revoked_at:
            return "revoked", _("Revoked")
        if key.expires_at and key.expires_at <= timezone.now():
            return "expired", _("Expired")
        return "active", _("Active")

    @column(gettext_lazy("State"))
    def state_in_words(self, key: ApiKey) -> str:
        return self.state(key)[1]

    @column(gettext_lazy("Begins with"))
    def begins_with(self, key: ApiKey) -> str:
        return f"{key.prefix}…"

    @column(pgettext_lazy("a key", "May"))
    def may(self, key: ApiKey) -> str:
        return ", ".join(str(WORDS[Scope(scope)]) for scope in key.scopes)

    @column(gettext_lazy("Expires"), ordering="expires_at")
    def expires(self, key: ApiKey) -> Any:
        return key.expires_at or _("Never")

    @column(gettext_lazy("Last used"), ordering="last_used_at")
    def last_used(self, key: ApiKey) -> Any:
        return key.last_used_at or _("Never")
