"""The HTTP side of the row grammar: an Engine is mounted with the resources and functions it serves."""

from bookingoffice.postgrest.views.engine import Engine

__all__ = ["Engine"]
