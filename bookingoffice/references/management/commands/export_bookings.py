"""`export_bookings FILE`: Writes every booking of an organization as CSV, XLSX or JSON."""

from __future__ import annotations

from bookingoffice.datafiles.commands import ExportCommand
from bookingoffice.references.files import BookingSheet


class Command(ExportCommand):
    help = "Writes every booking of an organization as CSV, XLSX or JSON."
    sheet = BookingSheet()
