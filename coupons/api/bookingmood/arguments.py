"""Arguments of the functions, read and refused in the words that PostgreSQL would use for a value of the wrong type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from bookingoffice.database.backend.moments import EARLIEST, LATEST
from bookingoffice.database.pipeline import connection_of, first_row
from bookingoffice.database.rows import query
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.errors import Problem
from coupons.cart_reading import read_cart
from coupons.carts import Cart

BY_CODE = """
SELECT id FROM coupons WHERE organization_id = %(organization_id)s
AND code_key = public.coupon_code_key(%(code)s) AND deleted_at IS NULL
"""


def uuid_of(arguments: Mapping[str, Any], name: str) -> UUID:
    value = arguments.get(name)
    try:
        return UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise Problem(400, "22P02", f'invalid input syntax for type uuid: "{value}"') from None


def instant_of(arguments: Mapping[str, Any], name: str) -> datetime | None:
    """An ISO instant; one without an offset is UTC, a bare date its first moment. Of the years 1 to 9999, where every zone has a
    day for it."""
    value = arguments.get(name)
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise Problem(400, "22007", f'invalid input syntax for type timestamp with time zone: "{value}"') from None
    if not EARLIEST <= instant.replace(tzinfo=None) <= LATEST:
        raise Problem(400, "22008", f'timestamp out of range: "{value}"')
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def moment_of(arguments: Mapping[str, Any]) -> datetime:
    return instant_of(arguments, "moment") or timezone.now()


def truth_of(arguments: Mapping[str, Any], name: str) -> bool:
    value = arguments.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Problem(400, "22P02", f'invalid input syntax for type boolean: "{value}"')


def coupon_of(caller: Caller, arguments: Mapping[str, Any]) -> UUID:
    """By `coupon_id`, or by `code` in any spelling; exactly one of them."""
    if (arguments.get("coupon_id") is None) == (arguments.get("code") is None):
        raise Problem(400, "22023", "Give either coupon_id or code")
    if arguments.get("coupon_id") is not None:
        return uuid_of(arguments, "coupon_id")
    found = _coupon_by_code(caller, arguments["code"])
    if found is None:
        message = 'insert or update on table "coupon_uses" violates foreign key constraint "coupon_uses_coupon_id_fkey"'
        raise Problem(409, "23503", message, "No coupon has this code.")
    return found


def cart_of(arguments: Mapping[str, Any]) -> Cart | None:
    """`cart`, with `customer` and `period_number` beside it taken in; None where none of them is given."""
    given = arguments.get("cart")
    beside = {name: arguments[name] for name in ("customer", "period_number") if arguments.get(name) is not None}
    if given is None and not beside:
        return None
    if not isinstance(given, Mapping | None):
        return read_cart(given)
    if isinstance(beside.get("customer"), str):
        beside["customer"] = {"id": beside["customer"]}
    return read_cart({**(given or {}), **beside})


def _coupon_by_code(caller: Caller, code: object) -> UUID | None:
    if not isinstance(code, str) or "\0" in code:
        raise Problem(400, "22P02", "invalid code")
    row = first_row(connection_of(), query(BY_CODE, organization_id=caller.organization_id, code=code))
    return UUID(bytes=row[0]) if row else None
