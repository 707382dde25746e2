"""Callers over HTTP, each with one connection and one request on its way: little of the processor, so that the server has it."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator, Sequence

from bench.house import HOST

HEAD_END = b"\r\n\r\n"


def post(path: str, key: str, body: str, *, prefer: str = "") -> bytes:
    """One request as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", f"Authorization: Bearer {key}", "Content-Type: application/json"]
    lines += [f"Prefer: {prefer}"] if prefer else []
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()


def rate(port: int, requests: Sequence[bytes], callers: int) -> float:
    """Requests a second. Every one must be answered 201, or the figure would mean nothing."""
    waiting = iter(requests)
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
                if _answered(ready.fileobj, ready.data):
                    _next(selector, ready.fileobj, waiting)
    return len(requests) / (time.monotonic() - started)


def _next(selector: selectors.BaseSelector, link: socket.socket, waiting: Iterator[bytes]) -> None:
    request = next(waiting, None)
    if request is None:
        selector.unregister(link)
        link.close()
    else:
        link.sendall(request)


def _answered(link: socket.socket, read: bytearray) -> bool:
    """Whether the answer is here whole; it is checked and forgotten."""
    portion = link.recv(65536)
    read += portion
    head, found, body = read.partition(HEAD_END)
    if not portion or (found and not head.startswith(b"HTTP/1.1 201")):
        raise SystemExit(f"not created: {bytes(read[:2000])!r}")
    if not found or len(body) < _length(bytes(head)):
        return False
    read.clear()
    return True


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.split(b"\r\n", 1)[0]) if rest else 0
