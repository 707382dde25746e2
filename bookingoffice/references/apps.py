from django.apps import AppConfig


class ReferencesConfig(AppConfig):
    name = "bookingoffice.references"
    label = "references"
    verbose_name = "Products and bookings"

    def ready(self) -> None:
        from bookingoffice.references.happenings import TELLER
        from bookingoffice.webhooks.tellers import tells

        tells(TELLER)
