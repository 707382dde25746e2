from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    name = "bookingoffice.idempotency"
    label = "idempotency"
    verbose_name = "Idempotency keys"
