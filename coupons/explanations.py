"""What a coupon came to, in words for people."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookingoffice import money
from coupons.discounts import Discount
from coupons.reasons import sentence_of
from coupons.terms import Terms

BASES = {
    "global": gettext_noop("the total after taxes"),
    "product": gettext_noop("the total after taxes"),
    "rent": gettext_noop("the rent before taxes"),
    "service": gettext_noop("the fees before taxes, each service by itself"),
}
TAKES = gettext_noop("%(value)s off %(base)s (%(amount)s) takes %(taken)s.")
TAKES_WHAT_IS_LEFT = gettext_noop(
    "%(value)s off %(base)s (%(amount)s) takes %(taken)s, which is all that is left of its budget."
)
TAKES_THE_MOST = gettext_noop("%(value)s off %(base)s (%(amount)s) takes %(taken)s, the most that one use may take.")


def explained(
    terms: Terms | None, reasons: tuple[str, ...], found: Discount | None = None, currency: str | None = None
) -> str:
    """One paragraph: why not, or how much of what."""
    if reasons:
        return " ".join(map(sentence_of, reasons))
    if terms is None or found is None or terms.kind == "expression":
        return _("This coupon may be used; its discount is not computed here.")
    base, taken = (in_words(amount, currency) for amount in (found.base_minor, found.taken_minor))
    told = {"value": _value(terms), "base": _(BASES[terms.scope]), "amount": base, "taken": taken}
    return _(_limited(terms, found)) % told


def in_words(amount_minor: int, currency: str | None) -> str:
    """Major units where the currency is known: 12.5 EUR."""
    if not money.is_currency(currency) or currency is None:
        return str(amount_minor)
    return f"{money.major_text(amount_minor, currency)} {currency}"


def _value(terms: Terms) -> str:
    if terms.kind == "percent" and terms.percent is not None:
        return f"{money.plain(terms.percent)} %"
    return in_words(terms.amount_minor or 0, terms.currency)


def _limited(terms: Terms, found: Discount) -> str:
    """Names the limit that the discount has come up against."""
    if found.taken_minor == terms.budget_left_minor:
        return TAKES_WHAT_IS_LEFT
    return TAKES_THE_MOST if found.taken_minor == terms.max_discount_minor else TAKES
