"""One value of the history as its reader writes such things: a day, an amount, a name, a yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db import models
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from bookingoffice.audit.columns import field_of, nothing_in_words
from bookingoffice.money import exponent, is_currency, minor_to_major, plain

LONGEST: Final = 120
MOST_LISTED: Final = 12
SPACE: Final = "\N{NO-BREAK SPACE}"
LAST_MINUTE: Final = time(23, 59)
ENDS: Final = frozenset({"expires_at"})

NameOf = Callable[[str, str], str]
"""From the column and the id in it to the name of the row it points at."""


def value_in_words(table: str, column: str, value: Any, *, name_of: NameOf, currency: str | None) -> str:
    if value is None:
        return nothing_in_words(column)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _listed([_one(table, column, each, name_of, currency) for each in value]) or nothing_in_words(column)
    return _one(table, column, value, name_of, currency)


def _one(table: str, column: str, value: Any, name_of: NameOf, currency: str | None) -> str:
    field = field_of(table, column)
    if column.endswith("_minor") and isinstance(value, int):
        return money_in_words(value, currency)
    if column == "percent":
        return _percent(value)
    if column == "arrival_weekdays":
        return str(WEEKDAYS.get(int(value) - 1, value))
    if isinstance(value, dict):
        return texts_of(value) or _("changed")
    return _by_type(field, column, value, name_of)


def _by_type(field: models.Field[Any, Any] | None, column: str, value: Any, name_of: NameOf) -> str:
    inner = getattr(field, "base_field", field)
    if choice := dict(getattr(inner, "flatchoices", None) or ()).get(value):
        return str(choice)
    if isinstance(inner, models.DateTimeField):
        return _moment(str(value), ends=column in ENDS)
    if isinstance(inner, models.DateField):
        return _day(str(value))
    if isinstance(value, int) and not isinstance(field, models.ForeignKey):
        return str(number_format(value, use_l10n=True))
    return _cut(name_of(column, str(value)))


def money_in_words(amount_minor: int, currency: str | None) -> str:
    """12.50 EUR; minor units where nobody knows the currency."""
    if currency is None or not is_currency(currency):
        return _("%(amount)s in the smallest unit") % {"amount": number_format(amount_minor, use_l10n=True)}
    major = minor_to_major(amount_minor, currency)
    return f"{number_format(major, exponent(currency), use_l10n=True, force_grouping=True)}{SPACE}{currency}"


def texts_of(value: Mapping[str, Any]) -> str | None:
    """A name in several languages; None for anything else."""
    if "default" not in value or not all(isinstance(text, str) for text in value.values()):
        return None
    default, others = value["default"], {tag: text for tag, text in value.items() if tag != "default" and text}
    return ", ".join([default, *(f"{text} ({tag})" for tag, text in others.items())])


def _percent(value: Any) -> str:
    try:
        return f"{number_format(Decimal(plain(Decimal(str(value)))), use_l10n=True)}{SPACE}%"
    except InvalidOperation:
        return str(value)


def _moment(text: str, *, ends: bool) -> str:
    """A deadline at the end of a day, and a beginning at its start, are the day. What Python cannot read stays as it is."""
    try:
        local = timezone.localtime(datetime.fromisoformat(text))
        if ends and local.time() == time(0):
            return date_format(local - timedelta(days=1), "DATE_FORMAT")
    except (ValueError, OverflowError):
        return text
    whole = local.time() >= LAST_MINUTE if ends else local.time() == time(0)
    return date_format(local, "DATE_FORMAT" if whole else "DATETIME_FORMAT")


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        return text


def _listed(texts: list[str]) -> str:
    rest = len(texts) - MOST_LISTED
    more = [_("%(number)s more") % {"number": rest}] if rest > 0 else []
    return ", ".join([*texts[:MOST_LISTED], *more])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
