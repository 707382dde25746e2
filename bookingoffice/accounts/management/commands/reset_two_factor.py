"""`reset_two_factor USERNAME`: for an owner who lost the phone and the codes on paper."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from bookingoffice.accounts import two_factor
from bookingoffice.audit.actors import Actor
from bookingoffice.commands import OfficeCommand
from bookingoffice.errors import RuleViolation


class Command(OfficeCommand):
    help = "Turns a person's two-factor log-in off and ends all their log-ins. The password stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise RuleViolation("user_not_found", f"Nobody here has the user name {username!r}.")
        was_on = two_factor.reset(user, actor=Actor.command("reset_two_factor"), moment=timezone.now())
        self.stdout.write(f"{username}: two-factor log-in is off." if was_on else f"{username}: it was off already.")
