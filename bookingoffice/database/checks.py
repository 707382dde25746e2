"""System checks over the live database: `manage.py check` holds the catalogue against the rules of tenancy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from bookingoffice.database.catalogue import RULES, offenders


@register(Tags.database)
def check_tenancy(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Every table, key, index and policy that breaks a rule, as the serving role sees them."""
    return list(_broken()) if databases and "default" in databases else []


def _broken() -> Iterator[CheckMessage]:
    for rule in RULES:
        for offender in offenders(rule):
            yield Error(rule.sentence.format(offender=offender), hint=rule.hint, obj=offender, id=rule.id)
