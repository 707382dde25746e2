"""The shapes of heads that came last, with a shortcut for each that came again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple

from bookingoffice.chunked import Application
from bookingoffice.front import LONGEST_AT_ONCE
from bookingoffice.serving.porch.environs import bodiless
from bookingoffice.serving.porch.heads import Head
from bookingoffice.shortcuts import REQUEST_ID, Shortcut

MOST: Final = 512
Shape = tuple[bytes, bytes, str, bytes]
"""Path, shape of the query, address of the caller, headers: the bytes that the parser has read before."""


class Repeat(NamedTuple):
    application: Application
    environ: Callable[[], dict[str, Any]]


class Repeats:
    """Of a shape that came once nothing is kept but itself: most never come again."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._kept: OrderedDict[Shape, Shortcut | None] = OrderedDict()

    def of(self, head: Head, client: str) -> Repeat | None:
        """What the head of a caller at the address `client` has a shortcut to."""
        shape = head.path, head.parted.shape, client, head.rest
        known = self._kept.get(shape)
        if known is None or len(head.query) > LONGEST_AT_ONCE:
            return None
        self._kept.move_to_end(shape)
        return Repeat(known, partial(known.environ, head.query, head.parted, head.request_id))

    def note(self, head: Head, environ: dict[str, Any]) -> None:
        """That it came, and what the parser made of it. One that has no shortcut now may have one another time."""
        shape = head.path, head.parted.shape, environ["REMOTE_ADDR"], head.rest
        if shape not in self._kept:
            self._came_once(shape)
        elif known := Shortcut.of(self._application, _of_any(bodiless(environ))):
            self._kept[shape] = known
        else:
            del self._kept[shape]

    def _came_once(self, shape: Shape) -> None:
        self._kept[shape] = None
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)


def _of_any(environ: dict[str, Any]) -> dict[str, Any]:
    """Without what named this one request."""
    environ.pop(REQUEST_ID, None)
    return environ
