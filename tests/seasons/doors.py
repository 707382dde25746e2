"""The two doors that answer questions about seasons, asked alike: programs over HTTP, operators on the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import StringIO
from typing import Any
from uuid import UUID

from django.core.management import CommandError, call_command

from bookingoffice.accounts.models import Organization
from bookingoffice.database.scope import tenant_scope
from seasons.management.subcommands.base import Finding
from seasons.writes import create_seasons
from tests.builders import NOON, TESTER, make_key
from tests.contract.bookingmood.conftest import Api


class Refused(Exception):
    """A door's refusal, by its code or, where there is none, by its words."""


def run(organization: Organization, *words: Any) -> str:
    """What `seasons WORDS` prints."""
    out = StringIO()
    call_command("seasons", *map(str, words), "--organization", str(organization.pk), stdout=out)
    return out.getvalue()


class Commands:
    def __init__(self, organization: Organization) -> None:
        self.organization = organization

    def on(self, day: str, lang: str | None = None) -> Any:
        return self._asked("on", day, *(["--lang", lang] if lang is not None else []))

    def dates(self, season_id: UUID, first: str, last: str, *, clip: bool) -> Any:
        return self._asked("dates", season_id, "--from", first, "--to", last, *([] if clip else ["--whole"]))

    def stay(self, check_in: str, check_out: str, unit: str) -> Any:
        return self._asked("stay", check_in, check_out, "--unit", unit)

    def report(self, year: int | None = None) -> Any:
        return self._asked("check", "--allow-gaps", *(["--year", year] if year else []))

    def _asked(self, *words: Any) -> Any:
        try:
            return json.loads(run(self.organization, *words, "--json"))
        except CommandError as error:
            if isinstance(error, Finding) or error.returncode != 2:
                raise
            cause: Any = error.__cause__
            raise Refused(cause.code if cause else str(error)) from error


class Programs:
    def __init__(self, organization: Organization) -> None:
        self.api = Api(make_key(organization))

    def on(self, day: str, lang: str | None = None) -> Any:
        return self._asked("seasons_on", {"day": day, "lang": lang})

    def dates(self, season_id: UUID, first: str, last: str, *, clip: bool) -> Any:
        return self._asked("season_dates", {"season_id": str(season_id), "from": first, "to": last, "clip": clip})

    def stay(self, check_in: str, check_out: str, unit: str) -> Any:
        return self._asked("seasons_for_stay", {"check_in": check_in, "check_out": check_out, "unit": unit})

    def report(self, year: int | None = None) -> Any:
        return self._asked("season_report", {"year": year})

    def _asked(self, function: str, arguments: Mapping[str, Any]) -> Any:
        answer = self.api("POST", f"/rpc/{function}", arguments)
        if answer.status_code != 200:
            raise Refused(answer.json()["code"])
        return answer.json()


def keep(organization: Organization, *rows: Mapping[str, Any]) -> list[UUID]:
    """Seasons as given, named “Season” unless told."""
    with tenant_scope(organization.pk):
        named = [{"name": {"default": "Season"}, **row} for row in rows]
        return create_seasons(organization, named, actor=TESTER, moment=NOON)
