"""One connection that asks whatever it is told to, letter by letter, and reads what comes back."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

SENDABLE = "".join(chr(code) for code in range(0x21, 0x7F))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def all(self) -> str:
        """Body and headers in small letters, for whoever looks for words in them."""
        return (self.body.decode("utf-8", "replace") + repr(self.headers)).lower()


class Asker:
    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc
        self._connection = self._connected()

    def __call__(
        self, method: str, target: str, key: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        sent = {**({"Authorization": f"Bearer {key}"} if key else {}), **(headers or {})}
        letters = quote(target, safe=SENDABLE)
        data = body.encode("utf-8", "surrogatepass") or None
        try:
            return self._answer(method, letters, data, sent)
        except (http.client.HTTPException, ConnectionError):
            # A server that did not read a body closes the connection behind its answer: asked again on a new one.
            self._connection.close()
            self._connection = self._connected()
            return self._answer(method, letters, data, sent)

    def _answer(self, method: str, target: str, data: bytes | None, headers: Mapping[str, str]) -> Answer:
        self._connection.request(method, target, data, dict(headers))
        answer = self._connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def _connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._address, timeout=60)
