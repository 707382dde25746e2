"""Which media type an answer has: the first of the client's list that is produced here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from .errors import unknown_media

Shape = Literal["json", "object", "csv", "text", "xml", "binary"]
CHARSET = "; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Media:
    """`nulls_stripped` leaves out every key whose value is null, at every depth."""

    name: str
    shape: Shape
    nulls_stripped: bool = False

    @property
    def content_type(self) -> str:
        if self.shape == "binary":
            return self.name
        return self.name + CHARSET

    @property
    def is_raw(self) -> bool:
        """The values of one column, joined."""
        return self.shape in ("text", "xml", "binary")


JSON: Final = Media("application/json", "json")
OBJECT: Final = Media("application/vnd.pgrst.object+json", "object")
CSV: Final = Media("text/csv", "csv")
STRIPPED_ARRAY: Final = Media("application/vnd.pgrst.array+json;nulls=stripped", "json", nulls_stripped=True)
STRIPPED_OBJECT: Final = Media("application/vnd.pgrst.object+json;nulls=stripped", "object", nulls_stripped=True)
RAW: Final = {
    "text/plain": Media("text/plain", "text"),
    "text/xml": Media("text/xml", "xml"),
    "application/octet-stream": Media("application/octet-stream", "binary"),
}
PLAIN: Final = {
    "*/*": JSON,
    "application/json": JSON,
    "application/vnd.pgrst.array+json": JSON,
    "application/vnd.pgrst.array": JSON,
    "application/vnd.pgrst.object+json": OBJECT,
    "application/vnd.pgrst.object": OBJECT,
    "text/csv": CSV,
}
STRIPPED: Final = {
    "application/vnd.pgrst.array+json": STRIPPED_ARRAY,
    "application/vnd.pgrst.array": STRIPPED_ARRAY,
    "application/vnd.pgrst.object+json": STRIPPED_OBJECT,
    "application/vnd.pgrst.object": STRIPPED_OBJECT,
}


@dataclass(frozen=True, slots=True)
class _Wish:
    name: str
    parameters: frozenset[str]
    quality: float
    precision: int


def negotiate(accept: str | None, *, reading: bool = True) -> Media:
    """The answer's type for an `Accept` header; None is a request without one. The raw types are for reads only.
    Raises PGRST107 where nothing asked for is known."""
    if accept is None:
        return JSON
    wishes = sorted(_wishes(accept), key=lambda wish: (wish.quality, wish.precision), reverse=True)
    for wish in wishes:
        if media := _produced(wish, reading=reading):
            return media
    raise unknown_media([wish.name for wish in wishes])


def _produced(wish: _Wish, *, reading: bool) -> Media | None:
    if "nulls=stripped" in wish.parameters and wish.name in STRIPPED:
        return STRIPPED[wish.name]
    return PLAIN.get(wish.name) or (RAW.get(wish.name) if reading else None)


def _wishes(accept: str) -> list[_Wish]:
    """Equal qualities go by precision as in PostgREST v11.1: parameters raise it, stars lower it."""
    return [_wish(entry) for entry in accept.replace(" ", "").split(",") if entry]


def _wish(entry: str) -> _Wish:
    described, _, rest = entry.partition(";q=")
    name, *parameters = described.split(";")
    precision = described.count(";") - described.count("*")
    stripped = frozenset(word.replace('"', "") for word in (*parameters, *rest.split(";")[1:]))
    return _Wish(name, stripped, _quality(rest), precision)


def _quality(rest: str) -> float:
    """1 where none is given or it is no number."""
    try:
        quality = float(rest.partition(";")[0])
    except ValueError:
        return 1.0
    return quality if 0 <= quality <= 1 else 1.0
