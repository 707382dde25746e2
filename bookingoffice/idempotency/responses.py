"""Acting once for a view that answers with Django's responses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from bookingoffice.idempotency.answers import Answer
from bookingoffice.idempotency.asking import Asked
from bookingoffice.idempotency.once import once

Respond = Callable[[HttpRequest], HttpResponse]


def respond_once(request: HttpRequest, asked: Asked, respond: Respond, *, moment: datetime) -> HttpResponse:
    """What `respond` says, or said when the same request came before. Raises KeyRefused."""
    return response_of(once(asked, lambda: answer_of(respond(request)), moment=moment))


def answer_of(response: HttpResponse) -> Answer:
    """Rendered now, in the transaction of the act, whose rows it may still have to read."""
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    headers = {name: value for name, value in response.items() if not name.startswith("Access-Control-")}
    return Answer(response.status_code, headers, response.content)


def response_of(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status)
    del response.headers["Content-Type"]
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response
