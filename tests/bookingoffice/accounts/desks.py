"""Organizations with staff at their desks, for the tests of every page of the admin."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookingoffice.accounts import services
from bookingoffice.accounts.models import Organization, Role
from bookingoffice.audit.actors import Actor
from bookingoffice.database.scope import tenant_scope
from tests.builders import make_organization

PASSWORD = "a long enough password"
_numbers = count(1)


@dataclass(frozen=True)
class Desk:
    """A logged-in browser of one person in one organization."""

    organization: Organization
    user: User
    client: Client

    def scope(self) -> AbstractContextManager[None]:
        return tenant_scope(self.organization.pk)

    def get(self, page: str, *args: Any, **query: Any) -> Any:
        return self.client.get(reverse(f"admin:{page}", args=args), query)

    def post(self, page: str, *args: Any, **data: Any) -> Any:
        return self.client.post(reverse(f"admin:{page}", args=args), data)

    @property
    def act(self) -> dict[str, Any]:
        return {"actor": Actor.staff(self.user), "moment": timezone.now()}


def make_user(**values: Any) -> User:
    values = {"username": f"person{next(_numbers)}", "is_staff": True, **values}
    return User.objects.create_user(password=PASSWORD, **values)


def make_desk(role: str = Role.OWNER, organization: Organization | None = None, user: User | None = None) -> Desk:
    organization, user = (
        organization or make_organization(f"Business {next(_numbers)}", timezone="Europe/Amsterdam"),
        user or make_user(),
    )
    with tenant_scope(organization.pk):
        services.add_member(organization.pk, user, role=role, actor=Actor.command("test"), moment=timezone.now())
    client = Client()
    client.force_login(user)
    return Desk(organization, user, client)


def errors_of(response: Any) -> dict[str, list[str]]:
    """What the form of a page says beside its fields."""
    assert response.status_code == 200
    form = response.context["adminform"].form
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}
