"""What became of a coupon on the example, as its page tells it: a verdict, every reason against it, and the bill line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coupons.services.trying import Trial
from coupons.stay_clauses import Names
from coupons.told_reasons import Case, reason_in_words
from coupons.wording import money, number, percentage

BASES: Final = {
    "global": gettext_lazy("the total after taxes"),
    "product": gettext_lazy("the total after taxes"),
    "rent": gettext_lazy("the rent before taxes"),
    "service": gettext_lazy("the fees before taxes"),
}
TYPES: Final = {"rent": gettext_lazy("Rent"), "fee": gettext_lazy("Fee"), "deposit": gettext_lazy("Deposit")}

Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Answer:
    """`rows` are what, price, taken off, to pay; the last one is the sum. `faults` are what the example itself lacks."""

    verdict: str
    eligible: bool = False
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()


def answer_of(trial: Trial, names: Names, zone: tzinfo, labels: Mapping[str, str]) -> Answer:
    """`labels` name the lines of the example by their ids; those of a booking are named by their kind."""
    outcome, case = trial.outcome, Case(trial.terms, trial.cart, names, zone)
    if outcome.reasons:
        words = ngettext("No, for %(number)s reason:", "No, for %(number)s reasons:", len(outcome.reasons))
        told = tuple(reason_in_words(code, case) for code in outcome.reasons)
        return Answer(words % {"number": number(len(told))}, reasons=told)
    taken = money(outcome.taken_minor, trial.cart.currency)
    verdict = _("Yes: it takes %(money)s off.") % {"money": taken}
    return Answer(verdict, eligible=True, notes=tuple(_notes(trial)), rows=tuple(_rows(trial, labels)))


def _notes(trial: Trial) -> Iterator[str]:
    terms, outcome, currency = trial.terms, trial.outcome, trial.cart.currency
    base = {"base": BASES[terms.scope], "money": money(outcome.base_minor, currency)}
    if terms.kind == "percent" and terms.percent is not None:
        yield _("%(percent)s of %(base)s, which is %(money)s.") % {**base, "percent": percentage(terms.percent)}
    else:
        yield _("Taken from %(base)s, which is %(money)s.") % base
    if outcome.taken_minor == terms.budget_left_minor:
        yield _("That is all that is left of its budget.")
    elif outcome.taken_minor == terms.max_discount_minor:
        yield _("That is the most that one use may take.")
    for other in trial.quote.coupons:
        if other is not outcome:
            words = (
                _("Beside it, %(code)s takes %(money)s off.") if other.eligible else _("%(code)s is refused beside it.")
            )
            yield words % {"code": other.code, "money": money(other.taken_minor, currency)}


def _rows(trial: Trial, labels: Mapping[str, str]) -> Iterator[Row]:
    outcome, before, after = trial.outcome, trial.quote.before, trial.quote.after
    currency = trial.cart.currency
    lines = zip(trial.cart.lines, outcome.by_line, before.by_line, after.by_line, strict=True)
    for line, taken, price, left in lines:
        label = labels.get(line.id) or str(TYPES[line.type])
        yield label, money(price, currency), money(taken, currency), money(left, currency)
    sums = (before.total_minor, outcome.taken_minor, after.total_minor)
    yield (_("Total"), *(money(one, currency) for one in sums))  # type: ignore[misc]
