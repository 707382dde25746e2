from django.apps import AppConfig


class SeasonsConfig(AppConfig):
    name = "seasons"
    label = "seasons"
    verbose_name = "Seasons"

    def ready(self) -> None:
        from bookingoffice.webhooks.tellers import tells
        from seasons.happenings import TELLER

        tells(TELLER)
