"""The shapes of heads that came last, with a shortcut for each that came again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from bookingoffice.chunked import Application
from bookingoffice.front import LONGEST_AT_ONCE
from bookingoffice.postgrest.views.parting import Parted, part
from bookingoffice.serving.porch.environs import bodiless
from bookingoffice.shortcuts import Shortcut

MOST: Final = 512
LONGEST: Final = 4096  # characters of a head
Shape = tuple[str, bytes, str, tuple[tuple[str, str], ...]]
"""Path, shape of the query, address of the caller, headers."""


class Repeat(NamedTuple):
    application: Application
    environ: Callable[[], dict[str, Any]]


class Repeats:
    """Of a shape that came once nothing is kept but itself: most never come again."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._kept: OrderedDict[Shape, Shortcut | None] = OrderedDict()

    def of(self, scope: Any) -> Repeat | None:
        query: str = scope.query_string
        if len(query) > LONGEST_AT_ONCE or not query.isascii():
            return None
        parted = _parted(query)
        shape: Shape = (scope.path, parted.shape, scope.client.rpartition(":")[0], tuple(scope.headers.items()))
        known = self._known(shape, scope)
        return Repeat(known, partial(known.environ, query, parted)) if known else None

    def _known(self, shape: Shape, scope: Any) -> Shortcut | None:
        known = self._kept.get(shape)
        if known is not None:
            self._kept.move_to_end(shape)
            return known
        if shape in self._kept:
            return self._again(shape, scope)
        self._came_once(shape)
        return None

    def _came_once(self, shape: Shape) -> None:
        path, query, _, headers = shape
        if len(path) + len(query) + sum(len(name) + len(value) for name, value in headers) <= LONGEST:
            self._kept[shape] = None
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def _again(self, shape: Shape, scope: Any) -> Shortcut | None:
        """One that has no shortcut now may have one another time."""
        known = self._kept[shape] = Shortcut.of(self._application, bodiless(scope))
        if known is None:
            del self._kept[shape]
        return known


@lru_cache(maxsize=1024)
def _parted(query: str) -> Parted:
    return part(query.encode())
