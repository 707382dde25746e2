from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class WebhooksConfig(AppConfig):
    name = "bookingoffice.webhooks"
    label = "webhooks"
    verbose_name = gettext_lazy("Webhooks")

    def ready(self) -> None:
        from bookingoffice.watching.metrics import asked
        from bookingoffice.webhooks.backlog import backlog

        asked.append(backlog)
