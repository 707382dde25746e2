"""What a coupon is judged against: the lines of a price, the stay and the customer. None is a fact that nobody told us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal
from uuid import UUID

LineType = Literal["rent", "fee", "deposit"]
LINE_TYPES: Final = ("rent", "fee", "deposit")
MOST_NIGHTS: Final = 1000
"""Of a longer stay nobody asks for the nights one by one."""


@dataclass(frozen=True, slots=True)
class Line:
    """`amount_minor` is the whole line, its quantity included; `tax_minor` is in it or comes on top.

    A negative line is a discount that was given already. `id` is the line's own, where it has one.
    """

    amount_minor: int
    type: LineType = "rent"
    product_id: UUID | None = None
    service_id: UUID | None = None
    plan_id: UUID | None = None
    quantity: int = 1
    tax_minor: int = 0
    tax_included: bool = False
    id: str = ""

    @property
    def net_minor(self) -> int:
        """Before taxes."""
        return self.amount_minor - self.tax_minor if self.tax_included else self.amount_minor

    @property
    def priced(self) -> bool:
        """A deposit is handed back after the stay: it is no part of the price, so no coupon touches it."""
        return self.type != "deposit"


@dataclass(frozen=True, slots=True)
class Customer:
    """Known by `id`, else by `email`. `key` is how the ledger spells that (`id:77`), which only the database does."""

    id: str | None = None
    email: str | None = None
    bookings_before: int | None = None
    key: str | None = None

    def over(self, other: Customer) -> Customer:
        """Whom this names; somebody else's history is not taken over."""
        if self.id or self.email:
            return self
        before = other.bookings_before if self.bookings_before is None else self.bookings_before
        return replace(other, bookings_before=before, key=self.key or other.key)


NOBODY: Final = Customer()


@dataclass(frozen=True, slots=True)
class Held:
    """Another coupon that is on the booking already. What it took is gone before any other coupon is looked at."""

    coupon_id: UUID
    stackable: bool = True
    taken_minor: int = 0
    before_taxes: bool = False
    by_line: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Cart:
    """`booked_on` is the day of booking at the place let; `period_number` counts billing periods from 1."""

    lines: tuple[Line, ...] = ()
    currency: str | None = None
    check_in: date | None = None
    check_out: date | None = None
    booked_on: date | None = None
    customer: Customer = NOBODY
    plan_id: UUID | None = None
    period_number: int | None = None
    held: tuple[Held, ...] = ()

    @property
    def number_of_nights(self) -> int | None:
        if self.check_in is None or self.check_out is None:
            return None
        return (self.check_out - self.check_in).days

    @property
    def last_day(self) -> date | None:
        """The evening of the last night. A visit without a night is on its day of arrival."""
        if self.check_in is None or self.check_out is None:
            return None
        return self.check_out - timedelta(days=1) if self.check_out > self.check_in else self.check_in

    @cached_property
    def nights(self) -> tuple[date, ...] | None:
        """Every day of the stay by the date of its evening; None when unknown, reversed, or longer than MOST_NIGHTS."""
        number = self.number_of_nights
        if self.check_in is None or number is None or not 0 <= number <= MOST_NIGHTS:
            return None
        return tuple(self.check_in + timedelta(days=passed) for passed in range(max(number, 1)))

    @cached_property
    def product_ids(self) -> frozenset[UUID]:
        return frozenset(line.product_id for line in self.lines if line.product_id)

    @cached_property
    def plan_ids(self) -> frozenset[UUID]:
        named = (self.plan_id, *(line.plan_id for line in self.lines))
        return frozenset(plan_id for plan_id in named if plan_id)

    def over(self, other: Cart) -> Cart:
        """This cart's facts, and the other's where this one has none. Lines come from one of the two, never from both."""
        told = {name: getattr(self, name) for name in FACTS if getattr(self, name) not in (None, ())}
        return replace(other, customer=self.customer.over(other.customer), **told)


FACTS: Final = ("lines", "currency", "check_in", "check_out", "booked_on", "plan_id", "period_number", "held")
