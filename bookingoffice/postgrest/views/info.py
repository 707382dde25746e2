"""What is there: the methods of a table or function, and the description of everything."""

from __future__ import annotations

from bookingoffice.postgrest.functions import Function
from bookingoffice.postgrest.media import negotiate
from bookingoffice.postgrest.resources import Resource
from bookingoffice.postgrest.views.replies import NO_SUCH_PLACE, Reply, allowed
from bookingoffice.postgrest.views.requests import Request

OPENAPI = "application/openapi+json"


def table_methods(resource: Resource | None) -> Reply:
    if resource is None:
        return NO_SUCH_PLACE
    written = ["POST", *(["PUT"] if resource.primary_key else []), "PATCH", "DELETE"]
    return allowed("OPTIONS", "GET", "HEAD", *(method for method in written if method in resource.methods))


def function_methods(function: Function | None) -> Reply:
    if function is None:
        return NO_SUCH_PLACE
    return allowed("OPTIONS", *(("GET", "HEAD") if function.reads_only else ()), "POST")


def document_reply(request: Request, document: bytes) -> Reply:
    accept = request.META.get("HTTP_ACCEPT")
    if accept is not None and OPENAPI not in accept:
        negotiate(accept)
    return Reply(200, document, f"{OPENAPI}; charset=utf-8")
