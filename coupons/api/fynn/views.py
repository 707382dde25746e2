"""`/coupons` and `/coupons/{id}`: who asks, what was sent, which act, what is answered."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.accounts.models import Organization
from coupons.api.fynn import references, rows, writing
from coupons.api.fynn.door import FynnView, body_of
from coupons.api.fynn.errors import MEDIA_TYPE, Invalid, Locked
from coupons.api.fynn.paging import DEFAULT_SIZE, LARGEST_SIZE, window
from coupons.api.fynn.wire import CouponList, FullCoupon, ProblemShape, context, in_order, read, reduced
from coupons.models import Coupon

MAKES = "A key left out takes its default."
NAMES = "With the plans and products that the coupon names."
LOCKED = "A coupon that has been redeemed can no longer change."
REPLACES = f"A key left out returns to its default. {LOCKED}"
PAGE = OpenApiParameter("page", {"type": "integer", "minimum": 1, "default": 1})
LIMIT = OpenApiParameter("limit", {"type": "integer", "minimum": 0, "maximum": LARGEST_SIZE, "default": DEFAULT_SIZE})
ALIAS = OpenApiParameter("itemsPerPage", {"type": "integer", "minimum": 0, "maximum": LARGEST_SIZE})


def problems(*statuses: int) -> dict[Any, Any]:
    return {(status, MEDIA_TYPE): ProblemShape for status in statuses}


EVERYWHERE = problems(400, 401, 403, 405, 429, 500, 503, 504)
BY_ID = EVERYWHERE | problems(404)
KEYED = problems(409, 413, 422)
WITH_BODY = KEYED | problems(415)


class CouponsView(FynnView):
    @extend_schema(
        operation_id="listCoupons",
        description="Newest first.",
        parameters=[PAGE, LIMIT, ALIAS],
        responses=EVERYWHERE | {200: CouponList},
    )
    def get(self, request: Request) -> Response:
        page = window(request.query_params).of(rows.listing(), self.caller.organization_id)
        return Response({"data": reduced(page)})

    @extend_schema(
        operation_id="createCoupon",
        description=MAKES,
        request=FullCoupon,
        responses=EVERYWHERE | WITH_BODY | {201: FullCoupon},
    )
    def post(self, request: Request) -> Response:
        organization = organization_of(self.caller)
        values = understood(body_of(request), organization)
        actor = actor_of(self.caller)
        coupon_id = writing.create(organization, values, actor=actor, moment=timezone.now())
        return Response(told(organization, coupon_id), status=201)


class CouponView(FynnView):
    @extend_schema(operation_id="retrieveCoupon", description=NAMES, responses=BY_ID | {200: FullCoupon})
    def get(self, request: Request, coupon_id: str) -> Response:
        return Response(told(organization_of(self.caller), uuid_of(coupon_id)))

    @extend_schema(
        operation_id="replaceCoupon",
        description=REPLACES,
        request=FullCoupon,
        responses=BY_ID | WITH_BODY | {200: FullCoupon},
    )
    def put(self, request: Request, coupon_id: str) -> Response:
        organization = organization_of(self.caller)
        coupon = self._changeable(coupon_id)
        values = understood(body_of(request), organization, coupon)
        writing.replace(organization, coupon, values, actor=actor_of(self.caller), moment=timezone.now())
        return Response(told(organization, coupon.pk))

    @extend_schema(operation_id="deleteCoupon", description=LOCKED, responses=BY_ID | KEYED | {204: None})
    def delete(self, request: Request, coupon_id: str) -> Response:
        coupon = self._changeable(coupon_id)
        organization = organization_of(self.caller)
        writing.delete(organization, coupon, actor=actor_of(self.caller), moment=timezone.now())
        return Response(status=204)

    def _changeable(self, coupon_id: str) -> Coupon:
        """The coupon, held until the end of the act; a redeemed one raises Locked."""
        organization_id, key = self.caller.organization_id, uuid_of(coupon_id)
        coupon = rows.single(organization_id, key) if rows.locked(organization_id, key) else None
        if coupon is None:
            raise Http404
        if coupon.redeemed:  # type: ignore[attr-defined]
            raise Locked
        return coupon


def understood(body: dict[str, Any], organization: Organization, coupon: Coupon | None = None) -> dict[str, Any]:
    """The values of a body without a fault; raises Invalid with all there are."""
    values, violations = read(body, organization)
    violations += references.unknown(organization.pk, values)
    if violations and "code" in values:
        violations += writing.code_taken(organization.pk, values["code"], by_others_than=coupon.pk if coupon else None)
    if violations:
        raise Invalid(in_order(violations))
    return values


def told(organization: Organization, coupon_id: UUID) -> Any:
    coupon = rows.single(organization.pk, coupon_id)
    if coupon is None:
        raise Http404
    return FullCoupon(coupon, context=context(organization)).data


def uuid_of(text: str) -> UUID:
    """Only the usual spelling; anything else names no coupon."""
    if not re.fullmatch(references.UUID_PATTERN, text):
        raise Http404
    return UUID(text)
