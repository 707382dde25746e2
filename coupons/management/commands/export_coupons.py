"""`export_coupons FILE`: Writes every coupon of an organization as CSV, XLSX or JSON."""

from __future__ import annotations

from bookingoffice.datafiles.commands import ExportCommand
from coupons.files import CouponSheet


class Command(ExportCommand):
    help = "Writes every coupon of an organization as CSV, XLSX or JSON."
    sheet = CouponSheet()
