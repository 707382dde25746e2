import sys

from django.apps import AppConfig

LONGEST_NUMBER = 131_072 + 16_383
"""Digits of a number that PostgreSQL keeps in a JSON; Python would not read the longest of them, and the page with it fail."""


class DatabaseConfig(AppConfig):
    name = "bookingoffice.database"
    label = "database"
    verbose_name = "Database"

    def ready(self) -> None:
        sys.set_int_max_str_digits(LONGEST_NUMBER)
        from bookingoffice.database import checks  # noqa: F401  (registers itself)
