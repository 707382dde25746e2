from django.apps import AppConfig


class SeasonsConfig(AppConfig):
    name = "seasons"
    label = "seasons"
    verbose_name = "Seasons"
