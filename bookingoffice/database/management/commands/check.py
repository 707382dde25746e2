from __future__ import annotations

from typing import Any

from django.core.management.commands.check import Command as CheckCommand


class Command(CheckCommand):
    """Django's `check`, which looks at the database too unless told which ones."""

    help = "Checks the project, and the database's catalogue against the rules that keep organizations apart."

    def handle(self, *app_labels: Any, **options: Any) -> None:
        options["databases"] = options["databases"] or ["default"]
        super().handle(*app_labels, **options)
