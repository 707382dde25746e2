"""What every answer forbids a browser. A page that needs more says so itself, in a header of its own, which then stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

POLICY: Final = "Content-Security-Policy"
_FRAME: Final = "; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
DATA: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""Nothing is to be made of it: JSON, CSV, calendars, refusals."""
FILES: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""Style sheets, scripts and pictures by themselves; a drawing may style itself."""
PAGES: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'" + _FRAME
)
ADMIN: Final = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'" + _FRAME
)
"""The theme's Alpine makes functions of the texts in its attributes, and styles elements in place; no script stands in a page."""

FEATURES: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope",
        "hid", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", 
        "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip
ALWAYS: Final = (("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "same-origin"))
ON_PAGES: Final = (("Permissions-Policy", FEATURES), ("Cross-Origin-Opener-Policy", "same-origin"))


class Dressed:
    """Adds what is missing and changes nothing that is there."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            return start_response(status, headers + missing(path, headers), *rest)

        return self.application(environ, start)


def missing(path: str, headers: Headers) -> Headers:
    present = dict(headers)
    return [pair for pair in worn(path, present.get("Content-Type", "")) if pair[0] not in present]


def worn(path: str, content_type: str) -> tuple[tuple[str, str], ...]:
    if path.startswith("/static/"):
        return _FILES
    if not content_type.startswith("text/html"):
        return _DATA
    return _ADMIN if path.startswith("/admin/") else _PAGES


_DATA: Final = ((POLICY, DATA), *ALWAYS)
_FILES: Final = ((POLICY, FILES), *ALWAYS)
_PAGES: Final = ((POLICY, PAGES), *ALWAYS, *ON_PAGES)
_ADMIN: Final = ((POLICY, ADMIN), *ALWAYS, *ON_PAGES)
