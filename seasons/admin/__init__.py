"""The staff's door to seasons."""

from seasons.admin import seasons

__all__ = ["seasons"]
