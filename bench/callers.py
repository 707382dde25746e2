"""Callers over HTTP, each with one connection and one request on its way: little of the processor, so that the server has it."""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Iterable, Iterator

from bench.house import HOST

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)


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
            selector.register(link, selectors.EVENT_READ, _Answer(wanted))
            _next(selector, link, waiting)
        while selector.get_map():
            for ready, _ in selector.select():
                assert isinstance(ready.fileobj, socket.socket)
                if ready.data.is_here(ready.fileobj):
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


class _Answer:
    """One connection's answers, one after the other: the head is looked at, the body is counted and forgotten."""

    def __init__(self, wanted: bytes) -> None:
        self.wanted = wanted
        self.head = b""
        self.left: int | None = None
        """Bytes of the body that are still to come; None before the head's end."""

    def is_here(self, link: socket.socket) -> bool:
        portion = link.recv(262_144)
        if self.left is None:
            self._begin(portion)
        else:
            self.left -= len(portion)
        if not portion:
            raise SystemExit(f"closed after {self.head[:2000]!r}")
        if self.left != 0:
            return False
        self.head, self.left = b"", None
        return True

    def _begin(self, portion: bytes) -> None:
        self.head += portion
        end = self.head.find(HEAD_END)
        if end >= 0:
            if not self.head.startswith(self.wanted):
                raise SystemExit(f"not {self.wanted!r}: {self.head[:2000]!r}")
            self.left = _length(self.head[:end]) - (len(self.head) - end - len(HEAD_END))


def _length(head: bytes) -> int:
    found = LENGTH.search(head)
    return int(found[1]) if found else 0
