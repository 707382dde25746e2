from django.apps import AppConfig


class ReferencesConfig(AppConfig):
    name = "bookingoffice.references"
    label = "references"
    verbose_name = "Products and bookings"
