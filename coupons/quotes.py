"""Several coupons on one cart: which of them may be used, what each takes and from which lines, and what is left to pay.

The order is stated once (`terms.stated_order`) and the order of typing never matters. Each coupon sees what the ones before
it left. A coupon that stands alone and another one cannot both be given: of coupons that were asked for, the first in the
stated order is; automatic ones only join where they push out nothing. A coupon that is refused counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from coupons.carts import Cart
from coupons.discounts import Discount, Remaining, discount
from coupons.eligibility import in_order, reasons_against
from coupons.explanations import explained
from coupons.terms import Terms, stated_order


@dataclass(frozen=True, slots=True)
class CouponQuote:
    """What one coupon comes to. `by_line` has a part for each line of the cart and adds up to `taken_minor`.

    `coupon_id` is None for a code that nobody knows. `computable` is false for an expression, whose use has no amount.
    """

    coupon_id: UUID | None
    code: str
    reasons: tuple[str, ...]
    base_minor: int = 0
    taken_minor: int = 0
    by_line: tuple[int, ...] = ()
    automatic: bool = False
    computable: bool = True
    explanation: str = ""

    @property
    def eligible(self) -> bool:
        return not self.reasons

    def told(self) -> dict[str, Any]:
        """JSON-able, for doors that have no shape of their own."""
        return {**asdict(self), "reasons": list(self.reasons), "by_line": list(self.by_line), "eligible": self.eligible}


@dataclass(frozen=True, slots=True)
class Totals:
    """After taxes and deposits aside; `tax_minor` is the part of it that is tax, `by_line` what each line comes to."""

    total_minor: int
    tax_minor: int
    by_line: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Coupons in the stated order. `after` is less than `before` by what was taken and by the taxes that went with it."""

    currency: str | None
    coupons: tuple[CouponQuote, ...]
    before: Totals
    after: Totals

    @property
    def taken_minor(self) -> int:
        return sum(coupon.taken_minor for coupon in self.coupons)

    def told(self) -> dict[str, Any]:
        """JSON-able, for doors that have no shape of their own."""
        totals = {
            name: {**asdict(one), "by_line": list(one.by_line)}
            for name, one in (("before", self.before), ("after", self.after))
        }
        coupons = [coupon.told() for coupon in self.coupons]
        return {"currency": self.currency, "taken_minor": self.taken_minor, "coupons": coupons, **totals}


@dataclass(frozen=True, slots=True)
class _Step:
    """One coupon in its turn, and what it leaves to the next."""

    terms: Terms
    found: Discount
    outcome: CouponQuote
    after: Remaining


Judged = tuple[Terms, tuple[str, ...]]
"""A coupon and the reasons against it."""


def quote(terms: Sequence[Terms], cart: Cart, moment: datetime, *, automatic: Sequence[Terms] = ()) -> Quote:
    """`automatic` coupons are told of only where they are given.

    What coupons on the booking took already is gone before `before`.
    """
    before = Remaining.of(cart)
    steps = list(_given(terms, cart, moment, before, automatic=automatic))
    after = steps[-1].after if steps else before
    told = tuple(replace(one.outcome, explanation=_explained(one, cart)) for one in steps)
    return Quote(cart.currency, told, _totals(before), _totals(after))


def outcomes(terms: Sequence[Terms], cart: Cart, moment: datetime) -> dict[UUID, CouponQuote]:
    """What `quote` says of each coupon whose use is being recorded, unexplained. Here an expression is no reason."""
    steps = _given(terms, cart, moment, Remaining.of(cart), recording=True)
    return {one.terms.id: one.outcome for one in steps}


def _given(
    terms: Sequence[Terms],
    cart: Cart,
    moment: datetime,
    remaining: Remaining,
    *,
    automatic: Sequence[Terms] = (),
    recording: bool = False,
) -> Iterator[_Step]:
    """The coupons in the stated order, each with what it takes of what the ones before it left."""
    asked = [(one, _reasons(one, cart, moment, recording=recording)) for one in _once(terms)]
    offered = [(one, _reasons(one, cart, moment, recording=recording)) for one in _once(automatic, besides=terms)]
    given = _standing_together([*_willing(asked), *_willing(offered)], cart)
    volunteers = {one.id for one, _ in offered} & given
    judged = [*_with_refusals(asked, given), *((one, ()) for one, _ in offered if one.id in volunteers)]
    for one, reasons in sorted(judged, key=lambda pair: stated_order(pair[0])):
        found = discount(one, remaining) if not reasons else _nothing(one, remaining)
        remaining = remaining.less(found.by_line, before_taxes=one.before_taxes)
        yield _Step(one, found, _outcome(one, reasons, found, automatic=one.id in volunteers), remaining)


def unknown_coupon(code: str, cart: Cart) -> CouponQuote:
    reasons = ("coupon_not_found",)
    return CouponQuote(None, code, reasons, by_line=(0,) * len(cart.lines), explanation=explained(None, reasons))


def _once(terms: Iterable[Terms], *, besides: Iterable[Terms] = ()) -> list[Terms]:
    """A coupon that is named twice is one coupon."""
    named = {one.id for one in besides}
    return [one for one in {one.id: one for one in terms}.values() if one.id not in named]


def _reasons(terms: Terms, cart: Cart, moment: datetime, *, recording: bool) -> tuple[str, ...]:
    reasons = set(reasons_against(terms, cart, moment))
    if terms.kind == "expression" and not recording:
        reasons.add("expression_not_computable")
    return in_order(reasons)


def _willing(judged: Iterable[Judged]) -> list[Terms]:
    return sorted((one for one, reasons in judged if not reasons), key=stated_order)


def _standing_together(candidates: Sequence[Terms], cart: Cart) -> set[UUID]:
    """The coupons that are given: each joins unless it or one that is there already stands alone."""
    there = [held.stackable for held in cart.held]
    given: set[UUID] = set()
    for one in candidates:
        if not there or (one.stackable and all(there)):
            there.append(one.stackable)
            given.add(one.id)
    return given


def _with_refusals(asked: Iterable[Judged], given: set[UUID]) -> Iterable[Judged]:
    for one, reasons in asked:
        yield one, reasons or (() if one.id in given else ("not_stackable",))


def _nothing(terms: Terms, remaining: Remaining) -> Discount:
    """A refused coupon still says what its base would have been."""
    return Discount(discount(terms, remaining).base_minor, 0, (0,) * len(remaining.lines))


def _outcome(terms: Terms, reasons: tuple[str, ...], found: Discount, *, automatic: bool) -> CouponQuote:
    return CouponQuote(
        terms.id,
        terms.code,
        reasons,
        found.base_minor,
        found.taken_minor,
        found.by_line,
        automatic,
        computable=terms.kind != "expression",
    )


def _explained(step: _Step, cart: Cart) -> str:
    return explained(step.terms, step.outcome.reasons, step.found, cart.currency)


def _totals(remaining: Remaining) -> Totals:
    by_line = tuple(map(remaining.payable, range(len(remaining.lines))))
    return Totals(remaining.total_minor, remaining.tax_minor, by_line)
