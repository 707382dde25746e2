"""What a person chose, kept with the person: it holds on every machine and in every organization."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class StaffLanguage(models.Model):
    """No row: the browser is asked."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    language = models.TextField(choices=settings.LANGUAGES)

    class Meta:
        db_table = "staff_languages"

    def __str__(self) -> str:
        return self.language
