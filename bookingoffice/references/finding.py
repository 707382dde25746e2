"""Bookings by what a person types: a reference, a guest's address or number, whole or in part."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from uuid import UUID

from django.db.models import Q
from psycopg import sql

from bookingoffice.database.rows import execute
from bookingoffice.references.models import Booking

NEWEST: Final = 50_000
"""In so many bookings a part of a text is looked for."""
MOST_FOUND: Final = 500
PARTS: Final = """
SELECT newest.id FROM (
    SELECT id, reference, customer_email, customer_id FROM bookings WHERE organization_id = %(organization_id)s
    ORDER BY created_at DESC, id DESC LIMIT %(newest)s) AS newest
WHERE strpos(lower(concat_ws(' ', newest.reference, newest.customer_email, newest.customer_id)), lower(%(term)s)) > 0
LIMIT %(most)s
"""


def bookings_named(organization_id: UUID, term: str) -> Q:
    """What is typed whole is found by an index, and alone; only where no booking has it, parts are looked for in the newest.

    The index is of the texts as they are: row-level security keeps PostgreSQL from using one of what a function makes of them.
    """
    with suppress(ValueError):
        return Q(pk=UUID(term))
    spellings = {term, term.upper(), term.lower()}
    whole = Q(reference__in=spellings) | Q(customer_email__in=spellings)
    if Booking.objects.of(organization_id).filter(whole).exists():
        return whole
    found = execute(sql.SQL(PARTS), organization_id=organization_id, term=term, newest=NEWEST, most=MOST_FOUND)
    return Q(pk__in=[booking_id for (booking_id,) in found])
