"""Who works here, and as what. A person who has no account yet gets one with the invitation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordToggleWidget, UnfoldAdminTextInputWidget

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.forms import TenantForm
from bookingoffice.accounts.admin.roles import OWNERS
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.accounts.models import Member, Role
from bookingoffice.accounts.services import add_member
from bookingoffice.errors import RuleViolation


class InvitationForm(TenantForm):
    """A user name that is known already brings that person in as they are: their password is their own."""

    username = forms.CharField(
        max_length=150,
        label="User name",
        widget=UnfoldAdminTextInputWidget(),
        validators=[User.username_validator],
        help_text="Somebody who has an account already, or the name of a new one.",
    )
    email = forms.EmailField(
        required=False, label="E-mail", widget=UnfoldAdminEmailInputWidget(), help_text="For a new account."
    )
    password = forms.CharField(
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordToggleWidget(attrs={"autocomplete": "new-password"}),
        help_text="For a new account; the person changes it after the first log-in. Without one nobody can log in yet.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        self.person = User.objects.filter(username=cleaned.get("username", "")).first()
        if self.person is None:
            self.person = User(username=cleaned.get("username", ""), email=cleaned.get("email", ""))
            self._check_password(cleaned.get("password"))
        elif cleaned.get("password"):
            self.add_error("password", "This person has an account with a password of their own; leave this empty.")
        elif Member.objects.of(self.organization.pk).filter(user=self.person).exists():
            self.add_error("username", "This person works here already; change the role in the list of members.")
        return cleaned

    def _check_password(self, password: str | None) -> None:
        if password:
            try:
                validate_password(password, self.person)
            except forms.ValidationError as weak:
                self.add_error("password", weak)

    def invited(self) -> User:
        assert self.person is not None
        if self.person.pk is None:
            self.person.set_password(self.cleaned_data["password"] or None)  # None: a password that nothing matches
        self.person.is_staff = True
        self.person.save()
        return self.person


@admin.register(Member)
class MemberAdmin(TenantAdmin):
    readers = writers = OWNERS
    list_display = ("person", "email", "role", "last_login", "created_at")
    list_select_related = ("user",)
    list_filter = ("role",)
    search_fields = ("user__username", "user__email", "user__first_name", "user__last_name")
    ordering = ("created_at", "id")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **{**kwargs, "form": TenantForm if obj else InvitationForm})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("person", "email", "role") if obj else ("username", "email", "password", "role")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("person", "email") if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            if obj.role != Role.OWNER:
                self._refuse_without_owner(request, [obj.pk])
            return super().save_model(request, obj, form, change)
        person = form.invited()
        member = add_member(
            organization_of(request).pk, person, role=obj.role, actor=actor_of(request), moment=timezone.now()
        )
        obj.pk, obj.user = member.pk, person
        return None

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        self._refuse_without_owner(request, queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)

    def _refuse_without_owner(self, request: HttpRequest, leaving: Any) -> None:
        """Locks the owners first: two of them cannot make each other the last one."""
        owners = Member.objects.of(organization_of(request).pk).filter(role=Role.OWNER).select_for_update()
        left = set(owners.order_by("id").values_list("pk", flat=True))
        if left and left <= set(leaving):
            raise RuleViolation("last_owner", "An organization keeps at least one owner.", field="role")

    @column("Person", ordering="user__username")
    def person(self, member: Member) -> str:
        return member.user.get_full_name() or member.user.get_username()

    @column("E-mail", ordering="user__email")
    def email(self, member: Member) -> str:
        return member.user.email

    @column("Last log-in", ordering="user__last_login")
    def last_login(self, member: Member) -> Any:
        return member.user.last_login
