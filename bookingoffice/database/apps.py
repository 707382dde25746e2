from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "bookingoffice.database"
    label = "database"
    verbose_name = "Database"

    def ready(self) -> None:
        from bookingoffice.database import checks  # noqa: F401  (registers itself)
