"""What every command of ours does alike: a refusal of the house leaves as one sentence on stderr and exit code 1."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookingoffice.errors import Malformed, RuleViolation

HALVES = "surrogates not allowed"
"""How Python says that an argument holds bytes of another encoding, which it could keep for the name of a file alone."""


class OfficeCommand(BaseCommand):
    """System checks are `check`'s and `up`'s business: a command answers at once and its stdout can be piped."""

    requires_system_checks = []

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except RuleViolation as violation:
            raise CommandError(refusal_text(violation)) from violation
        except Malformed as malformed:
            raise CommandError("\n".join(fault.message for fault in malformed.faults)) from malformed
        except UnicodeEncodeError as error:
            if error.reason != HALVES:
                raise
            raise CommandError(f"{error.object!r} is no text: the terminal sent bytes that are no UTF-8.") from error


def refusal_text(violation: RuleViolation) -> str:
    return f"{violation.sentence} {violation.hint}" if violation.hint else violation.sentence


def whole(least: int, most: int) -> Callable[[str], int]:
    """The type of an argument."""

    def parse(text: str) -> int:
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        raise ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")

    return parse
