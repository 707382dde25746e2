"""The head of a request as WSGI has it, out of what the web server read."""

from __future__ import annotations

import sys
from functools import lru_cache
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from bookingoffice.serving.porch.asgi import Scope

BASE: Final[dict[str, Any]] = {
    "SCRIPT_NAME": "",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}
"""Nothing of the process's own environment, in which an `HTTP_PROXY` would pass for a header."""

LONGEST: Final = 256  # bytes of a header's name


def environ_of(scope: Scope) -> dict[str, Any]:
    """Without `wsgi.input`, which comes with the body. WSGI writes each byte as one character."""
    environ = BASE.copy()
    environ["REQUEST_METHOD"] = scope["method"]
    environ["PATH_INFO"] = unquote_to_bytes(scope["raw_path"]).decode("latin-1")
    environ["QUERY_STRING"] = scope["query_string"].decode("latin-1")
    environ["REMOTE_ADDR"], _ = scope["client"] or ("", 0)
    environ["SERVER_NAME"], environ["SERVER_PORT"] = _place(*scope["server"])
    environ["wsgi.url_scheme"] = scope["scheme"]
    for name, value in scope["headers"]:
        key, text = variable(name), value.decode("latin-1")
        if key not in environ:
            environ[key] = text
        elif key:
            environ[key] += (";" if key == "HTTP_COOKIE" else ",") + text
    environ.pop("", None)
    return environ


def bodiless(environ: dict[str, Any]) -> dict[str, Any]:
    """A copy for one who may write into it."""
    return environ | {"wsgi.input": BytesIO()}


def variable(name: bytes) -> str:
    """Nothing for a name with an underscore, which would pass for the header that a proxy wrote with a hyphen, nor for one that is
    longer than any we know: names that are remembered would fill the memory."""
    return _remembered(name) if len(name) <= LONGEST else ""


@lru_cache(maxsize=1024)
def _remembered(name: bytes) -> str:
    if b"_" in name:
        return ""
    written = name.decode("latin-1").upper().replace("-", "_")
    return written if written in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{written}"


def _place(host: str, port: int) -> tuple[str, str]:
    """As an address names it."""
    return f"[{host}]" if ":" in host else host, str(port)
