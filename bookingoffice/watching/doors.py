"""Which door and which table a path belongs to, in words of which there are only so many."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Final

BY_PREFIX: Final = (
    ("/v1/coupons/", "hyperline"),
    ("/v1/", "rows"),
    ("/bookingmood/v1/", "rows"),
    ("/hyperline/", "hyperline"),
    ("/fynn/", "fynn"),
    ("/coupons", "fynn"),
    ("/botsubscription/", "botsubscription"),
    ("/v2/projects", "botsubscription"),
    ("/admin/", "admin"),
    ("/static/", "static"),
    ("/ical/", "ical"),
    ("/healthz", "watching"),
    ("/readyz", "watching"),
    ("/metrics", "watching"),
)
LONGEST: Final = 128
"""Letters of an address that tell its door and its table; addresses that are remembered are no longer, however long they came."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Doors:
    """`tables` and `functions` are the row grammar's; whatever else is asked for there is `unknown`."""

    def __init__(self, tables: Collection[str], functions: Collection[str]) -> None:
        self._routes = {*tables, *(f"rpc/{name}" for name in functions)}
        self._remembered = lru_cache(maxsize=4096)(self._of)

    def of(self, path: str) -> tuple[str, str]:
        return self._remembered(path[:LONGEST])

    def _of(self, path: str) -> tuple[str, str]:
        for prefix, door in BY_PREFIX:
            if path.startswith(prefix):
                return door, self._route(path) if door == "rows" else ""
        return "other", ""

    def _route(self, path: str) -> str:
        route = path.partition("/v1/")[2]
        return route if route in self._routes else "unknown" if route else ""


def method_of(word: str) -> str:
    return word if word in METHODS else "other"
