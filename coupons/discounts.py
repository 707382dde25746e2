"""How much one coupon takes off what is left of a price, and from which lines. Whole minor units throughout.

Where the discount falls is its scope. `global` and `product` look at the total after taxes and leave the tax amounts as they
are. `rent` and `service` look at amounts before taxes, so the taxes of those lines follow. A percentage is rounded half up
once: on the whole base, or on each line of a service, since there it is computed once for each.

Lines of an excluded product or service are in no base, deposits neither. A negative line, a discount given earlier, lowers
the base it belongs to; nothing is ever taken from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from bookingoffice.money import percent_of
from coupons.carts import Cart, Held, Line
from coupons.terms import Terms


@dataclass(frozen=True, slots=True)
class Discount:
    """0 ≤ taken ≤ base; `by_line` has one part for each line of the cart and adds up to what is taken."""

    base_minor: int
    taken_minor: int
    by_line: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Remaining:
    """A price part way through its discounts: of each line, what was taken, and how much of that lowered its taxes too."""

    lines: tuple[Line, ...]
    taken: tuple[int, ...]
    untaxed: tuple[int, ...]

    @classmethod
    def of(cls, cart: Cart) -> Self:
        """What other coupons on the booking took is gone already: from their lines where these are known, else from all."""
        none = (0,) * len(cart.lines)
        remaining = cls(cart.lines, none, none)
        for held in cart.held:
            remaining = remaining.less(_parts_held(held, remaining), before_taxes=held.before_taxes)
        return remaining

    def net_left(self, place: int) -> int:
        """Before taxes. Taxes that stay as they are leave a discount after taxes to the net amount alone."""
        net = self.lines[place].net_minor
        return max(0, net - self.taken[place]) if net > 0 else net

    def tax(self, place: int) -> int:
        line = self.lines[place]
        if line.net_minor <= 0:
            return line.tax_minor
        return _half_up(line.tax_minor * max(0, line.net_minor - self.untaxed[place]), line.net_minor)

    def payable(self, place: int) -> int:
        """After taxes."""
        return self.lines[place].net_minor + self.tax(place) - self.taken[place]

    @property
    def places(self) -> tuple[int, ...]:
        return tuple(place for place, line in enumerate(self.lines) if line.priced)

    @property
    def tax_minor(self) -> int:
        return sum(self.tax(place) for place in self.places)

    @property
    def total_minor(self) -> int:
        """What the guest pays after taxes, deposits aside."""
        return max(0, sum(self.payable(place) for place in self.places))

    def less(self, parts: Sequence[int], *, before_taxes: bool) -> Self:
        taken = tuple(map(sum, zip(self.taken, parts, strict=True)))
        untaxed = tuple(map(sum, zip(self.untaxed, parts, strict=True))) if before_taxes else self.untaxed
        return type(self)(self.lines, taken, untaxed)


def discount(terms: Terms, remaining: Remaining) -> Discount:
    """What the coupon takes, its eligibility aside. An expression takes nothing: it cannot be computed."""
    places = base_places(terms, remaining)
    left = remaining.net_left if terms.before_taxes else remaining.payable
    amounts = [left(place) for place in places]
    base = max(0, min(sum(amounts), remaining.total_minor))
    positive = [max(0, amount) for amount in amounts]
    wanted = [_value(terms, amount) for amount in positive] if terms.scope == "service" else positive
    whole = sum(wanted) if terms.scope == "service" else _value(terms, base)
    taken = min(whole, base, *_caps(terms))
    parts = split(taken, wanted, key=lambda place: _likeness(remaining, places[place]))
    by_place = dict(zip(places, parts, strict=True))
    return Discount(base, taken, tuple(by_place.get(place, 0) for place in range(len(remaining.lines))))


def base_places(terms: Terms, remaining: Remaining) -> tuple[int, ...]:
    """Which lines the discount is computed from."""
    return tuple(place for place in remaining.places if line_matches(terms, remaining.lines[place]))


def line_matches(terms: Terms, line: Line) -> bool:
    if line.product_id in terms.products.excluded or line.service_id in terms.services.excluded:
        return False
    if terms.scope == "rent":
        return line.type == "rent" and (not terms.products.included or line.product_id in terms.products.included)
    if terms.scope == "service":
        return line.type == "fee" and line.service_id in terms.services.included
    return True


def split(
    amount: int, weights: Sequence[int], key: Callable[[int], tuple[object, ...]] = lambda place: (place,)
) -> list[int]:
    """Parts in proportion that add up to the amount: the units left over go to the largest remainders, then by `key`.

    No part exceeds its weight while the amount does not exceed their sum. All-zero weights take nothing, so the amount is 0.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(amount * weights[place] % whole), *key(place), place))
    for place in order[: amount - sum(parts)]:
        parts[place] += 1
    return parts


def _value(terms: Terms, base: int) -> int:
    if terms.kind == "percent" and terms.percent is not None:
        return percent_of(base, terms.percent)
    return min(terms.amount_minor or 0, base)


def _caps(terms: Terms) -> tuple[int, ...]:
    return tuple(cap for cap in (terms.max_discount_minor, terms.budget_left_minor) if cap is not None)


def _likeness(remaining: Remaining, place: int) -> tuple[object, ...]:
    """Tells lines apart by what they are and not by where they stand, so that their order changes no total."""
    line = remaining.lines[place]
    ids = (str(line.product_id), str(line.service_id), str(line.plan_id))
    return (
        -line.amount_minor,
        line.type,
        ids,
        line.tax_minor,
        line.tax_included,
        remaining.taken[place],
        remaining.untaxed[place],
    )


def _parts_held(held: Held, remaining: Remaining) -> list[int]:
    places = range(len(remaining.lines))
    open_ = [max(0, remaining.payable(place)) if remaining.lines[place].priced else 0 for place in places]
    known = [min(held.by_line.get(remaining.lines[place].id, 0), open_[place]) for place in places]
    weights = [there - gone for there, gone in zip(open_, known, strict=True)]
    rest = max(0, min(held.taken_minor - sum(known), sum(weights)))
    more = split(rest, weights, key=lambda place: _likeness(remaining, place))
    return [part + extra for part, extra in zip(known, more, strict=True)]


def _half_up(numerator: int, denominator: int) -> int:
    """A whole quotient; halves go away from zero, as everywhere money is rounded here."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))
