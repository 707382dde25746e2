"""Notes every request of a program that was let in. Who was not let in belongs to nobody, so nobody's log has it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from bookingoffice.accounts.authentication import remembered_caller
from bookingoffice.postgrest.callers import Caller
from bookingoffice.request_log.recorder import Asked, Recorder

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LONGEST: Final = 2000  # letters of an endpoint or a search


Words = tuple[str, str, str]
"""An endpoint, a method and a search, as they are kept."""


class Log:
    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def words(self, environ: dict[str, Any]) -> Words:
        search = readable(environ.get("QUERY_STRING", ""))
        return readable(environ["PATH_INFO"]), environ["REQUEST_METHOD"][:32], search

    def note(self, caller: Caller, at: float, words: Words, status: str) -> None:
        """`at` in seconds since 1970; `status` as it is sent, its number first."""
        if caller.api_key_id is not None:
            self.recorder.add(Asked(caller.organization_id, caller.api_key_id, at, *words, status < "400"))


class Logged:
    def __init__(self, application: Application, *, log: Log) -> None:
        self.application = application
        self.log = log

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        sent = environ.get("HTTP_AUTHORIZATION")
        if not sent:
            return self.application(environ, start_response)
        at = time.time()

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            """By now the key is known, if it is one."""
            caller = remembered_caller(sent)
            if caller is not None:
                self.log.note(caller, at, self.log.words(environ), status)
            return start_response(status, headers, *rest)

        return self.application(environ, start)


def readable(text: str) -> str:
    """WSGI's letters are bytes; what is no UTF-8, and NUL, which PostgreSQL keeps in no text, is shown as the sign for that."""
    if not text.isascii():
        text = text.encode("latin-1", "replace").decode("utf-8", "replace")
    return text[:LONGEST].replace("\0", "\ufffd")
