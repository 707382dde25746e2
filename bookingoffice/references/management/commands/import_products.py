"""`import_products FILE`: Reads products from a CSV, XLSX or JSON file: all of them or none."""

from __future__ import annotations

from bookingoffice.datafiles.commands import ImportCommand
from bookingoffice.references.files import ProductSheet


class Command(ImportCommand):
    help = "Reads products from a CSV, XLSX or JSON file: all of them or none."
    sheet = ProductSheet()
