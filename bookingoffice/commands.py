"""What every command of ours does alike: a refusal of the house leaves as one sentence on stderr and exit code 1."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookingoffice.errors import Malformed, RuleViolation


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


def refusal_text(violation: RuleViolation) -> str:
    return f"{violation.sentence} {violation.hint}" if violation.hint else violation.sentence
