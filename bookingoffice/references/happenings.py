"""What changes of products, services, plans, bookings and their lines mean to whoever listens: just that they happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from bookingoffice.references.api.bookingmood import RESOURCES
from bookingoffice.webhooks.tellers import Change, Happening, Listening, Teller, made_changed_or_gone


def meaning(listening: Listening, changes: Sequence[Change]) -> Iterator[Happening]:
    """A line is told in turn with its booking."""
    for change in changes:
        booking = change.either.get("booking_id") if change.table == "line_items" else None
        yield made_changed_or_gone(change, UUID(booking) if booking else change.row_id)


TELLER = Teller(meaning=meaning, shown=RESOURCES)
