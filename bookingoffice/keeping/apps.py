from django.apps import AppConfig


class KeepingConfig(AppConfig):
    name = "bookingoffice.keeping"
    label = "keeping"
    verbose_name = "Keeping"
