from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ReferencesConfig(AppConfig):
    name = "bookingoffice.references"
    label = "references"
    verbose_name = gettext_lazy("Products and bookings")

    def ready(self) -> None:
        from bookingoffice.references.happenings import TELLER
        from bookingoffice.webhooks.tellers import tells

        tells(TELLER)
