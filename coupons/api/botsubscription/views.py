"""The dialect's six calls, and the answer of every other address."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookingoffice.accounts.acting import actor_of
from bookingoffice.accounts.models import Organization
from coupons.api.botsubscription import paging, questions, shapes, verdicts, wire, writing
from coupons.api.botsubscription.door import Door, MayRead, body_of, uuid_or_404
from coupons.api.botsubscription.errors import NOTHING_HERE, CouponNotArchived
from coupons.api.botsubscription.shown import Told
from coupons.facts import zone_of

NO_COUPON = "No coupon has this id."
NO_CODE = "No coupon has this code."


class CouponDoor(Door):
    """What the calls about coupons share."""

    def shown(self, coupon_id: UUID) -> dict[str, Any]:
        organization_id, moment = self.caller.organization_id, timezone.now()
        rows, _ = questions.single().page(limit=1, organization_id=organization_id, coupon_id=coupon_id, moment=moment)
        if not rows:
            raise Http404(NO_COUPON)
        return wire.shown(cast("Told", rows[0]))

    def standing(self, text: str) -> writing.Standing:
        coupon = writing.standing(self.caller.organization_id, uuid_or_404(text, NO_COUPON))
        if coupon is None:
            raise Http404(NO_COUPON)
        return coupon

    def history(self) -> dict[str, Any]:
        """Who does it and when, as every service asks."""
        return {"actor": actor_of(self.caller), "moment": timezone.now()}


class CouponList(CouponDoor):
    @extend_schema(
        operation_id="list_coupons",
        parameters=shapes.LIST_QUERY,
        responses=shapes.EVERYWHERE | {200: shapes.CouponListAnswer, 422: shapes.Problem},
    )
    def get(self, request: Request, project_id: str) -> Response:
        page, faults = paging.read_page(request.query_params)
        asked = questions.asked(request.query_params)
        paging.refuse(faults, asked.faults)
        rows, total = asked.statement.page(
            limit=page.limit,
            offset=page.offset,
            organization_id=self.caller.organization_id,
            moment=timezone.now(),
            last=True,
            **asked.given,
        )
        return self.answered([wire.shown(cast("Told", row)) for row in rows], total=total)

    @extend_schema(
        operation_id="create_coupon",
        request=shapes.CreateBody,
        responses=shapes.WITH_BODY | {201: shapes.CouponAnswer},
    )
    def post(self, request: Request, project_id: str) -> Response:
        body, organization = wire.by_table_names(body_of(request)), self.organization
        context = {"zone": zone_of(organization), "plans": writing.plans_of(organization.pk, body)}
        values = _read(wire.NewCoupon, body, context)
        coupon_id = writing.create(organization, values, **self.history())
        return self.answered(self.shown(coupon_id), 201)


class OneCoupon(CouponDoor):
    @extend_schema(operation_id="get_coupon", responses=shapes.EVERYWHERE | {200: shapes.CouponAnswer})
    def get(self, request: Request, project_id: str, coupon_id: str) -> Response:
        return self.answered(self.shown(uuid_or_404(coupon_id, NO_COUPON)))

    @extend_schema(
        operation_id="update_coupon",
        request=shapes.ChangeBody,
        responses=shapes.WITH_BODY | {200: shapes.CouponAnswer},
    )
    def patch(self, request: Request, project_id: str, coupon_id: str) -> Response:
        sent, organization = body_of(request), self.organization
        coupon = self.standing(coupon_id)
        body = wire.by_table_names(sent, wire.TYPES[coupon.kind])
        values = _read(wire.CouponChanges, body, _context(organization, body, coupon))
        writing.change(organization, coupon, values, **self.history())
        return self.answered(self.shown(coupon.id))

    @extend_schema(operation_id="delete_coupon", responses=shapes.KEYED | {204: None})
    def delete(self, request: Request, project_id: str, coupon_id: str) -> Response:
        coupon = self.standing(coupon_id)
        if not coupon.archived:
            raise CouponNotArchived
        writing.delete(self.organization, coupon, **self.history())
        return Response(status=204)


class Validate(CouponDoor):
    permission_classes = [MayRead]

    @extend_schema(
        operation_id="validate_coupon",
        request=verdicts.Question,
        responses=shapes.WITH_BODY | {200: shapes.VerdictAnswer},
    )
    def post(self, request: Request, project_id: str) -> Response:
        values = _read(verdicts.Question, body_of(request), {})
        coupon_id = verdicts.coupon_with(self.caller.organization_id, values["code"])
        if coupon_id is None:
            raise Http404(NO_CODE)
        return self.answered(verdicts.verdict(self.organization, coupon_id, values, timezone.now()))


@extend_schema(exclude=True)
class Nothing(Door):
    """No address of the dialect; said to everybody, whatever the method."""

    authentication_classes = []
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404(NOTHING_HERE.message)


def _read(shape: type[wire.Strict], body: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    """Raises ValidationError with every fault."""
    form = shape(data=body, context=context)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def _context(organization: Organization, body: dict[str, Any], coupon: writing.Standing) -> dict[str, Any]:
    return {
        "zone": zone_of(organization),
        "plans": writing.plans_of(organization.pk, body, coupon),
        "coupon_type": wire.TYPES[coupon.kind],
        "currency": coupon.currency,
    }
