"""Who works here, and as what. People come in by an invitation."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from bookingoffice.accounts import people, two_factor
from bookingoffice.accounts.admin.acts import Act, WithActs
from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.links import link_shown
from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.deeds import note_of_person
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.accounts.models import Member
from bookingoffice.accounts.passwords import password_secret, refuse_unless_ours
from bookingoffice.accounts.sessions import end_sessions


def _end_sessions(page: Any, request: HttpRequest, member: Member) -> None:
    ended = end_sessions(member.user_id)
    note_of_person(member.user, "sessions_ended", actor=actor_of(request), moment=timezone.now())
    messages.success(
        request, ngettext("%(count)s log-in is ended.", "%(count)s log-ins are ended.", ended) % {"count": ended}
    )


def _password_link(page: Any, request: HttpRequest, member: Member) -> HttpResponse:
    secret = password_secret(organization_of(request).pk, member.pk, actor=actor_of(request), moment=timezone.now())
    return link_shown(
        page,
        request,
        title=gettext("A new password for %(person)s") % {"person": name_of(member)},
        sentence=gettext(
            "Give this link to nobody else. It works once, for a day, and is shown only now. "
            "The old password works until a new one is set."
        ),
        link=request.build_absolute_uri(reverse("new_password", args=secret)),
    )


def _reset_two_factor(page: Any, request: HttpRequest, member: Member) -> None:
    refuse_unless_ours(organization_of(request).pk, member.user)
    two_factor.reset(member.user, actor=actor_of(request), moment=timezone.now())
    messages.success(request, gettext("Two-factor log-in of %(person)s is off.") % {"person": name_of(member)})


def name_of(member: Member) -> str:
    return member.user.get_full_name() or member.user.get_username()


@admin.register(Member)
class MemberAdmin(WithActs, TenantAdmin):  # type: ignore[misc]
    readers = writers = OWNERS
    only_save = True
    list_before_template = "admin/invite.html"  # type: ignore[assignment]  # None is all that the theme says of it
    list_display = ("person", "email", "role", "two_factor", "last_login", "created_at")
    list_select_related = ("user",)
    list_filter = ("role",)
    search_fields = ("user__username", "user__email", "user__first_name", "user__last_name")
    ordering = ("created_at", "id")
    fields = ("person", "email", "two_factor_in_words", "last_login", "role")
    readonly_fields = ("person", "email", "two_factor_in_words", "last_login")
    acts = (
        Act(
            "password_link",
            _("Make a password link"),
            _("Make a link for a new password of %(record)s?"),
            _("For somebody who forgot it. Whoever opens the link chooses the new password; all log-ins end then."),
            _password_link,
            dangerous=False,
        ),
        Act(
            "end_sessions",
            _("End all log-ins"),
            _("End all log-ins of %(record)s?"),
            _("On every computer and phone. With the password the person comes in again."),
            _end_sessions,
        ),
        Act(
            "reset_two_factor",
            _("Reset two-factor log-in"),
            _("Reset two-factor log-in of %(record)s?"),
            _(
                "For a lost phone without recovery codes. Until it is set up again the password alone will do, "
                "so be sure who asks. All log-ins end."
            ),
            _reset_two_factor,
            offered=lambda member: member.has_two_factor,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        devices = TOTPDevice.objects.filter(user_id=OuterRef("user_id"), confirmed=True)
        return super().get_queryset(request).select_related("user").annotate(has_two_factor=Exists(devices))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        people.change_role(
            organization_of(request).pk, obj.pk, role=obj.role, actor=actor_of(request), moment=timezone.now()
        )

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        people.remove_members(
            organization_of(request).pk,
            list(queryset.values_list("pk", flat=True)),
            actor=actor_of(request),
            moment=timezone.now(),
        )

    @column(_("Person"), ordering="user__username")
    def person(self, member: Member) -> str:
        return name_of(member)

    @column(_("Two-factor log-in"), label={"on": "success", "off": "warning"})
    def two_factor(self, member: Any) -> tuple[str, str]:
        return ("on", gettext("On")) if member.has_two_factor else ("off", gettext("Off"))

    @column(_("Two-factor log-in"))
    def two_factor_in_words(self, member: Any) -> str:
        return self.two_factor(member)[1]

    @column(_("E-mail"), ordering="user__email")
    def email(self, member: Member) -> str:
        return member.user.email

    @column(_("Last log-in"), ordering="user__last_login")
    def last_login(self, member: Member) -> Any:
        return member.user.last_login
