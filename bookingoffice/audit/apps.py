from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "bookingoffice.audit"
    label = "audit"
    verbose_name = "History"
