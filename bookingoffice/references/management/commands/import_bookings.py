"""`import_bookings FILE`: Reads bookings from a CSV, XLSX or JSON file: all of them or none."""

from __future__ import annotations

from bookingoffice.datafiles.commands import ImportCommand
from bookingoffice.references.files import BookingSheet


class Command(ImportCommand):
    help = "Reads bookings from a CSV, XLSX or JSON file: all of them or none."
    sheet = BookingSheet()
