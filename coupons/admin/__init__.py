"""The staff's door to coupons and their uses."""

from coupons.admin import coupons, uses

__all__ = ["coupons", "uses"]
