"""The collection and the single coupon."""

from __future__ import annotations

from typing import Any, NoReturn
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.accounts.rest import TenantView
from bookingoffice.database.jsontext import json_text
from coupons.api.hyperline import projection, writing
from coupons.api.hyperline.errors import problem_of
from coupons.api.hyperline.paging import window
from coupons.api.hyperline.rendering import AlwaysTheFirst, ExactJSON
from coupons.api.hyperline.wire import coupon_out, single_out
from coupons.api.hyperline.writing import Desk
from coupons.facts import zone_of
from coupons.models import Coupon


class HyperlineView(TenantView):
    renderer_classes = [ExactJSON]
    content_negotiation_class = AlwaysTheFirst

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """OPTIONS says what there is to anybody, without a key and without a transaction."""
        if request.method == "OPTIONS":
            return HttpResponse(headers={"Allow": ", ".join(self.allowed_methods)})
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if (
            request.method in ("POST", "PUT") and not request._request.body
        ):  # read here, where Django holds it to a limit
            raise exceptions.ParseError("The body is not JSON: it is empty")

    def handle_exception(self, exc: Exception) -> Response:
        problem = problem_of(exc)
        return Response(problem.body(), problem.status, headers=dict(problem.headers), exception=True)

    def desk(self) -> Desk:
        return Desk(organization_of(self.caller), actor_of(self.caller), timezone.now())


class CreateCoupon(HyperlineView):
    """What the root address has of the collection; the rest of it there belongs to the row grammar."""

    def post(self, request: Request) -> Response:
        desk = self.desk()
        coupon_id = writing.create(desk, request.data)
        made = projection.visible(desk.organization.pk).get(pk=coupon_id)
        return Response(coupon_out(made, zone_of(desk.organization)), status.HTTP_201_CREATED)


class Coupons(CreateCoupon):
    def get(self, request: Request) -> Response:
        asked = window(request.query_params)
        zone = zone_of(organization_of(self.caller))
        rows = projection.listed(self.caller.organization_id)
        return Response(asked.page(rows, lambda coupon: coupon_out(coupon, zone)))


class SingleCoupon(HyperlineView):
    """`name` is a public id or a UUID. Only GET knows deleted coupons."""

    def get(self, request: Request, name: str) -> Response:
        coupon = self._found(projection.visible(self.caller.organization_id), name)
        return Response(single_out(coupon, zone_of(organization_of(self.caller))))

    def put(self, request: Request, name: str) -> Response:
        desk, body = self.desk(), request.data
        writing.change(desk, self._locked(name), body)
        changed = projection.visible(desk.organization.pk).get(pk=self.locked_id)
        return Response(coupon_out(changed, zone_of(desk.organization)))

    def delete(self, request: Request, name: str) -> Response:
        writing.delete(self.desk(), self._locked(name))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _locked(self, name: str) -> Coupon:
        """FOR UPDATE: a redemption holds a share of the row, so none comes between what is asked and what is written."""
        rows = projection.visible(self.caller.organization_id).filter(deleted_at=None)
        coupon = self._found(rows.select_for_update(of=("self",)), name)
        self.locked_id: UUID = coupon.pk
        return coupon

    def _found(self, rows: Any, name: str) -> Coupon:
        named = projection.named(name)
        coupon: Coupon | None = None if named is None else rows.filter(named).first()
        return coupon or _no_such_coupon()


def _no_such_coupon() -> NoReturn:
    raise Http404("Coupon not found")


@csrf_exempt
def no_such_route(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    problem = problem_of(Http404())
    return HttpResponse(json_text(problem.body()), status=problem.status, content_type="application/json")
