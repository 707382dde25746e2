"""API keys: made here and shown once, revoked here, never changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from bookingoffice.accounts import services
from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.forms import TenantForm
from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.accounts.models import DEFAULT_SCOPES, ApiKey, Scope


class ApiKeyForm(TenantForm):
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        initial=list(DEFAULT_SCOPES),
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        label="What it may do",
    )

    class Meta:
        labels = {"expires_at": "Expires"}
        help_texts = {"label": "Which program will use it.", "expires_at": "Leave empty for a key that lasts."}


@admin.register(ApiKey)
class ApiKeyAdmin(TenantAdmin):
    form = ApiKeyForm
    readers = writers = OWNERS
    only_save = True
    fields = ("label", "scopes", "expires_at")
    list_display = ("name", "state", "begins_with", "may", "expires_at", "last_used_at", "created_at")
    search_fields = ("label", "prefix")
    ordering = ("-created_at", "-id")
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("name", "state", "begins_with", "may", "expires_at", "revoked_at", "last_used_at") if obj else ()

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
        context = {**self.admin_site.each_context(request), "title": "Your new API key", "key": obj, "opts": self.opts}
        return TemplateResponse(request, "admin/api_key_made.html", context)

    @admin.action(description="Revoke the chosen keys", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        ids = list(queryset.filter(revoked_at=None).values_list("pk", flat=True))
        for key_id in ids:
            services.revoke_key(organization_of(request).pk, key_id, actor=actor_of(request), moment=timezone.now())
        messages.success(request, f"Revoked: {len(ids)}. Such a key opens nothing any more.")

    @column("Key", ordering="label")
    def name(self, key: ApiKey) -> str:
        return key.label or "API key"

    @column("State", label={"Active": "success", "Expired": "warning", "Revoked": "danger"})
    def state(self, key: ApiKey) -> str:
        if key.revoked_at:
            return "Revoked"
        return "Expired" if key.expires_at and key.expires_at <= timezone.now() else "Active"

    @column("Begins with")
    def begins_with(self, key: ApiKey) -> str:
        return f"{key.prefix}…"

    @column("May")
    def may(self, key: ApiKey) -> str:
        return ", ".join(Scope(scope).label.lower() for scope in key.scopes)
