"""Who works here, and as what. People come in by an invitation."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookingoffice.accounts import people
from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.accounts.models import Member


@admin.register(Member)
class MemberAdmin(TenantAdmin):
    readers = writers = OWNERS
    only_save = True
    list_before_template = "admin/invite.html"
    list_display = ("person", "email", "role", "last_login", "created_at")
    list_select_related = ("user",)
    list_filter = ("role",)
    search_fields = ("user__username", "user__email", "user__first_name", "user__last_name")
    ordering = ("created_at", "id")
    fields = ("person", "email", "role")
    readonly_fields = ("person", "email")

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
        return member.user.get_full_name() or member.user.get_username()

    @column(_("E-mail"), ordering="user__email")
    def email(self, member: Member) -> str:
        return member.user.email

    @column(_("Last log-in"), ordering="user__last_login")
    def last_login(self, member: Member) -> Any:
        return member.user.last_login
