"""What the engine reads of an HTTP request: one of Django's, or the plain one that a WSGI environment makes."""

from __future__ import annotations

from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http.request import UnreadablePostError
from django.utils.encoding import escape_uri_path, iri_to_uri


class Request(Protocol):
    """Headers are read from META under their WSGI names, which is what both kinds have without work."""

    META: dict[str, Any]
    path: str

    @property
    def method(self) -> str | None: ...

    @property
    def body(self) -> bytes: ...

    def get_full_path(self) -> str: ...


class PlainRequest:
    """A request of an environment, with nothing parsed that nobody asks for. `path` is decoded and begins with a slash."""

    __slots__ = ("META", "_body", "method", "path")

    def __init__(self, environ: dict[str, Any], path: str) -> None:
        self.META = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path = path
        self._body: bytes | None = None

    @property
    def body(self) -> bytes:
        """Raises what Django's raises: RequestDataTooBig and UnreadablePostError."""
        if self._body is None:
            self._body = self._read()
        return self._body

    @property
    def body_was_read(self) -> bool:
        return self._body is not None

    def get_full_path(self) -> str:
        query = self.META.get("QUERY_STRING")
        return escape_uri_path(self.path) + (f"?{iri_to_uri(query)}" if query else "")

    def _read(self) -> bytes:
        length = self._length()
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if most is not None and length > most:
            raise RequestDataTooBig
        try:
            read: bytes = self.META["wsgi.input"].read(length) if length else b""
        except OSError as error:
            raise UnreadablePostError(*error.args) from error
        return read

    def _length(self) -> int:
        try:
            return max(int(self.META.get("CONTENT_LENGTH") or 0), 0)
        except ValueError:
            return 0
