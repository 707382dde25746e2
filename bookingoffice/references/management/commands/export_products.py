"""`export_products FILE`: Writes every product of an organization as CSV, XLSX or JSON."""

from __future__ import annotations

from bookingoffice.datafiles.commands import ExportCommand
from bookingoffice.references.files import ProductSheet


class Command(ExportCommand):
    help = "Writes every product of an organization as CSV, XLSX or JSON."
    sheet = ProductSheet()
