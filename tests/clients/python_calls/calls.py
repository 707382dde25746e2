"""A documented call and the data it must bring from the scene's rows.

A call takes a client, sync or async, and the ids of the scene; it is built but not yet executed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

Ids = dict[str, str]


class Call(NamedTuple):
    name: str
    build: Callable[[Any, Ids], Any]
    data: Any


def codes(client: Any) -> Any:
    return client.from_("coupons").select("code")


def coded(*words: str) -> list[dict[str, str]]:
    return [{"code": word} for word in words]


ALL = ("QUIET_WEEK", "LATE_SUMMER", "SPA_DAY", "OLD_OFFER")
