"""What a coupon asks of the stay, in words: nights, dates, seasons, arrival and how long ahead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coupons.terms import Terms
from coupons.wording import any_of, day, number

Names = Mapping[UUID, str]
WEEKDAYS: Final = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


def named(ids: Collection[UUID], names: Names) -> str:
    """In the order of the alphabet; what has no name any more is told as gone."""
    return any_of(sorted((names.get(one) or _("one that is gone") for one in ids), key=str.casefold))


def of_the_stay(terms: Terms, names: Names) -> Iterator[str]:
    nights, dates = _nights(terms), _dates(terms)
    if nights or dates:
        yield " ".join(part for part in (_("for %(stays)s") % {"stays": nights or _("stays")}, dates) if part)
    if terms.season_ids:
        yield _("every night in %(seasons)s") % {"seasons": named(terms.season_ids, names)}
    if terms.blackout_dates:
        yield _("not on %(days)s") % {"days": any_of([day(one) for one in sorted(terms.blackout_dates)])}
    if terms.arrival_weekdays:
        yield _("arriving on %(weekdays)s") % {"weekdays": weekdays_named(terms.arrival_weekdays)}
    if ahead := between(terms.min_lead_days, terms.max_lead_days, _AHEAD):
        yield ahead


def weekdays_named(weekdays: Collection[int]) -> str:
    """A week is short enough to be told whole."""
    days = [str(WEEKDAYS[place - 1]) for place in sorted(set(weekdays))]
    if len(days) < 2:
        return "".join(days)
    return _("%(first)s or %(last)s") % {"first": ", ".join(days[:-1]), "last": days[-1]}


def _nights(terms: Terms) -> str:
    return between(terms.min_nights, terms.max_nights, _STAYS)


def _dates(terms: Terms) -> str:
    first, last = terms.stay_from, terms.stay_until
    if first and last:
        return _("between %(first)s and %(last)s") % {"first": day(first), "last": day(last)}
    if first:
        return _("from %(day)s on") % {"day": day(first)}
    return _("until %(day)s") % {"day": day(last)} if last else ""


Template = Callable[[int], str]
Templates = tuple[Template, Template, Template, Template]
"""At least, at most, exactly, from … to: each chosen by its number, for the plural."""

_STAYS: Final[Templates] = (
    lambda n: ngettext("stays of %(least)s night or more", "stays of %(least)s nights or more", n),
    lambda n: ngettext("stays of at most %(most)s night", "stays of at most %(most)s nights", n),
    lambda n: ngettext("stays of %(most)s night", "stays of %(most)s nights", n),
    lambda n: ngettext("stays of %(least)s to %(most)s night", "stays of %(least)s to %(most)s nights", n),
)
_AHEAD: Final[Templates] = (
    lambda n: ngettext("booked at least %(least)s day ahead", "booked at least %(least)s days ahead", n),
    lambda n: ngettext("booked at most %(most)s day ahead", "booked at most %(most)s days ahead", n),
    lambda n: ngettext("booked %(most)s day ahead", "booked %(most)s days ahead", n),
    lambda n: ngettext("booked %(least)s to %(most)s day ahead", "booked %(least)s to %(most)s days ahead", n),
)


def between(least: int | None, most: int | None, templates: Templates) -> str:
    """Empty where neither end is given."""
    at_least, at_most, exactly, from_to = templates
    if least is None and most is None:
        return ""
    numbers = {"least": number(least or 0), "most": number(most or 0)}
    if most is None:
        return at_least(least or 0) % numbers
    if least is None:
        return at_most(most) % numbers
    return (exactly if least == most else from_to)(most) % numbers
