"""What every address of the dialect shares: the envelope, exact JSON, the project in the path, a write that happens once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookingoffice.accounts.acting import organization_of
from bookingoffice.accounts.authentication import NoKey, UnknownKey, bearer_of, caller_of
from bookingoffice.accounts.models import Organization, Scope
from bookingoffice.accounts.rest import TenantView
from bookingoffice.database.jsontext import json_text
from bookingoffice.idempotency.asking import Asked, keyed, read_asked
from bookingoffice.idempotency.responses import respond_once
from bookingoffice.postgrest.callers import Caller
from coupons.api.botsubscription.errors import Refusal, refusal_of

NO_PROJECT: Final = "No project has this id."


class ExactJSONRenderer(BaseRenderer):
    """Decimals inside of metadata keep their digits."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else json_text(data).encode()


class AlwaysJSON(DefaultContentNegotiation):
    """The dialect has one media type, whatever `Accept` or `?format=` asks for."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        only = next(iter(renderers))
        return only, only.media_type


class MayRead(BasePermission):
    """For calls that write nothing, whatever their method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Caller) and request.auth.may(Scope.READ)


class Door(TenantView):
    renderer_classes = [ExactJSONRenderer]
    content_negotiation_class = AlwaysJSON

    @property
    def organization(self) -> Organization:
        return organization_of(self.caller)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """With an Idempotency-Key the whole answer is kept and given again."""
        try:
            asked = _asked_once(request)
            if asked is None:
                return super().dispatch(request, *args, **kwargs)
            inner = super().dispatch
            return respond_once(request, asked, lambda again: inner(again, *args, **kwargs), moment=timezone.now())  # type: ignore[arg-type,return-value]
        except Exception as error:  # of the key and its claim, which are looked at outside of the framework's care
            return self._refused_outside(request, error, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Another organization's project is as unknown as one that never was."""
        super().initial(request, *args, **kwargs)
        if kwargs.get("project_id", "").lower() != str(self.caller.organization_id):
            raise Http404(NO_PROJECT)

    def handle_exception(self, exc: Exception) -> Response:
        return self.refused(refusal_of(exc))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """`Allow` tells all there is."""
        return Response(status=204)

    def answered(self, data: Any, status: int = 200, *, total: int | None = None) -> Response:
        counted = {} if total is None else {"total": total}
        return Response({"ok": True, **self._asked_for(status), **counted, "data": data}, status)

    def refused(self, refusal: Refusal) -> Response:
        body = {"ok": False, **self._asked_for(refusal.status), "error": refusal.body()}
        return Response(body, refusal.status, headers=dict(refusal.headers))

    def _asked_for(self, status: int) -> dict[str, Any]:
        """The path as it was requested, percent-encoding included and the query left out."""
        path = self.request._request.get_full_path().partition("?")[0]
        return {"request_id": str(uuid4()), "method": self.request.method, "path": path, "code": status}

    def _refused_outside(self, request: HttpRequest, error: Exception, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """DRF shapes answers inside of its own dispatch alone."""
        self.args, self.kwargs, self.headers = args, kwargs, self.default_response_headers
        self.request = self.initialize_request(request, *args, **kwargs)
        return self.finalize_response(self.request, self.handle_exception(error), *args, **kwargs)


def body_of(request: Request) -> dict[str, Any]:
    """Refuses, as no JSON object, also an empty body and one that is longer than any door takes."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if not length:
        raise exceptions.ParseError("The body is empty; send a JSON object.")
    if length > settings.LARGEST_BODY:
        raise exceptions.ParseError(f"The body is longer than {settings.LARGEST_BODY} bytes.")
    if not isinstance(request.data, Mapping):
        raise exceptions.ParseError("The body is not a JSON object.")
    return dict(request.data)


def uuid_or_404(text: str, sentence: str) -> UUID:
    try:
        found = UUID(text)
    except ValueError:
        raise Http404(sentence) from None
    if str(found) != text.lower():
        raise Http404(sentence)
    return found


def _asked_once(request: HttpRequest) -> Asked | None:
    """None without an Idempotency-Key, and where the key of the API is refused anyway."""
    if not keyed(request):
        return None
    try:
        caller = caller_of(bearer_of(request))
    except (NoKey, UnknownKey):
        return None
    return read_asked(request, organization_id=caller.organization_id, api_key_id=caller.api_key_id)  # type: ignore[arg-type]
