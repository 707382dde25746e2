"""The staff's door: organizations, members, keys, users and history; and what every other page of the admin is made of."""

from bookingoffice.accounts.admin import history, keys, members, organizations, users

__all__ = ["history", "keys", "members", "organizations", "users"]
