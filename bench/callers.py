"""Callers over HTTP, each with one connection and one request on its way: little of the processor, so that the server has it."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterable, Iterator

from bench.house import HOST

HEAD_END = b"\r\n\r\n"


def post(path: str, key: str, body: str, *, prefer: str = "") -> bytes:
    """One request as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", f"Authorization: Bearer {key}", "Content-Type: application/json"]
    lines += [f"Prefer: {prefer}"] if prefer else []
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()


def get(path: str, key: str, *, prefer: str = "") -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", f"Authorization: Bearer {key}"]
    lines += [f"Prefer: {prefer}"] if prefer else []
    return "\r\n".join([*lines, "", ""]).encode()


def during(seconds: float, request: bytes) -> Iterator[bytes]:
    """The same request again and again, until the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield request


def rate(port: int, requests: Iterable[bytes], callers: int, *, wanted: bytes = b"HTTP/1.1 201") -> float:
    """Requests a second. Every one must be answered as `wanted`, or the figure would mean nothing."""
    sent = _Counted(iter(requests))
    waiting: Iterator[bytes] = sent
    started = time.monotonic()
    with selectors.DefaultSelector() as selector:
        for _ in range(callers):
            link = socket.create_connection((HOST, port))
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(link, selectors.EVENT_READ, bytearray())
            _next(selector, link, waiting)
        while selector.get_map():
            for ready, _ in selector.select():
                assert isinstance(ready.fileobj, socket.socket)
                if _answered(ready.fileobj, ready.data, wanted):
                    _next(selector, ready.fileobj, waiting)
    return sent.number / (time.monotonic() - started)


class _Counted(Iterator[bytes]):
    def __init__(self, requests: Iterator[bytes]) -> None:
        self.requests = requests
        self.number = 0

    def __next__(self) -> bytes:
        request = next(self.requests)
        self.number += 1
        return request


def _next(selector: selectors.BaseSelector, link: socket.socket, waiting: Iterator[bytes]) -> None:
    request = next(waiting, None)
    if request is None:
        selector.unregister(link)
        link.close()
    else:
        link.sendall(request)


def _answered(link: socket.socket, read: bytearray, wanted: bytes) -> bool:
    """Whether the answer is here whole; it is checked and forgotten."""
    portion = link.recv(65536)
    read += portion
    head, found, body = read.partition(HEAD_END)
    if not portion or (found and not head.startswith(wanted)):
        raise SystemExit(f"not {wanted!r}: {bytes(read[:2000])!r}")
    if not found or len(body) < _length(bytes(head)):
        return False
    read.clear()
    return True


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.split(b"\r\n", 1)[0]) if rest else 0
