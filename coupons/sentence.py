"""A coupon read back in one sentence, in the reader's language: what it gives, and everything that limits it. No database.

“20 % off rent, for stays of 3 nights or more, 40 uses, 12 left, once per guest, not with other coupons.”
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coupons.stay_clauses import Names, named, of_the_stay
from coupons.terms import Terms
from coupons.wording import beginning, day, ending, number, percentage, short_money


def sentence(terms: Terms, names: Names, zone: tzinfo) -> str:
    """`names` are those of products, services, plans and seasons by their ids; moments are told by the clock of `zone`.

    What everybody presumes is left out: once, in a booking's own period, for every guest, beside other coupons.
    """
    clauses = [
        _head(terms, names),
        *_of_money(terms),
        *_of_targets(terms, names),
        *of_the_stay(terms, names),
        *_of_customers(terms),
        *_of_payments(terms),
        *_of_time(terms, zone),
        *_of_counts(terms),
        *_of_company(terms),
        *_of_staff(terms, zone),
    ]
    return f"{', '.join(clauses)}."


def _head(terms: Terms, names: Names) -> str:
    base = _base(terms, names)
    if terms.kind == "expression":
        return _("A discount that only its expression tells, on %(base)s") % {"base": base}
    return _("%(value)s off %(base)s") % {"value": _value(terms), "base": base}


def _value(terms: Terms) -> str:
    """Dots for what is not filled in yet."""
    if terms.kind == "percent":
        return "… %" if terms.percent is None else percentage(terms.percent)
    return "…" if terms.amount_minor is None else short_money(terms.amount_minor, terms.currency)


def _base(terms: Terms, names: Names) -> str:
    products, services = terms.products.included, terms.services.included
    match terms.scope:
        case "rent" if products:
            return _("the rent of %(products)s") % {"products": named(products, names)}
        case "rent":
            return _("rent")
        case "product" if products:
            return _("bookings of %(products)s") % {"products": named(products, names)}
        case "product":
            return _("bookings of chosen products (none is chosen yet)")
        case "service" if services:
            return _("fees for %(services)s") % {"services": named(services, names)}
        case "service":
            return _("fees of chosen services (none is chosen yet)")
    return _("the whole booking")


def _of_money(terms: Terms) -> Iterator[str]:
    if terms.max_discount_minor is not None:
        yield _("at most %(money)s each time") % {"money": short_money(terms.max_discount_minor, terms.limit_currency)}
    if terms.min_spend_minor is not None:
        yield _("for bookings of %(money)s or more") % {
            "money": short_money(terms.min_spend_minor, terms.limit_currency)
        }


def _of_targets(terms: Terms, names: Names) -> Iterator[str]:
    if gone := terms.products.excluded | terms.services.excluded:
        yield _("not for %(things)s") % {"things": named(gone, names)}
    if terms.plans.included:
        yield _("on the plan %(plans)s") % {"plans": named(terms.plans.included, names)}
    elif terms.plan_scope == "specific":
        yield _("on chosen plans (none is chosen yet)")
    if terms.plans.excluded:
        yield _("not on the plan %(plans)s") % {"plans": named(terms.plans.excluded, names)}


def _of_customers(terms: Terms) -> Iterator[str]:
    if terms.invitee_mode == "new_users":
        yield _("for new guests only")
    if terms.invitee_mode == "existing_users":
        yield _("only for guests who have booked before")


def _of_payments(terms: Terms) -> Iterator[str]:
    if terms.renewal_constraint == "first_payment":
        yield _("on a first payment only")
    if terms.renewal_constraint == "renewals":
        yield _("on renewals only")
    if terms.repeat == "forever":
        yield _("for every billing period")
    if terms.repeat == "limited":
        yield _periods(terms.repeat_count or 1, terms.repeat_unit)


def _periods(count: int, unit: str | None) -> str:
    match unit:
        case "days":
            words = ngettext("for %(number)s day", "for %(number)s days", count)
        case "weeks":
            words = ngettext("for %(number)s week", "for %(number)s weeks", count)
        case "months":
            words = ngettext("for %(number)s month", "for %(number)s months", count)
        case "years":
            words = ngettext("for %(number)s year", "for %(number)s years", count)
        case _other:
            words = ngettext("for %(number)s billing period", "for %(number)s billing periods", count)
    return words % {"number": number(count)}


def _of_time(terms: Terms, zone: tzinfo) -> Iterator[str]:
    first, last = terms.valid_from, terms.expires_at
    if first and last:
        yield _("valid from %(first)s until %(last)s") % {"first": beginning(first, zone), "last": ending(last, zone)}
    elif first:
        yield _("valid from %(moment)s on") % {"moment": beginning(first, zone)}
    elif last:
        yield _("valid until %(moment)s") % {"moment": ending(last, zone)}


def _of_counts(terms: Terms) -> Iterator[str]:
    if terms.quota is None:
        yield _("any number of uses")
    else:
        yield ngettext("%(number)s use", "%(number)s uses", terms.quota) % {"number": number(terms.quota)}
        yield from _left(terms.quota, terms.live_uses)
    if terms.batch_quota is not None:
        words = ngettext(
            "%(number)s use with its whole batch", "%(number)s uses with its whole batch", terms.batch_quota
        )
        yield words % {"number": number(terms.batch_quota)}
        yield from _left(terms.batch_quota, terms.batch_uses)
    if (each := terms.max_per_customer) is not None:
        yield ngettext("once per guest", "%(number)s times per guest", each) % {"number": number(each)}
    if terms.budget_minor is not None:
        yield _("at most %(money)s in all") % {"money": short_money(terms.budget_minor, terms.limit_currency)}
        if terms.budget_spent_minor:
            yield _("%(left)s left") % {"left": short_money(terms.budget_left_minor or 0, terms.limit_currency)}


def _left(quota: int, used: int) -> Iterator[str]:
    if used:
        yield _("%(left)s left") % {"left": number(max(0, quota - used))}


def _of_company(terms: Terms) -> Iterator[str]:
    if not terms.stackable:
        yield _("not with other coupons")
    if terms.priority:
        yield _("priority %(number)s among coupons on one booking") % {"number": number(terms.priority)}
    if terms.auto_apply:
        yield _("applied without a code")


def _of_staff(terms: Terms, zone: tzinfo) -> Iterator[str]:
    if terms.archived_at:
        yield _("archived on %(day)s") % {"day": day(terms.archived_at.astimezone(zone))}
    if terms.deleted_at:
        yield _("deleted on %(day)s") % {"day": day(terms.deleted_at.astimezone(zone))}
