"""Coupons and bookings by number, so that pgbench and a caller over HTTP can name any of them without a list."""

from __future__ import annotations

COUPON = "00000000-0000-7000-9000-"
BOOKING = "00000000-0000-7000-8000-"


def coupon_id(number: int) -> str:
    return f"{COUPON}{number:012x}"


def booking_id(number: int) -> str:
    return f"{BOOKING}{number:012x}"


def coupon_sql(number: str) -> str:
    return _sql(COUPON, number)


def booking_sql(number: str) -> str:
    return _sql(BOOKING, number)


def _sql(beginning: str, number: str) -> str:
    return f"('{beginning}' || lpad(to_hex({number}::bigint), 12, '0'))::uuid"
