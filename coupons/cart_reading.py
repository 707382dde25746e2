"""A cart as a caller writes it in JSON. Numbers are int or Decimal, dates are ISO texts; money is whole minor units.

Absent and null are the same here: a fact that nobody told us. Every fault is told, unknown keys among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from bookingoffice.errors import Fault, Malformed
from bookingoffice.money import BIGGEST_MINOR, is_currency
from coupons.carts import LINE_TYPES, MOST_NIGHTS, Cart, Customer, Line

T = TypeVar("T")

MOST_LINES: Final = 1000
LONGEST_TEXT: Final = 500
COUNT: Final = 2**31 - 1
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

SPELLINGS: Final = {"item_type": "type", "product": "product_id", "service": "service_id", "plan": "plan_id"}
"""Other names under which a line or a cart may be written; both at once are a fault."""


def read_cart(given: object, *, field: str = "cart") -> Cart:
    """Raises Malformed with every fault; `path` points into the cart (`lines[0].amount_minor`)."""
    faults: list[Fault] = []
    reader = Reader(given, "", field, faults)
    cart = _cart(reader)
    if faults:
        raise Malformed(faults)
    return cart


class Reader:
    """Takes the keys of one JSON object one by one and notes what is wrong; a faulty value reads as None."""

    def __init__(self, given: object, path: str, field: str, faults: list[Fault]) -> None:
        self.path, self.field, self.faults = path, field, faults
        self.left: dict[str, Any] = {}
        if isinstance(given, Mapping):
            self._take_in(given)
        else:
            self.fault("", "not_object", "This is an object with named values.")

    def fault(self, name: str, code: str, message: str) -> None:
        path = ".".join(part for part in (self.path, name) if part)
        self.faults.append(Fault(self.field, code, message, path))

    def take(self, name: str, check: Callable[[Any], T | None], sentence: str) -> T | None:
        """`check` answers None for what is no such value, or raises ValueError."""
        value = self.left.pop(name, None)
        if value is None:
            return None
        try:
            read = check(value)
        except ValueError:
            read = None
        if read is None:
            self.fault(name, f"bad_{name}", sentence)
        return read

    def inner(self, given: object, path: str) -> Reader:
        return Reader(given, ".".join(part for part in (self.path, path) if part), self.field, self.faults)

    def finish(self) -> None:
        for name in self.left:
            self.fault(name, "unknown_key", "There is no such key here.")

    def _take_in(self, given: Mapping[str, Any]) -> None:
        for name, value in given.items():
            meant = SPELLINGS.get(name, name)
            if meant in self.left:
                self.fault(name, "given_twice", f"This is {meant} again.")
            self.left[meant] = value


def _cart(reader: Reader) -> Cart:
    lines = tuple(_lines(reader))
    customer = reader.left.pop("customer", None)
    cart = Cart(
        lines=lines,
        currency=reader.take("currency", _currency, "A currency is an upper-case ISO 4217 code."),
        check_in=reader.take("check_in", _day, "A date is written as 2027-06-15."),
        check_out=reader.take("check_out", _day, "A date is written as 2027-06-15."),
        booked_on=reader.take("booked_on", _day, "A date is written as 2027-06-15."),
        plan_id=reader.take("plan_id", _id, "A plan is named by its id, a UUID."),
        period_number=reader.take("period_number", _count(1), "Periods are counted from 1."),
        customer=_customer(reader.inner(customer, "customer")) if customer is not None else Customer(),
    )
    reader.finish()
    _judge_stay(reader, cart)
    return cart


def _lines(reader: Reader) -> Iterator[Line]:
    given = reader.left.pop("lines", None)
    lines = [] if given is None else given
    if not isinstance(lines, list) or len(lines) > MOST_LINES:
        reader.fault("lines", "bad_lines", f"The lines are a list of at most {MOST_LINES}.")
        return
    for place, line in enumerate(lines):
        yield _line(reader.inner(line, f"lines[{place}]"))


def _line(reader: Reader) -> Line:
    """Without a type a line with a service is a fee, every other one is rent."""
    if reader.left.get("amount_minor") is None:
        reader.fault("amount_minor", "missing_amount_minor", "A line has an amount in whole minor units.")
    service_id = reader.take("service_id", _id, "A service is named by its id, a UUID.")
    line_type = reader.take("type", _line_type, f"A line is one of {', '.join(LINE_TYPES)}.")
    line = Line(
        amount_minor=reader.take("amount_minor", _amount, "An amount is a whole number of minor units.") or 0,
        type=line_type or ("fee" if service_id else "rent"),
        product_id=reader.take("product_id", _id, "A product is named by its id, a UUID."),
        service_id=service_id,
        plan_id=reader.take("plan_id", _id, "A plan is named by its id, a UUID."),
        quantity=_or(reader.take("quantity", _count(0), "A quantity is a whole number."), 1),
        tax_minor=reader.take("tax_minor", _amount, "Taxes are a whole number of minor units.") or 0,
        tax_included=_or(reader.take("tax_included", _truth, "This is true or false."), False),
    )
    reader.finish()
    return line


def _customer(reader: Reader) -> Customer:
    customer = Customer(
        id=reader.take("id", _text, "A customer's id is a text.") or None,
        email=reader.take("email", _text, "An e-mail address is a text.") or None,
        bookings_before=reader.take("bookings_before", _count(0), "Earlier bookings are a whole number."),
    )
    reader.finish()
    return customer


def _judge_stay(reader: Reader, cart: Cart) -> None:
    nights = cart.number_of_nights
    if nights is not None and nights < 0:
        reader.fault("check_out", "stay_reversed", "Check-out does not come before check-in.")
    if nights is not None and nights > MOST_NIGHTS:
        reader.fault("check_out", "too_many_nights", f"A stay has at most {MOST_NIGHTS} nights.")
    if sum(abs(line.amount_minor) + abs(line.tax_minor) for line in cart.lines) > BIGGEST_MINOR:
        reader.fault("lines", "amount_too_large", "Together the amounts are larger than can be kept.")


def _or(value: T | None, default: T) -> T:
    return default if value is None else value


def _amount(value: Any) -> int | None:
    return value if type(value) is int and abs(value) <= BIGGEST_MINOR else None


def _count(least: int) -> Callable[[Any], int | None]:
    return lambda value: value if type(value) is int and least <= value <= COUNT else None


def _currency(value: Any) -> str | None:
    return str(value) if is_currency(value) else None


def _day(value: Any) -> date | None:
    day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    return day if day and EARLIEST <= day <= LATEST else None


def _id(value: Any) -> UUID | None:
    return value if isinstance(value, UUID) else UUID(value) if isinstance(value, str) else None


def _line_type(value: Any) -> Any:
    return value if value in LINE_TYPES else None


def _text(value: Any) -> str | None:
    """No text of PostgreSQL holds the zero character, and half a surrogate pair is no character at all."""
    printable = (
        isinstance(value, str) and "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    )
    return str(value) if printable and len(value) <= LONGEST_TEXT else None


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
