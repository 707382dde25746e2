"""Quote, reserve, redeem and release as functions of this dialect."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.database.backend.moments import read_instant
from bookingoffice.database.pipeline import connection_of, first_row
from bookingoffice.database.rows import query
from bookingoffice.errors import RuleViolation
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.functions import Function, Parameter
from coupons import ledger, services
from coupons.api.bookingmood.arguments import cart_of, coupon_of, instant_of, moment_of, truth_of, uuid_of
from coupons.api.bookingmood.uses import row_grammar_refusals
from coupons.carts import Cart
from coupons.services.quoting import quote_cart

Arguments = Mapping[str, Any]
SHOWN = """
SELECT row_to_json(shown) FROM (
    SELECT id, created_at, coupon_id, booking_id, state, expires_at, redeemed_at, amount_minor, currency
    FROM coupon_uses WHERE organization_id = %(organization_id)s AND id = %(id)s) AS shown
"""
INSTANTS = ("created_at", "expires_at", "redeemed_at")


def quote(caller: Caller, arguments: Arguments) -> dict[str, Any]:
    coupons = arguments.get("coupons", [])
    if not isinstance(coupons, list) or not all(isinstance(one, str) for one in coupons):
        raise Problem(400, "22P02", "coupons is a list of codes or ids")
    told = quote_cart(
        organization_of(caller),
        cart_of(arguments) or Cart(),
        [_id_or_code(one) for one in coupons],
        auto=truth_of(arguments, "auto"),
        moment=moment_of(arguments),
    )
    return told.told()


def reserve(caller: Caller, arguments: Arguments) -> dict[str, Any]:
    until, moment = instant_of(arguments, "until"), timezone.now()
    if until is None or until <= moment:
        raise RuleViolation("until_in_the_past", "A hold needs a deadline that has not come yet.", field="until")
    with row_grammar_refusals(), ledger.refusals():
        use_id = services.reserve(
            organization_of(caller),
            coupon_of(caller, arguments),
            uuid_of(arguments, "booking_id"),
            until=until,
            actor=actor_of(caller),
            moment=moment,
            cart=cart_of(arguments),
            later=True,
        )
        return _shown(caller, use_id)


def redeem(caller: Caller, arguments: Arguments) -> dict[str, Any]:
    with row_grammar_refusals(), ledger.refusals():
        use_id = services.redeem(
            organization_of(caller),
            coupon_of(caller, arguments),
            uuid_of(arguments, "booking_id"),
            actor=actor_of(caller),
            moment=timezone.now(),
            cart=cart_of(arguments),
            later=True,
        )
        return _shown(caller, use_id)


def release(caller: Caller, arguments: Arguments) -> None:
    coupon_id, booking_id = uuid_of(arguments, "coupon_id"), uuid_of(arguments, "booking_id")
    services.release(organization_of(caller), coupon_id, booking_id, actor=actor_of(caller), moment=timezone.now())


def _id_or_code(text: str) -> str | UUID:
    try:
        return UUID(text)
    except ValueError:
        return text


def _shown(caller: Caller, use_id: UUID) -> dict[str, Any]:
    """What was put off leaves with this."""
    asked = query(SHOWN, organization_id=caller.organization_id, id=use_id)
    [text] = first_row(connection_of(), asked)
    shown: dict[str, Any] = json.loads(text or b"")
    return shown | {name: read_instant(shown[name]) for name in INSTANTS}


COUPON = (Parameter("coupon_id", "uuid"), Parameter("code"))
BOOKING = Parameter("booking_id", "uuid", required=True)
FACTS = (Parameter("customer", "json"), Parameter("cart", "json"))

FUNCTIONS = (
    Function(
        "quote",
        quote,
        (
            Parameter("coupons", "text[]"),
            Parameter("cart", "json", required=True),
            Parameter("auto", "boolean"),
            Parameter("period_number", "integer"),
            Parameter("moment", "timestamptz"),
        ),
        reads_only=True,
        scope="read",
        description="What coupons come to on a cart, with every reason of a refusal. Writes nothing.",
    ),
    Function(
        "reserve",
        reserve,
        (*COUPON, BOOKING, Parameter("until", "timestamptz", required=True), *FACTS),
        scope="write_uses",
        status=201,
        refusals={"until_in_the_past": 400},
        description="Holds one use of a coupon for a booking until a deadline.",
    ),
    Function(
        "redeem",
        redeem,
        (*COUPON, BOOKING, *FACTS),
        scope="write_uses",
        status=201,
        description="Spends a coupon once on a booking and answers the amount taken.",
    ),
    Function(
        "release",
        release,
        (Parameter("coupon_id", "uuid", required=True), BOOKING),
        scope="write_uses",
        status=204,
        description="Gives a use or a hold back; no error when there was none.",
    ),
)
