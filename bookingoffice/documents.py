"""The OpenAPI documents of the dialects with resources, made from their views, and a page to read each. They hold no data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from bookingoffice.accounts.rest import KeyAuthentication
from coupons.api.botsubscription import urls as botsubscription
from coupons.api.fynn import urls as fynn
from coupons.api.hyperline import urls as hyperline

VERSION: Final = "1"
KEYS: Final = "Calls carry an API key of one organization as `Authorization: Bearer <key>`. "
ONCE: Final = "A write with an `Idempotency-Key` happens once, and is answered the same when it is sent again."


class BearerKey(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Registered by being defined."""

    target_class = KeyAuthentication
    name = "Bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """`module` has the addresses below `prefix`."""

    prefix: str
    title: str
    module: Any


HYPERLINE: Final = Dialect("hyperline", "Coupons in Hyperline's dialect", hyperline)
FYNN: Final = Dialect("fynn", "Coupons in Fynn's dialect", fynn)
BOTSUBSCRIPTION: Final = Dialect("botsubscription", "Coupons in BotSubscription's dialect", botsubscription)
DIALECTS: Final = (HYPERLINE, FYNN, BOTSUBSCRIPTION)


@cache
def document_of(dialect: Dialect) -> dict[str, Any]:
    """Addresses are below the dialect's own prefix, where it is whole."""
    made: dict[str, Any] = SchemaGenerator(patterns=dialect.module.urlpatterns).get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    for call in _calls(made):
        for status, response in call["responses"].items():
            response["description"] = response["description"] or HTTPStatus(int(status)).phrase
    about = {"title": dialect.title, "version": VERSION, "description": KEYS + ONCE}
    return made | {"info": about, "servers": [{"url": f"/{dialect.prefix}"}]}


@require_safe
def document(request: HttpRequest, dialect: Dialect) -> HttpResponse:
    return HttpResponse(_written(dialect), content_type="application/json")


@require_safe
def page(request: HttpRequest, dialect: Dialect) -> HttpResponse:
    """Everything it loads is served from here."""
    return render(request, "openapi/page.html", {"title": dialect.title, "document": f"/{dialect.prefix}/openapi.json"})


@cache
def _written(dialect: Dialect) -> bytes:
    written: bytes = OpenApiJsonRenderer().render(document_of(dialect), renderer_context={})
    return written


def _calls(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [call for calls in made["paths"].values() for call in calls.values()]
