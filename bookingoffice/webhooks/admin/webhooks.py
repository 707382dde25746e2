"""Webhooks: made, tried with a ping, their secret renewed."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.admin.acts import Act, WithActs
from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.webhooks import services
from bookingoffice.webhooks.admin.forms import WebhookForm
from bookingoffice.webhooks.models import Notification, Status, Webhook


def _ping(page: WebhookAdmin, request: HttpRequest, webhook: Webhook) -> HttpResponse:
    services.ping(organization_of(request).pk, webhook.pk, moment=timezone.now())
    messages.success(request, _("A ping is on its way. Look here again in a moment to see how it was taken."))
    return HttpResponseRedirect(notifications_of(webhook.pk))


def _renew(page: WebhookAdmin, request: HttpRequest, webhook: Webhook) -> None:
    act: Any = {"actor": actor_of(request), "moment": timezone.now()}
    services.rotate_secret(organization_of(request).pk, webhook.pk, **act)
    messages.success(request, _("There is a new signing secret. Give it to the receiver now."))


def notifications_of(webhook_id: UUID) -> str:
    return f"{reverse('admin:webhooks_notification_changelist')}?webhook={webhook_id}"


@admin.register(Webhook)
class WebhookAdmin(WithActs, TenantAdmin):  # type: ignore[misc]
    form = WebhookForm
    readers = writers = OWNERS
    only_save = True
    list_display = ("name", "state", "asked_for", "waiting", "given_up", "created_at")
    search_fields = ("description", "endpoint")
    ordering = ("-created_at", "-id")
    actions = None
    fieldsets = ((None, {"fields": ("description", "endpoint")}), (gettext_lazy("Events"), {"fields": ("events",)}))
    changed_fieldsets = (
        (None, {"fields": ("description", "endpoint")}),
        (gettext_lazy("Signature"), {"fields": ("secret", "secret_changed_at")}),
        (gettext_lazy("Events"), {"fields": ("events",)}),
    )
    acts: ClassVar = (
        Act(
            "ping",
            gettext_lazy("Send a ping"),
            gettext_lazy("Send a ping to %(record)s?"),
            gettext_lazy("The receiver gets an event “webhooks.ping” with nothing in it, signed like every other."),
            _ping,
            dangerous=False,
        ),
        Act(
            "renew_secret",
            gettext_lazy("Renew the secret"),
            gettext_lazy("Renew the signing secret of %(record)s?"),
            gettext_lazy(
                "The old one signs nothing from now on. Until the receiver has the new one it will refuse what it is sent,"
                " and be sent it again later."
            ),
            _renew,
        ),
    )

    class Media:
        css: ClassVar = {"all": ("webhooks/desk.css",)}
        js: ClassVar = (Script("bookingoffice/copy.js", defer=True),)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(waiting=_count("pending"), given_up=_count("error"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.changed_fieldsets if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("secret", "secret_changed_at") if obj else ()

    def offers(self, request: HttpRequest, record: Any) -> Any:
        yield _("What it was told"), notifications_of(record.pk)
        yield from super().offers(request, record)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        organization_id = organization_of(request).pk
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        row = {name: form.cleaned_data[name] for name in ("description", "endpoint", "events")}
        if change:
            services.change_webhooks(organization_id, [obj.pk], row, **act)
        else:
            [obj.pk] = services.create_webhooks(organization_id, [{**row, "source": "admin"}], **act)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Its own page, where the secret is."""
        messages.success(request, _("Made. Give the signing secret to the receiver, then send a ping."))
        return HttpResponseRedirect(reverse("admin:webhooks_webhook_change", args=[obj.pk]))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        services.delete_webhooks(organization_of(request).pk, ids, **act)

    @column(gettext_lazy("Webhook"), header=True)
    def name(self, webhook: Webhook) -> list[str]:
        return [str(webhook), webhook.endpoint if webhook.description else ""]

    @column(
        gettext_lazy("State"),
        label={"working": "success", "failing": "danger"},
    )
    def state(self, webhook: Webhook) -> tuple[str, Any]:
        if webhook.failures:
            return "failing", _("Not answering")
        return "working", _("In order")

    @column(gettext_lazy("Events"))
    def asked_for(self, webhook: Webhook) -> int:
        return len(webhook.events)

    @column(gettext_lazy("Waiting"))
    def waiting(self, webhook: Any) -> int:
        return int(webhook.waiting)

    @column(gettext_lazy("Given up"))
    def given_up(self, webhook: Any) -> int:
        return int(webhook.given_up)

    @column(gettext_lazy("Signing secret"))
    def secret(self, webhook: Webhook) -> str:
        return render_to_string("admin/secret.html", {"secret": webhook.signing_secret, "name": "signing-secret"})


def _count(status: str) -> Any:
    """Of the notifications of each webhook, in the same statement."""
    of_it = Notification.objects.filter(
        Q(status=Status(status)), organization_id=OuterRef("organization_id"), webhook_id=OuterRef("id")
    )
    counted = of_it.order_by().values("webhook_id").annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
