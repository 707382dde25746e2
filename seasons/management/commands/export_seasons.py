"""`export_seasons FILE`: Writes every season of an organization as CSV, XLSX or JSON."""

from __future__ import annotations

from bookingoffice.datafiles.commands import ExportCommand
from seasons.files import SeasonSheet


class Command(ExportCommand):
    help = "Writes every season of an organization as CSV, XLSX or JSON."
    sheet = SeasonSheet()
