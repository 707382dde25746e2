"""Arguments of the functions about seasons. They are refused in words of their own, not in those of the row grammar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from bookingoffice.errors import RuleViolation
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.functions import Arguments, Function, Parameter
from seasons.questions import LONGEST_ECHO, season_not_found

ORGANIZATION = Parameter("organization_id", "uuid")
FORBIDDEN = "organization_forbidden"


class Verbatim(Parameter):
    """Text of a query string as it came: the function itself says what is wrong with it."""

    def read(self, text: str) -> Any:
        return text


class JudgingFunction(Function):
    """Is called with whatever was given, to refuse by name what it does not know or misses."""

    def fits(self, names: set[str]) -> bool:
        return True


def judging(
    act: Callable[[Caller, Arguments], Any], parameters: Iterable[Parameter]
) -> Callable[[Caller, Arguments], Any]:
    """The act behind its gate: no unknown name, no missing value, no other organization. A null is no value."""
    known = {parameter.name: parameter for parameter in parameters}

    def judged(caller: Caller, given: Arguments) -> Any:
        _refuse_unknown(given, known)
        _refuse_foreign(caller, given.get(ORGANIZATION.name))
        for parameter in known.values():
            if parameter.required and given.get(parameter.name) is None:
                raise RuleViolation("missing_parameter", f"“{parameter.name}” is missing.", field=parameter.name)
        return act(caller, given)

    return judged


def _refuse_unknown(given: Arguments, known: Iterable[str]) -> None:
    for name in given:
        if name not in known:
            hint = f"There are {', '.join(known)}."
            echo = name[:LONGEST_ECHO]
            raise RuleViolation("unknown_parameter", f"“{echo}” is not a parameter here.", field=name, hint=hint)


def _refuse_foreign(caller: Caller, organization_id: object) -> None:
    if organization_id is not None and _uuid(organization_id) != caller.organization_id:
        raise RuleViolation(FORBIDDEN, "The API key belongs to another organization.", field=ORGANIZATION.name)


def season_id_of(given: Arguments) -> UUID:
    """What is no id is nobody's: `season_not_found`."""
    season_id = _uuid(given["season_id"])
    if season_id is None:
        raise season_not_found(given["season_id"])
    return season_id


def lang_of(given: Arguments) -> str | None:
    lang = given.get("lang")
    if lang is not None and not isinstance(lang, str):
        raise Problem(400, "22P02", "invalid input syntax for type text: “lang” is a language tag such as nl-NL")
    return lang


def truth_of(given: Arguments, name: str, default: bool) -> bool:
    """As JSON or as PostgreSQL's words for it."""
    value = given.get(name)
    if value is None or isinstance(value, bool):
        return default if value is None else value
    return bool(Parameter(name, "boolean").read(str(value)))


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
