from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class SeasonsConfig(AppConfig):
    name = "seasons"
    label = "seasons"
    verbose_name = gettext_lazy("Seasons")

    def ready(self) -> None:
        from bookingoffice.audit.words import says
        from bookingoffice.webhooks.tellers import tells
        from seasons.happenings import TELLER
        from seasons.history import dates_said, days_said

        tells(TELLER)
        says("seasons", "value", days_said)
        says("season_years", "dates", dates_said)
