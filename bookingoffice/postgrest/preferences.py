"""The `Prefer` header: what a client would like, and which of it an answer confirms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeVar
from zoneinfo import available_timezones

from .errors import bad_preferences

Resolution = Literal["merge-duplicates", "ignore-duplicates"]
Missing = Literal["default", "null"]
Return = Literal["representation", "minimal", "headers-only"]
Count = Literal["exact", "planned", "estimated"]
Handling = Literal["strict", "lenient"]
Word = TypeVar("Word", bound=str)

RESOLUTIONS: Final[tuple[Resolution, ...]] = ("merge-duplicates", "ignore-duplicates")
MISSING: Final[tuple[Missing, ...]] = ("default", "null")
RETURNS: Final[tuple[Return, ...]] = ("representation", "minimal", "headers-only")
COUNTS: Final[tuple[Count, ...]] = ("exact", "planned", "estimated")
HANDLINGS: Final[tuple[Handling, ...]] = ("strict", "lenient")
KNOWN: Final = frozenset(
    f"{kind}={word}"
    for kind, words in {
        "resolution": RESOLUTIONS,
        "missing": MISSING,
        "return": RETURNS,
        "count": COUNTS,
        "handling": HANDLINGS,
        "tx": ("commit", "rollback"),  # known and not offered
    }.items()
    for word in words
)
MOST_AFFECTED: Final = 2**63 - 1
EARLY_ECHOES: Final = {"POST": ("resolution", "missing"), "PATCH": ("missing",)}
LATER_ECHOES: Final = {
    "GET": ("count", "handling", "timezone"),
    "HEAD": ("count", "handling", "timezone"),
    "POST": ("resolution", "missing", "return", "count", "handling", "timezone"),
    "PATCH": ("missing", "return", "count", "handling", "timezone", "max-affected"),
    "PUT": ("return", "count", "handling", "timezone"),
    "DELETE": ("return", "count", "handling", "timezone", "max-affected"),
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """None where nothing was asked for; `returning` is the `return` preference."""

    resolution: Resolution | None = None
    missing: Missing | None = None
    returning: Return | None = None
    count: Count | None = None
    handling: Handling | None = None
    timezone: str | None = None
    max_affected: int | None = None

    @property
    def affected_limit(self) -> int | None:
        """The most rows a PATCH or DELETE may change; it binds only under `handling=strict`."""
        return self.max_affected if self.handling == "strict" else None

    def applied(self, method: str) -> str | None:
        """The text of `Preference-Applied`, or None. A request that names one of the later preferences (handling,
        timezone, max-affected) is told of all that were applied; any other as in PostgREST v11.1."""
        later = self.handling or self.timezone or self.max_affected is not None
        values = {
            "resolution": self.resolution,
            "missing": self.missing,
            "return": self.returning,
            "count": self.count,
            "handling": self.handling,
            "timezone": self.timezone,
            "max-affected": self.affected_limit,
        }
        kinds = (LATER_ECHOES if later else EARLY_ECHOES).get(method, ())
        return ", ".join(f"{kind}={values[kind]}" for kind in kinds if values[kind] is not None) or None


def parse_preferences(headers: Iterable[str]) -> Preferences:
    """The values of all `Prefer` headers, in order. Raises PGRST122 for an unknown word under `handling=strict`."""
    words = [word.strip() for header in headers for word in header.split(",")]
    preferences = Preferences(
        resolution=_first(words, "resolution", RESOLUTIONS),
        missing=_first(words, "missing", MISSING),
        returning=_first(words, "return", RETURNS),
        count=_first(words, "count", COUNTS),
        handling=_first(words, "handling", HANDLINGS),
        timezone=_timezone(words),
        max_affected=_max_affected(words),
    )
    unknown = [word for word in words if not _is_known(word)]
    if preferences.handling == "strict" and unknown:
        raise bad_preferences(unknown)
    return preferences


def _first(words: list[str], kind: str, values: tuple[Word, ...]) -> Word | None:
    """The first word of the kind that has one of the values."""
    wanted = {f"{kind}={value}": value for value in values}
    return next((wanted[word] for word in words if word in wanted), None)


def _first_value(words: list[str], kind: str) -> str | None:
    prefix = f"{kind}="
    return next((word.removeprefix(prefix) for word in words if word.startswith(prefix)), None)


def _timezone(words: list[str]) -> str | None:
    name = _first_value(words, "timezone")
    return name if name in timezones() else None


def _max_affected(words: list[str]) -> int | None:
    text = _first_value(words, "max-affected") or ""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(MOST_AFFECTED)):
        return None
    return min(int(text), MOST_AFFECTED)


def _is_known(word: str) -> bool:
    if word.startswith("timezone="):
        return word.removeprefix("timezone=") in timezones()
    return not word or word in KNOWN or word.startswith("max-affected=")


@cache
def timezones() -> frozenset[str]:
    """The zone names of this machine, read from disk once; `localtime` is a link that PostgreSQL need not have."""
    return frozenset(available_timezones() - {"localtime"})
