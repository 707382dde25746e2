"""What a coupon came to, in words for people."""

from __future__ import annotations

from bookingoffice import money
from coupons.discounts import Discount
from coupons.reasons import sentence_of
from coupons.terms import Terms

BASES = {
    "global": "the total after taxes",
    "product": "the total after taxes",
    "rent": "the rent before taxes",
    "service": "the fees before taxes, each service by itself",
}


def explained(
    terms: Terms | None, reasons: tuple[str, ...], found: Discount | None = None, currency: str | None = None
) -> str:
    """One paragraph: why not, or how much of what."""
    if reasons:
        return " ".join(map(sentence_of, reasons))
    if terms is None or found is None or terms.kind == "expression":
        return "This coupon may be used; its discount is not computed here."
    base, taken = (in_words(amount, currency) for amount in (found.base_minor, found.taken_minor))
    return f"{_value(terms)} off {BASES[terms.scope]} ({base}) takes {taken}{_limits(terms, found)}."


def in_words(amount_minor: int, currency: str | None) -> str:
    """Major units where the currency is known: 12.5 EUR."""
    if not money.is_currency(currency) or currency is None:
        return str(amount_minor)
    return f"{money.major_text(amount_minor, currency)} {currency}"


def _value(terms: Terms) -> str:
    if terms.kind == "percent" and terms.percent is not None:
        return f"{money.plain(terms.percent)} %"
    return in_words(terms.amount_minor or 0, terms.currency)


def _limits(terms: Terms, found: Discount) -> str:
    """Names the limit that the discount has come up against."""
    if found.taken_minor == terms.budget_left_minor:
        return ", which is all that is left of its budget"
    if found.taken_minor == terms.max_discount_minor:
        return ", the most that one use may take"
    return ""
