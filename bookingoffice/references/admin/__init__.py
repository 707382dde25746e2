"""The rows that coupons point at: products, services, plans, and bookings with their lines."""

from bookingoffice.references.admin import bookings, catalogue

__all__ = ["bookings", "catalogue"]
