"""A business to look around in: a year of bookings by a lake, with coupons and seasons of every kind."""

from bookingoffice.demo.making import DemoCredentials, create_demo

__all__ = ["DemoCredentials", "create_demo"]
