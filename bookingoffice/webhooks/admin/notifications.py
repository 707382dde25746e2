"""What was told to whom and how it was taken; one or many can be sent again."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookingoffice.accounts.admin.acts import Act, WithActs
from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.desk import actor_of, organization_of, role_of
from bookingoffice.webhooks import services
from bookingoffice.webhooks.events import NAMES, PING
from bookingoffice.webhooks.models import Notification, Status, Webhook


class WebhookFilter(admin.SimpleListFilter):
    title = gettext_lazy("webhook")
    parameter_name = "webhook"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        webhooks = Webhook.objects.of(organization_of(request).pk).order_by("created_at")
        return [(str(webhook.pk), str(webhook)) for webhook in webhooks]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(webhook_id=self.value()) if self.value() in known else queryset


class EventFilter(admin.SimpleListFilter):
    title = gettext_lazy("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in (*sorted(NAMES), PING)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(event_type=self.value()) if self.value() else queryset


def _replay(page: NotificationAdmin, request: HttpRequest, note: Notification) -> None:
    act: Any = {"actor": actor_of(request), "moment": timezone.now()}
    services.replay(organization_of(request).pk, [note.pk], **act)
    messages.success(request, _("It is sent again."))


@admin.register(Notification)
class NotificationAdmin(WithActs, TenantAdmin):  # type: ignore[misc]
    readers = writers = OWNERS
    list_display = ("event_type", "about", "state", "tries", "answer", "webhook", "created_at")
    list_filter = ("status", WebhookFilter, EventFilter)
    list_select_related = ("webhook",)
    search_fields = ("event_type", "payload")
    ordering = ("-created_at", "-id")
    actions = ("send_again",)
    fields = readonly_fields = (
        "event_type",
        "about",
        "webhook",
        "state_in_words",
        "tries",
        "created_at",
        "updated_at",
        "next_try",
        "answer",
        "body",
        "sent",
    )
    acts: ClassVar = (
        Act(
            "replay",
            gettext_lazy("Send again"),
            gettext_lazy("Send this notification again?"),
            gettext_lazy("The receiver gets the same bytes with the same id once more."),
            _replay,
            dangerous=False,
        ),
    )

    class Media:
        css: ClassVar = {"all": ("webhooks/desk.css",)}

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Nothing on the page can be changed; what may be done stands above it."""
        context |= dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Whoever sends the page's form all the same changes nothing."""

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return role_of(request) in OWNERS

    @admin.action(description=gettext_lazy("Send again"), permissions=["send_again"])
    def send_again(self, request: HttpRequest, queryset: Any) -> None:
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        number = services.replay(organization_of(request).pk, list(queryset.values_list("pk", flat=True)), **act)
        sentence = ngettext("%(number)s is sent again.", "%(number)s are sent again.", number)
        messages.success(request, sentence % {"number": number})

    @column(gettext_lazy("State"), ordering="status", label={"pending": "info", "sent": "success", "error": "danger"})
    def state(self, note: Notification) -> tuple[str, str]:
        return note.status, self.state_in_words(note)

    @column(gettext_lazy("State"))
    def state_in_words(self, note: Notification) -> str:
        if note.status == Status.PENDING and note.tries:
            return _("Tried, not taken yet")
        return str(note.get_status_display())

    @column(gettext_lazy("About"))
    def about(self, note: Notification) -> str:
        """A code or a name where the row has one."""
        row = note.payload.get("new") or note.payload.get("old") or {}
        return str(row.get("code") or _default_of(row.get("name")) or "—")

    @column(gettext_lazy("Answer"))
    def answer(self, note: Notification) -> str:
        if not note.response:
            return "—"
        status = note.response.get("status")
        return _("Status %(status)s") % {"status": status} if status else str(note.response.get("error"))

    @column(gettext_lazy("Next try"))
    def next_try(self, note: Notification) -> Any:
        return note.due_at if note.status == Status.PENDING else None

    @column(gettext_lazy("Text of the answer"))
    def body(self, note: Notification) -> str:
        return _code((note.response or {}).get("body") or "—")

    @column(gettext_lazy("What is sent"))
    def sent(self, note: Notification) -> str:
        return _code(json.dumps(note.payload, indent=2, ensure_ascii=False))


def _default_of(name: Any) -> Any:
    """Of a name in several languages; a plan's is plain text."""
    return name.get("default") if isinstance(name, dict) else name


def _code(text: str) -> str:
    return format_html('<pre class="webhook-json" tabindex="0">{}</pre>', text)
