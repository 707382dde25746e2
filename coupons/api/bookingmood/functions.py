"""Making many codes and counting what came of coupons, as functions of this dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils import timezone

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.functions import Function, Parameter
from bookingoffice.postgrest.resources import Column
from coupons.api.bookingmood.arguments import instant_of, uuid_of
from coupons.generation import DEFAULT
from coupons.services.generation import Wanted
from coupons.services.generation import generate_coupons as generate
from coupons.services.statistics import PERIODS, Asked, statistics

Arguments = Mapping[str, Any]


def generate_coupons(caller: Caller, arguments: Arguments) -> dict[str, Any]:
    template = arguments["coupon"]
    if not isinstance(template, Mapping):
        raise Problem(400, "22P02", "coupon is an object: the columns that all the coupons share")
    count = _integer(arguments, "count")
    wanted = Wanted(
        count=count or 0,
        template=template,
        pattern=_text(arguments, "pattern") or DEFAULT,
        prefix=_text(arguments, "prefix"),
        label=_text(arguments, "label"),
        quota=_integer(arguments, "quota"),
    )
    batch_id = generate(organization_of(caller), wanted, actor=actor_of(caller), moment=timezone.now())
    return {"batch_id": batch_id, "count": count}


def coupon_statistics(caller: Caller, arguments: Arguments) -> list[dict[str, Any]]:
    period, by = arguments.get("period"), arguments.get("by") or "coupon"
    if period not in (None, *PERIODS):
        raise Problem(400, "22023", f"period is one of {', '.join(PERIODS)}")
    if by not in ("coupon", "batch"):
        raise Problem(400, "22023", "by is coupon or batch")
    asked = Asked(
        coupon_id=_id(arguments, "coupon_id"),
        batch_id=_id(arguments, "batch_id"),
        beginning=instant_of(arguments, "from"),
        ending=instant_of(arguments, "to"),
        period=period,
        together=by == "batch",
    )
    return [asdict(row) for row in statistics(organization_of(caller), asked, moment=timezone.now())]


def _integer(arguments: Arguments, name: str) -> int | None:
    value = arguments.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31):
        return value
    raise Problem(400, "22P02", f'invalid input syntax for type integer: "{value}"')


def _text(arguments: Arguments, name: str) -> str:
    value = arguments.get(name)
    if value is None or (isinstance(value, str) and "\0" not in value):
        return value or ""
    raise Problem(400, "22P02", f"{name} is a text without NUL characters")


def _id(arguments: Arguments, name: str) -> UUID | None:
    return None if arguments.get(name) is None else uuid_of(arguments, name)


RESULT = (
    Column("coupon_id", "uuid"),
    Column("batch_id", "uuid"),
    Column("period", "date"),
    Column("currency", "text"),
    Column("uses", "bigint"),
    Column("live_holds", "bigint"),
    Column("customers", "bigint"),
    Column("discount_minor", "bigint"),
    Column("revenue_minor", "bigint"),
    Column("first_use_at", "timestamp with time zone"),
    Column("last_use_at", "timestamp with time zone"),
)

FUNCTIONS = (
    Function(
        "generate_coupons",
        generate_coupons,
        (
            Parameter("count", "integer", required=True),
            Parameter("coupon", "json", required=True),
            Parameter("prefix"),
            Parameter("pattern"),
            Parameter("label"),
            Parameter("quota", "integer"),
        ),
        scope="write",
        status=201,
        refusals=dict.fromkeys(("count_out_of_range", "pattern_too_small"), 400),
        description="Makes many coupons with random codes, alike in all else; the codes are then coupons?batch_id=eq.<batch_id>.",
    ),
    Function(
        "coupon_statistics",
        coupon_statistics,
        (
            Parameter("coupon_id", "uuid"),
            Parameter("batch_id", "uuid"),
            Parameter("from", "timestamptz"),
            Parameter("to", "timestamptz"),
            Parameter("period"),
            Parameter("by"),
        ),
        reads_only=True,
        scope="read",
        returns=RESULT,
        description="Uses, live holds, customers, discount and revenue by coupon (or batch), period and currency.",
    ),
)
