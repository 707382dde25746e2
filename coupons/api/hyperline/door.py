"""What every address of this dialect does alike: JSON whatever is accepted, one shape for refusals, a keyed write done once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from bookingoffice.accounts.authentication import NoKey, UnknownKey, bearer_of, caller_of
from bookingoffice.accounts.rest import TenantView
from bookingoffice.database.jsontext import json_text
from bookingoffice.idempotency.asking import Asked, keyed, read_asked
from bookingoffice.idempotency.responses import respond_once
from coupons.api.hyperline.errors import problem_of


class ExactJSON(JSONRenderer):
    """Decimals leave with the digits they have."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else json_text(data).encode()


class AlwaysJSON(BaseContentNegotiation):
    """There is one representation, so neither Accept nor `?format=` can miss it."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        media = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        only = next(iter(renderers))
        return only, only.media_type or ""


class HyperlineView(TenantView):
    renderer_classes = [ExactJSON]
    content_negotiation_class = AlwaysJSON

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """OPTIONS tells anybody what there is, without a key. With an Idempotency-Key the whole answer is kept and given again."""
        if request.method == "OPTIONS":
            return _what_there_is(self.allowed_methods)
        inner: Any = super().dispatch
        try:
            asked = _asked_once(request)
            if asked is None:
                return inner(request, *args, **kwargs)  # type: ignore[no-any-return]
            return respond_once(request, asked, lambda again: inner(again, *args, **kwargs), moment=timezone.now())
        except Exception as error:  # the claim's own statements fail outside of the framework's care
            return plain_response(error)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in ("POST", "PUT") and request.method in self.allowed_methods:
            _refuse_empty_body(request._request)

    def handle_exception(self, exc: Exception) -> Response:
        problem = problem_of(exc)
        return Response(problem.body(), problem.status, headers=dict(problem.headers), exception=True)


def plain_response(error: Exception) -> HttpResponse:
    """For what happens outside of a view."""
    problem = problem_of(error)
    return HttpResponse(
        json_text(problem.body()),
        status=problem.status,
        headers=dict(problem.headers),
        content_type="application/json",
    )


@csrf_exempt
def no_such_route(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return plain_response(Http404())


def _what_there_is(methods: Sequence[str]) -> HttpResponse:
    response = HttpResponse(status=204, headers={"Allow": ", ".join(methods)})
    del response.headers["Content-Type"]
    return response


def _refuse_empty_body(request: HttpRequest) -> None:
    """Read whole and first, because only so does Django hold it to a limit."""
    if not request.body:
        raise exceptions.ParseError("The body is not JSON: it is empty")


def _asked_once(request: HttpRequest) -> Asked | None:
    """None without an Idempotency-Key; who is not let in is told so as ever, and takes no key."""
    if not keyed(request):
        return None
    try:
        caller = caller_of(bearer_of(request))
    except (NoKey, UnknownKey):
        return None
    assert caller.api_key_id is not None
    return read_asked(request, organization_id=caller.organization_id, api_key_id=caller.api_key_id)
