"""What the subcommands of `seasons` have alike: where they work, how they answer, and how a season is named."""

from __future__ import annotations

from abc import ABC, abstractmethod
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.core.management.base import CommandError, OutputWrapper

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.database.jsontext import json_text
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from seasons.calendar import Run
from seasons.questions import KeptSeason, kept_seasons, season_not_found

ACTOR = Actor.command("seasons")


class Finding(CommandError):
    """What was looked for was found: exit 1, where every other error exits with 2."""


@dataclass(frozen=True)
class Desk:
    """Whose seasons, in which language, and where answers go."""

    organization: Organization
    lang: str | None
    json: bool
    out: OutputWrapper

    def scope(self) -> AbstractContextManager[None]:
        return tenant_scope(self.organization.pk)

    def tell(self, answer: Any, lines: Iterable[str]) -> None:
        """The answer as JSON, or in words."""
        if self.json:
            self.out.write(json_text(answer))
            return
        for line in lines:
            self.out.write(line)

    def season(self, typed: str) -> KeptSeason:
        """By its id, or by its name in any language if no other season has it. Refuses `season_not_found`, `which_season`."""
        seasons = kept_seasons(self.organization.pk)
        found = [season for season in seasons if season.id == _uuid(typed)] or [
            season for season in seasons if typed.casefold() in map(str.casefold, season.name.values())
        ]
        if not found:
            raise season_not_found(repr(typed))
        if len(found) > 1:
            ids = ", ".join(str(season.id) for season in found)
            raise RuleViolation("which_season", f"{len(found)} seasons have this name; give an id: {ids}.")
        return found[0]


class Subcommand(ABC):
    name: ClassVar[str]
    help: ClassVar[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Besides what all of them take."""
        return

    @abstractmethod
    def run(self, desk: Desk, options: Namespace) -> None:
        """Opens the scope it needs."""


def nights(count: int | None) -> str:
    if count is None:
        return "without end"
    return "1 night" if count == 1 else f"{count} nights"


def run_line(run: Run) -> str:
    return f"{_side(run.first)} to {_side(run.last)}  {nights(run.nights)}"


def _side(day: date | None) -> str:
    return day.isoformat() if day else "…"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
