"""Many callers at one moment, each with a connection of its own, and what they ask for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from bookingoffice.database.scope import tenant_scope
from bookingoffice.idempotency.asking import Asked, fingerprint
from bookingoffice.records import uuid7
from seasons.models import Season
from tests.builders import NOON

LATER = NOON + timedelta(seconds=60)


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of so many threads got, an exception too."""
    start = threading.Barrier(number)

    def caller(place: int) -> Any:
        connections["default"].ensure_connection()
        start.wait()
        try:
            return act(place)
        except Exception as error:
            return error
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(caller, range(number)))


def elsewhere(act: Callable[[], Any]) -> Any:
    """Done by another connection before this one goes on."""
    return at_once(1, lambda _: act())[0]


def make_asked(organization: Any, key: str = "one", body: bytes = b"{}", api_key_id: UUID | None = None) -> Asked:
    api_key_id = api_key_id or UUID(int=1)
    return Asked(organization.pk, api_key_id, key, fingerprint("POST", "/v1/seasons", body))


def add_season(organization: Any, name: str = "Summer") -> None:
    """An effect that nothing but the key keeps from happening twice."""
    with tenant_scope(organization.pk):
        Season.objects.create(id=uuid7(), organization=organization, name={"default": name})


def count_seasons(organization: Any) -> int:
    with tenant_scope(organization.pk):
        return int(Season.objects.count())
