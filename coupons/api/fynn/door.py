"""What every address of this dialect does alike: JSON whatever is accepted, problems for refusals, a keyed write done once."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from bookingoffice.accounts.authentication import NoKey, UnknownKey, bearer_of, caller_of
from bookingoffice.accounts.rest import ExactJSONParser, TenantView
from bookingoffice.idempotency.asking import keyed, read_asked
from bookingoffice.idempotency.responses import respond_once
from coupons.api.fynn.errors import FAILURE, MEDIA_TYPE, NOT_FOUND, Problem, problem_of

logger = logging.getLogger(__name__)


class LinkedJSONParser(ExactJSONParser):
    """What clients of API Platform call their JSON."""

    media_type = "application/ld+json"


class AlwaysJSON(DefaultContentNegotiation):
    """There is one representation, so neither Accept nor `?format=` can miss it."""

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class FynnView(TenantView):
    content_negotiation_class = AlwaysJSON
    parser_classes = [ExactJSONParser, LinkedJSONParser]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not keyed(request):
            return super().dispatch(request, *args, **kwargs)
        try:
            return self._once(request, *args, **kwargs)
        except (
            Exception
        ) as error:  # a key may be refused, and the claim's own statements fail outside of the framework's care
            return _plain(_told(error))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """`Allow` says all there is to say."""
        return Response(status=204)

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            error.auth_header = self.get_authenticate_header(self.request)  # type: ignore[union-attr]
        problem = _told(error)
        return Response(problem.body, status=problem.status, headers=dict(problem.headers), content_type=MEDIA_TYPE)

    def _once(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who is not let in is told so as ever, and takes no key."""

        def respond(request: HttpRequest) -> Any:
            return super(FynnView, self).dispatch(request, *args, **kwargs)

        try:
            caller = caller_of(bearer_of(request))
        except (NoKey, UnknownKey):
            return respond(request)  # type: ignore[no-any-return]
        assert caller.api_key_id is not None
        asked = read_asked(request, organization_id=caller.organization_id, api_key_id=caller.api_key_id)
        return respond_once(request, asked, respond, moment=timezone.now()) if asked else respond(request)


def body_of(request: Request) -> dict[str, Any]:
    """The one JSON object that was sent. Read whole first, so that the server's limit of size holds."""
    if not request.body:
        raise exceptions.ParseError("The body is not JSON: it is empty.")
    body = request.data
    if not isinstance(body, dict):
        raise exceptions.ParseError("The body should be one JSON object.")
    return body


@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    return _plain(NOT_FOUND)


def _told(error: Exception) -> Problem:
    problem = problem_of(error)
    if problem is None:
        logger.error("A request failed", exc_info=error)
    return problem or FAILURE


def _plain(problem: Problem) -> HttpResponse:
    body = json.dumps(problem.body, separators=(",", ":"))
    return HttpResponse(body, status=problem.status, headers=dict(problem.headers), content_type=MEDIA_TYPE)
