"""Amounts, days and lists as a reader of the current language writes them. No database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Final

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from bookingoffice.money import exponent, is_currency, minor_to_major, plain

MOST_NAMED: Final = 3
"""Of a longer list the rest is counted."""
LAST_MINUTE: Final = time(23, 59)
SPACE: Final = "\N{NO-BREAK SPACE}"


def money(amount_minor: int, currency: str | None) -> str:
    """12.50 EUR, with all its decimals; minor units of a currency that nobody knows."""
    if not is_currency(currency) or currency is None:
        return f"{number(amount_minor)}{SPACE}{currency or ''}".rstrip()
    major = minor_to_major(amount_minor, currency)
    return f"{number_format(major, exponent(currency), use_l10n=True, force_grouping=True)}{SPACE}{currency}"


def short_money(amount_minor: int, currency: str | None) -> str:
    """25 EUR where nothing stands behind the point."""
    if is_currency(currency) and currency is not None and amount_minor % 10 ** exponent(currency) == 0:
        return f"{number(amount_minor // 10 ** exponent(currency))}{SPACE}{currency}"
    return money(amount_minor, currency)


def number(count: int) -> str:
    return number_format(count, use_l10n=True, force_grouping=True)


def percentage(percent: Decimal) -> str:
    return f"{number_format(Decimal(plain(percent)), use_l10n=True)}{SPACE}%"


def day(on: date) -> str:
    return date_format(on, "DATE_FORMAT")


def beginning(moment: datetime, zone: tzinfo) -> str:
    """The beginning of a day is the day."""
    local = _local(moment, zone)
    return day(local) if local.time() == time(0) else date_format(local, "DATETIME_FORMAT")


def ending(moment: datetime, zone: tzinfo) -> str:
    """The last minute of a day is the day."""
    local = _local(moment, zone)
    return day(local) if local.time() >= LAST_MINUTE else date_format(local, "DATETIME_FORMAT")


def any_of(names: Sequence[str]) -> str:
    """“A, B or C”; of many the first few and how many more."""
    shown, rest = list(names[:MOST_NAMED]), len(names) - MOST_NAMED
    if rest > 0:
        shown.append(_("%(number)s more") % {"number": number(rest)})
    if len(shown) < 2:
        return "".join(shown)
    return _("%(first)s or %(last)s") % {"first": ", ".join(shown[:-1]), "last": shown[-1]}


def _local(moment: datetime, zone: tzinfo) -> datetime:
    """The ends of the calendar stay where they are."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment
