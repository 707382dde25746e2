from django.apps import AppConfig


class LanguagesConfig(AppConfig):
    name = "bookingoffice.languages"
    label = "languages"
    verbose_name = "Languages"
