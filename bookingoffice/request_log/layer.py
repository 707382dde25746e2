"""Notes every request of a program that was let in. Who was not let in belongs to nobody, so nobody's log has it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from bookingoffice.accounts.authentication import remembered_caller
from bookingoffice.request_log.recorder import Asked, Recorder

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LONGEST: Final = 2000  # letters of an endpoint or a search


class Logged:
    def __init__(self, application: Application, *, recorder: Recorder) -> None:
        self.application = application
        self.recorder = recorder

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        sent = environ.get("HTTP_AUTHORIZATION")
        if not sent:
            return self.application(environ, start_response)
        heard = "500"

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal heard
            heard = status
            return start_response(status, headers, *rest)

        endpoint, at = environ["PATH_INFO"], time.time()
        parts = self.application(environ, start)
        caller = remembered_caller(sent)
        if caller is not None and caller.api_key_id is not None:
            method, search = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
            asked = (readable(endpoint), method[:32], readable(search), heard < "400")
            self.recorder.add(Asked(caller.organization_id, caller.api_key_id, at, *asked))
        return parts


def readable(text: str) -> str:
    """WSGI's letters are bytes; what is no UTF-8, and NUL, which PostgreSQL keeps in no text, is shown as the sign for that."""
    if not text.isascii():
        text = text.encode("latin-1", "replace").decode("utf-8", "replace")
    return text[:LONGEST].replace("\0", "\ufffd")
