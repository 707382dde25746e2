"""The collection and the single coupon: who asks, what was sent, which act, what is answered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.postgrest.callers import Caller
from coupons.api.hyperline import projection, shapes, writing
from coupons.api.hyperline.door import HyperlineView
from coupons.api.hyperline.paging import DEFAULT_TAKE, MOST_TAKEN, window
from coupons.api.hyperline.wire import CouponIn, coupon_out, single_out
from coupons.api.hyperline.writing import Desk
from coupons.facts import zone_of
from coupons.models import Coupon

NO_COUPON = "Coupon not found"
WINDOW = [
    OpenApiParameter("take", {"type": "integer", "minimum": 0, "maximum": MOST_TAKEN, "default": DEFAULT_TAKE}),
    OpenApiParameter("skip", {"type": "integer", "minimum": 0, "default": 0}),
]
EVERYWHERE: dict[Any, Any] = dict.fromkeys((400, 401, 403, 405, 429, 500, 503, 504), shapes.Problem)
BY_ID = EVERYWHERE | {404: shapes.Problem}
KEYED = dict.fromkeys((409, 413, 422), shapes.Problem)
WITH_BODY = KEYED | {415: shapes.Problem}


class CreateCoupon(HyperlineView):
    """What the root address has of the collection; the rest of it there belongs to the row grammar."""

    @extend_schema(operation_id="create_coupon", request=CouponIn, responses=EVERYWHERE | WITH_BODY | {201: shapes.ONE})
    def post(self, request: Request) -> Response:
        desk = desk_of(self.caller)
        coupon_id = writing.create(desk, request.data)
        return Response(told(desk, coupon_id), status=201)


class Coupons(CreateCoupon):
    @extend_schema(operation_id="list_coupons", parameters=WINDOW, responses=EVERYWHERE | {200: shapes.CouponList})
    def get(self, request: Request) -> Response:
        asked = window(request.query_params)
        zone = zone_of(organization_of(self.caller))
        rows = projection.listing()
        return Response(asked.page(rows, lambda coupon: coupon_out(coupon, zone), self.caller.organization_id))


class SingleCoupon(HyperlineView):
    """`name` is a public id or a UUID. Only GET knows deleted coupons."""

    @extend_schema(operation_id="get_coupon", responses=BY_ID | {200: shapes.ONE})
    def get(self, request: Request, name: str) -> Response:
        by = projection.name_of(name)
        if by is None:
            raise Http404(NO_COUPON)
        rows, _ = projection.single(by).page(limit=1, last=True, organization_id=self.caller.organization_id, name=name)
        if not rows:
            raise Http404(NO_COUPON)
        return Response(single_out(SimpleNamespace(**rows[0]), zone_of(organization_of(self.caller))))

    @extend_schema(
        operation_id="update_coupon", request=CouponIn(partial=True), responses=BY_ID | WITH_BODY | {200: shapes.ONE}
    )
    def put(self, request: Request, name: str) -> Response:
        desk, coupon = self._at_work_on(name)
        writing.change(desk, coupon, request.data)
        return Response(told(desk, coupon.pk))

    @extend_schema(operation_id="delete_coupon", responses=BY_ID | KEYED | {204: None})
    def delete(self, request: Request, name: str) -> Response:
        desk, coupon = self._at_work_on(name)
        writing.delete(desk, coupon)
        return Response(status=204)

    def _at_work_on(self, name: str) -> tuple[Desk, Coupon]:
        """FOR UPDATE: a redemption holds a share of the row, so none comes between what is asked and what is written."""
        rows = projection.visible(self.caller.organization_id).filter(deleted_at=None)
        coupon = self._found(rows.select_for_update(of=("self",)), name)
        return desk_of(self.caller), coupon

    def _found(self, rows: Any, name: str) -> Coupon:
        named = projection.named(name)
        coupon: Coupon | None = None if named is None else rows.filter(named).first()
        if coupon is None:
            raise Http404(NO_COUPON)
        return coupon


def desk_of(caller: Caller) -> Desk:
    return Desk(organization_of(caller), actor_of(caller), timezone.now())


def told(desk: Desk, coupon_id: UUID) -> dict[str, Any]:
    """The coupon as it is now."""
    coupon = projection.visible(desk.organization.pk).get(pk=coupon_id)
    return coupon_out(coupon, zone_of(desk.organization))
