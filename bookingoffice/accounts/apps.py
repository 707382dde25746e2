from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "bookingoffice.accounts"
    label = "accounts"
    verbose_name = "Organization"
