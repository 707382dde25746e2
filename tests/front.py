"""Django's test client, sent through the whole application: its layers and the front stand before Django here too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import client


class ThroughFront(client.ClientHandler):
    """Answers with Django's own response where Django answered, so that a test may ask for its context; the headers are those that
    left the outermost layer."""

    def __call__(self, environ: dict[str, Any]) -> Any:
        from bookingoffice.wsgi import layered

        django = _Django(super().__call__)
        heard: list[tuple[str, list[tuple[str, str]]]] = []
        body = b"".join(layered(django)(environ, lambda status, headers, *_: heard.append((status, headers))))
        [(line, headers)] = heard
        if django.response is None or int(line[:3]) != django.response.status_code:
            return _response(environ, line, headers, body)
        for name, value in headers:
            if name.lower() != "set-cookie":
                django.response.headers[name] = value
        return django.response


class _Django:
    """The test client's Django as a WSGI application that keeps its response."""

    def __init__(self, respond: Any) -> None:
        self.respond = respond
        self.response: Any = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.response = response = self.respond(environ)
        cookies = [("Set-Cookie", cookie.output(header="")) for cookie in response.cookies.values()]
        start_response(f"{response.status_code} {response.reason_phrase}", [*response.items(), *cookies])
        return [] if response.streaming else [response.content]


def _response(environ: dict[str, Any], line: str, headers: list[tuple[str, str]], body: bytes) -> HttpResponse:
    status, _, reason = line.partition(" ")
    response = HttpResponse(body, status=int(status), reason=reason)
    del response.headers["Content-Type"]
    for name, value in headers:
        response.headers[name] = value
    response.wsgi_request = WSGIRequest(environ)
    return response


def install() -> None:
    """For every test client that is made from now on."""
    client.ClientHandler = ThroughFront  # type: ignore[misc]
