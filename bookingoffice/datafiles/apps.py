from __future__ import annotations

from django.apps import AppConfig


class DatafilesConfig(AppConfig):
    name = "bookingoffice.datafiles"
    label = "datafiles"
