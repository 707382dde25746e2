"""The head of a request as WSGI has it, out of what the web server read."""

from __future__ import annotations

import sys
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

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


def environ_of(scope: Any) -> dict[str, Any]:
    """Without `wsgi.input`, which comes with the body."""
    environ = BASE.copy()
    environ["REQUEST_METHOD"] = scope.method
    environ["PATH_INFO"] = _bytes_as_text(scope.path)
    environ["QUERY_STRING"] = _bytes_as_text(scope.query_string)
    environ["REMOTE_ADDR"] = scope.client.rpartition(":")[0].strip("[]")
    environ["SERVER_NAME"], _, environ["SERVER_PORT"] = scope.server.rpartition(":")
    environ["wsgi.url_scheme"] = scope.scheme
    for name, value in scope.headers.items():
        key = variable(name)
        if key not in environ:
            environ[key] = value
        elif key:
            environ[key] += (";" if key == "HTTP_COOKIE" else ",") + value
    environ.pop("", None)
    return environ


def bodiless(scope: Any) -> dict[str, Any]:
    return environ_of(scope) | {"wsgi.input": BytesIO()}


@lru_cache(maxsize=1024)
def variable(name: str) -> str:
    """Nothing for a name with an underscore, which would pass for the header that a proxy wrote with a hyphen."""
    if "_" in name:
        return ""
    written = name.upper().replace("-", "_")
    return written if written in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{written}"


def _bytes_as_text(text: str) -> str:
    """WSGI writes each byte as one character."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")
