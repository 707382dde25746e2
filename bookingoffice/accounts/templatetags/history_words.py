"""History in words, for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from bookingoffice.audit import words
from bookingoffice.audit.models import AuditEntry

register = template.Library()


@register.filter
def deed(entry: AuditEntry) -> str:
    return words.deed(entry.action, entry.table_name, entry.row_label)


@register.filter
def in_words(changes: Mapping[str, Any]) -> list[str]:
    return list(words.changes_in_words(changes))
