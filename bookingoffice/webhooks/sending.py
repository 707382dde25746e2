"""One POST to one receiver: to a judged address, without redirects, in bounded time, with a bounded part of the answer read."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import TYPE_CHECKING, Final

from bookingoffice.webhooks.addresses import Place, Refused, place_of
from bookingoffice.webhooks.endpoints import endpoint_fault, split

if TYPE_CHECKING:
    from collections.abc import Iterator

DEADLINE: Final = 15.0  # seconds from the first byte out to the last that is read
MOST_READ: Final = 16 * 1024
MOST_KEPT: Final = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back, or why nothing did. Only a 2xx is a delivery."""

    status: int | None
    text: str
    seconds: float

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    def kept(self) -> dict[str, object]:
        """As the notification remembers it. PostgreSQL's texts have no zero byte."""
        text = self.text.replace("\0", "�")[:MOST_KEPT]
        told = {"status": self.status, "body": text} if self.status else {"error": text}
        return {**told, "seconds": round(self.seconds, 3)}


def send(
    endpoint: str, body: bytes, headers: Mapping[str, str], *, private: bool, deadline: float = DEADLINE
) -> Outcome:
    """Never raises for what a receiver does; runs without a transaction."""
    begun = time.monotonic()
    try:
        status, text = _exchanged(endpoint, body, headers, private, deadline)
    except Refused as refused:
        return Outcome(None, str(refused), time.monotonic() - begun)
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = time.monotonic() - begun >= deadline
        text = f"No whole answer within {deadline:g} seconds." if late else f"{type(error).__name__}: {error}"
        return Outcome(None, text, time.monotonic() - begun)
    return Outcome(status, text, time.monotonic() - begun)


def _exchanged(
    endpoint: str, body: bytes, headers: Mapping[str, str], private: bool, deadline: float
) -> tuple[int, str]:
    parts = split(endpoint)
    if parts is None or (fault := endpoint_fault(endpoint, private=private)):
        raise Refused(fault if parts else "This is no address.")
    secure = parts.scheme == "https"
    place = place_of(parts.hostname or "", parts.port or (443 if secure else 80), private=private)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _connected(place, parts.hostname or "", secure, deadline) as connection:
        connection.request("POST", target, body, {**headers, "Host": parts.netloc, "Connection": "close"})
        answer = connection.getresponse()
        return answer.status, _text_of(answer)


def _text_of(answer: http.client.HTTPResponse) -> str:
    """The status is the verdict; a body that does not come to its end changes nothing about it."""
    try:
        return answer.read(MOST_READ).decode(errors="replace")
    except (OSError, http.client.HTTPException, ValueError):
        return ""


@contextmanager
def _connected(place: Place, host: str, secure: bool, deadline: float) -> Iterator[http.client.HTTPConnection]:
    """A connection whose socket leads to `place`, whatever the name says by now; cut when the time is over.

    The timeout of a socket begins anew with each byte, so that a receiver which drips would hold it for ever.
    """
    connection = http.client.HTTPConnection(host, place.port, timeout=deadline)
    plain = socket.create_connection(place, timeout=deadline)
    used = _to_be_secured(plain, host) if secure else plain
    cutter = Timer(deadline, _cut, [used])
    cutter.daemon = True
    cutter.start()
    try:
        if isinstance(used, ssl.SSLSocket):
            used.do_handshake()
        connection.sock = used
        yield connection
    finally:
        cutter.cancel()
        connection.close()
        used.close()


def _to_be_secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """The certificate must be the name's, though the address was looked up by us."""
    context = ssl.create_default_context()
    return context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _cut(used: socket.socket) -> None:
    """Past the lock-step of TLS: who waits for bytes is woken by their end."""
    with suppress(OSError):
        socket.socket.shutdown(used, socket.SHUT_RDWR)
