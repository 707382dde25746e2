from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "bookingoffice.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"
