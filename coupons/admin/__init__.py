"""The staff's door to coupons and their uses."""

from coupons.admin import coupons, generation, uses

__all__ = ["coupons", "generation", "uses"]
