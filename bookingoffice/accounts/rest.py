"""What the dialects with resources share at their doors: the key, the organization's transaction, exact JSON. No shapes."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponseBase
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from bookingoffice.accounts.authentication import NoKey, UnknownKey, bearer_of, caller_of
from bookingoffice.accounts.models import Scope
from bookingoffice.database.pipeline import connection_of, limits
from bookingoffice.database.scope import tenant_scope
from bookingoffice.postgrest.bodies import LONGEST_INT
from bookingoffice.postgrest.callers import Caller

DEEPEST = 100


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Stands where DRF expects a user."""

    caller: Caller
    is_authenticated: bool = True


def _bounded() -> AbstractContextManager[None]:
    """The bound leaves with the transaction's beginning. Who is inside another's transaction is bound by that."""
    return limits() if connection_of().ahead else nullcontext()


class KeyAuthentication(BaseAuthentication):
    """`request.auth` is the Caller. No key is NotAuthenticated, an unknown, revoked or expired one AuthenticationFailed."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, Caller] | None:
        try:
            caller = caller_of(bearer_of(request._request))
        except NoKey:
            return None
        except UnknownKey:
            raise exceptions.AuthenticationFailed from None
        return KeyHolder(caller), caller

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class MayByMethod(BasePermission):
    """Reading methods need the scope `read`, all others `write`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, Caller):
            return False
        return request.auth.may(Scope.READ if request.method in ("GET", "HEAD", "OPTIONS") else Scope.WRITE)


class ExactJSONParser(BaseParser):
    """Fractions come as Decimal, so no digit is lost. NaN, Infinity and half characters are refused, not read."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            text = stream.read().decode("utf-8")
            value = json.loads(text, parse_int=_integer, parse_float=Decimal, parse_constant=_no_constant)
            _refuse_unkeepable(value, DEEPEST)
        except (ValueError, ArithmeticError, RecursionError) as error:  # an exponent of twenty digits is no Decimal
            raise exceptions.ParseError(f"The body is not JSON: {error}") from None
        return value


def _integer(text: str) -> int:
    if len(text) > LONGEST_INT:
        raise ValueError(f"a number has more than {LONGEST_INT} digits")
    return int(text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _refuse_unkeepable(value: object, depth: int) -> None:
    """What PostgreSQL cannot keep in a text: the NUL character and half of a surrogate pair."""
    if depth == 0:
        raise ValueError("it is nested too deeply")
    if isinstance(value, str) and ("\0" in value or any("\ud800" <= character <= "\udfff" for character in value)):
        raise ValueError("a text has a character that cannot be kept")
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_unkeepable(key, depth - 1)
            _refuse_unkeepable(item, depth - 1)
    if isinstance(value, list):
        for item in value:
            _refuse_unkeepable(item, depth - 1)


class TenantView(APIView):
    """Every handler runs in one transaction that sees the organization of the key; whatever it raises undoes it."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [MayByMethod]
    parser_classes = [ExactJSONParser]
    renderer_classes = [JSONRenderer]

    @property
    def caller(self) -> Caller:
        assert isinstance(self.request.auth, Caller)
        return self.request.auth

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """APIView's own, with the handler inside the organization's scope."""
        self.args, self.kwargs = args, kwargs
        asked = self.initialize_request(request, *args, **kwargs)
        self.request = asked
        self.headers = self.default_response_headers
        try:
            self.initial(asked, *args, **kwargs)
            response = self._handled(asked, *args, **kwargs)
        except (
            Exception
        ) as error:  # DRF's own contract: the dialect's handler sees everything and raises what it does not know
            response = self.handle_exception(error)
        self.response = self.finalize_response(asked, response, *args, **kwargs)
        return self.response

    def _handled(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        name = (request.method or "").lower()
        handler = getattr(self, name, None) if name in self.http_method_names else None
        if handler is None:
            return self.http_method_not_allowed(request, *args, **kwargs)
        with tenant_scope(self.caller.organization_id), _bounded():
            return handler(request, *args, **kwargs)
