"""Bodies that come in chunks, without a length: Django reads only as much as Content-Length names, so they are measured here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Measured:
    """Wraps a WSGI application, which accepts at most `most` bytes. Of a longer body one byte more is kept, to be refused."""

    def __init__(self, application: Application, *, most: int) -> None:
        self.application = application
        self.most = most

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked" and not environ.get("CONTENT_LENGTH"):
            self._measure(environ)
        return self.application(environ, start_response)

    def _measure(self, environ: dict[str, Any]) -> None:
        body = environ["wsgi.input"].read(self.most + 1)
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
