"""`create_staff USERNAME`: lets a person into the admin of one organization."""

from __future__ import annotations

import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from bookingoffice.accounts.finding import the_organization
from bookingoffice.accounts.models import Organization, Role
from bookingoffice.accounts.people import give_role
from bookingoffice.audit.actors import Actor
from bookingoffice.commands import OfficeCommand
from bookingoffice.database.scope import tenant_scope

PASSWORD_BYTES = 15


class Command(OfficeCommand):
    help = (
        "Gives a person a role in an organization, and a login where there is none yet. A generated password is printed "
        "alone on one line; everything else is said on stderr. Somebody who can log in keeps the password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--organization", metavar="ID", help="needed when there are several")
        parser.add_argument("--role", choices=Role.values, default=Role.EDITOR.value, help="(default: %(default)s)")
        parser.add_argument("--email", default="", help="of a new login")
        parser.add_argument("--password-stdin", action="store_true", help="read the password of a new login from stdin")

    @transaction.atomic
    def handle(
        self,
        *args: Any,
        username: str,
        organization: str | None,
        role: str,
        email: str,
        password_stdin: bool,
        **options: Any,
    ) -> None:
        place = the_organization(organization)
        username = User.normalize_username(username)  # as the log-in page does
        user = User.objects.filter(username=username).first()
        password = None
        if user is None:
            password = sys.stdin.readline().rstrip("\r\n") if password_stdin else secrets.token_urlsafe(PASSWORD_BYTES)
            user = _new_login(username, email, password)
        self._join(user, place, role)
        if password and not password_stdin:
            self.stdout.write(password)

    def _join(self, user: User, place: Organization, role: str) -> None:
        if not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])
        with tenant_scope(place.pk):
            actor = Actor.command("create_staff")
            give_role(place.pk, user, role=role, actor=actor, moment=timezone.now())
        self.stderr.write(f"{user.username} is {role} of {place} ({place.pk}).", str)


def _new_login(username: str, email: str, password: str) -> User:
    user = User(username=username, email=email, is_staff=True)
    try:
        user.clean_fields(exclude=["password"])
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    return user
