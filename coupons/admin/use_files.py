"""The uses that a list was narrowed to, for a spreadsheet: major units, the organization's clock, names instead of ids."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

from django.db import connection
from django.http import FileResponse
from django.utils import timezone
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.datafiles.downloads import statement_of
from coupons.admin.exports import attached

# What a guest may have typed must not become a formula in a spreadsheet, so such a text gets an apostrophe before it.
SAFE: Final = "regexp_replace({}, '^([=+@\\t\\r-])', '''\\1')"

USES: Final = """
COPY (
    SELECT {code} AS coupon, {name} AS coupon_name, {reference} AS booking, bookings.check_in, bookings.check_out,
        {customer} AS customer,
        CASE WHEN uses.state = 'redeemed' THEN 'redeemed' WHEN uses.expires_at > {now} THEN 'reserved' ELSE 'hold expired' END
            AS state,
        round(uses.amount_minor / power(10::numeric, public.currency_exponent(uses.currency)),
            public.currency_exponent(uses.currency)) AS amount,
        uses.currency, {created_at} AS made, {redeemed_at} AS redeemed, {expires_at} AS reserved_until,
        {batch} AS batch, uses.id, uses.coupon_id, uses.booking_id
    FROM coupon_uses AS uses
    JOIN coupons ON coupons.organization_id = {organization} AND coupons.id = uses.coupon_id
    JOIN bookings ON bookings.organization_id = {organization} AND bookings.id = uses.booking_id
    LEFT JOIN coupon_batches AS batches ON batches.organization_id = {organization} AND batches.id = uses.batch_id
    WHERE uses.organization_id = {organization} AND uses.id IN ({chosen})
    ORDER BY uses.created_at, uses.id
) TO STDOUT (FORMAT csv, HEADER)
"""


def uses_file(organization: Organization, queryset: Any) -> FileResponse:
    return attached(_pieces(organization, queryset), "coupon-uses")


def _pieces(organization: Organization, queryset: Any) -> Generator[bytes, None, None]:
    """As PostgreSQL writes them."""
    statement = sql.SQL(USES).format(
        code=_safe("coupons", "code"),
        name=_safe("coupons", "name"),
        reference=_safe("bookings", "reference"),
        customer=_safe("uses", "customer_key"),
        batch=_safe("batches", "label"),
        **{name: _clock(name) for name in ("created_at", "redeemed_at", "expires_at")},
        now=sql.Literal(timezone.now()),
        organization=sql.Literal(organization.pk),
        chosen=statement_of(queryset.values("pk")),
    )
    with connection.cursor() as cursor, cursor.copy(statement.as_string(cursor.cursor)) as copy:
        for piece in copy:
            yield bytes(piece)


def _safe(table: str, column: str) -> sql.Composed:
    return sql.SQL(SAFE).format(sql.Identifier(table, column))


def _clock(column: str) -> sql.Composed:
    zone = sql.Literal(str(timezone.get_current_timezone()))
    return sql.SQL("to_char(uses.{} AT TIME ZONE {}, 'YYYY-MM-DD HH24:MI:SS')").format(sql.Identifier(column), zone)
