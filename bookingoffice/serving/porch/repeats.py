"""The heads that came last, word for word, with a shortcut for each that came again."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

from bookingoffice.chunked import Application
from bookingoffice.serving.porch.environs import bodiless
from bookingoffice.shortcuts import Shortcut

MOST: Final = 512
LONGEST: Final = 4096  # characters of a head
Head = tuple[str, str, str, tuple[tuple[str, str], ...]]


class Repeats:
    """Of a head that came once nothing is kept but itself: most never come again."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._kept: OrderedDict[Head, Shortcut | None] = OrderedDict()

    def of(self, scope: Any) -> Shortcut | None:
        head: Head = (scope.path, scope.query_string, scope.client.rpartition(":")[0], tuple(scope.headers.items()))
        known = self._kept.get(head)
        if known is not None:
            self._kept.move_to_end(head)
            return known
        if head in self._kept:
            return self._again(head, scope)
        self._came_once(head)
        return None

    def _came_once(self, head: Head) -> None:
        path, query, _, headers = head
        if len(path) + len(query) + sum(len(name) + len(value) for name, value in headers) <= LONGEST:
            self._kept[head] = None
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def _again(self, head: Head, scope: Any) -> Shortcut | None:
        """One that has no shortcut now may have one another time."""
        known = self._kept[head] = Shortcut.of(self._application, bodiless(scope))
        if known is None:
            del self._kept[head]
        return known
