"""`import_seasons FILE`: Reads seasons from a CSV, XLSX or JSON file: all of them or none."""

from __future__ import annotations

from bookingoffice.datafiles.commands import ImportCommand
from seasons.files import SeasonSheet


class Command(ImportCommand):
    help = "Reads seasons from a CSV, XLSX or JSON file: all of them or none."
    sheet = SeasonSheet()
