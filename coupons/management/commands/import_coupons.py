"""`import_coupons FILE`: Reads coupons from a CSV, XLSX or JSON file: all of them or none."""

from __future__ import annotations

from bookingoffice.datafiles.commands import ImportCommand
from coupons.files import CouponSheet


class Command(ImportCommand):
    help = "Reads coupons from a CSV, XLSX or JSON file: all of them or none."
    sheet = CouponSheet()
