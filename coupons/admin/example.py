"""The stay that a coupon is tried on: a form of its own on the coupon's page, filled with an example to begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.admin.forms import CURRENCIES
from bookingoffice.accounts.models import Organization
from bookingoffice.errors import RuleViolation
from bookingoffice.money import is_currency, major_to_minor, minor_to_major, plain
from bookingoffice.references.models import Booking
from coupons.carts import MOST_NIGHTS, Cart, Customer, Line
from coupons.terms import Terms

PREFIX: Final = "try"
ROWS: Final = (0, 1, 2)
STAY: Final = ("arrives", "leaves", "guest", "before", "currency")
MORE: Final = ("booking", "booked_on", "beside", "plan", "period")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
LONGEST: Final = 200
SPECIMEN: Final = "guest@example.org"

Choices = list[tuple[str, Any]]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"min": EARLIEST.isoformat(), "max": LATEST.isoformat()})


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, input_formats=["%Y-%m-%d"], widget=DayInput())


def _text(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=LONGEST)


def _count(label: Any, least: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=least, max_value=2**31 - 1)


class ExampleForm(forms.Form):
    """Empty is a fact that nobody told us. With a booking, its own facts stand behind those that are given here."""

    arrives = _day(gettext_lazy("Arrives"))
    leaves = _day(gettext_lazy("Leaves"))
    booked_on = _day(gettext_lazy("Booked on"))
    guest = _text(gettext_lazy("Guest"))
    before = _count(gettext_lazy("Booked before"), 0)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False, choices=[("", "—"), *CURRENCIES])
    period = _count(gettext_lazy("Billing period"), 1)
    plan = forms.ChoiceField(label=gettext_lazy("Plan"), required=False)
    beside = _text(gettext_lazy("Other code"))
    booking = _text(gettext_lazy("Booking"))

    def __init__(self, organization: Organization, things: Any, data: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=PREFIX)
        self.organization = organization
        self.fields["plan"].choices = [("", "—"), *things.plans]  # type: ignore[attr-defined]
        for row in ROWS:
            named = {"number": row + 1}
            what = forms.ChoiceField(label=_("What, line %(number)s") % named, required=False)
            what.choices = things.lines
            self.fields[f"what_{row}"] = what
            for part, label in (("amount", _("Amount, line %(number)s")), ("tax", _("Tax in it, line %(number)s"))):
                self.fields[f"{part}_{row}"] = forms.DecimalField(label=label % named, required=False, min_value=0)

    def belong_to(self, form_id: str) -> None:
        """Fields stand among those of the coupon; this says with which form they are sent."""
        for field in self.fields.values():
            field.widget.attrs |= {"form": form_id, "class": "desk-input"}
        for name in (name for name in self.fields if name[-1].isdigit()):
            self.fields[name].widget.attrs["aria-label"] = str(self.fields[name].label)

    @property
    def stay(self) -> list[Any]:
        return [self[name] for name in STAY]

    @property
    def more(self) -> list[Any]:
        return [self[name] for name in MORE]

    @property
    def has_more(self) -> bool:
        return any(self[name].value() for name in MORE)

    @property
    def rows(self) -> list[list[Any]]:
        return [[self[f"{part}_{row}"] for part in ("what", "amount", "tax")] for row in ROWS]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("arrives") and given.get("leaves") and given["leaves"] < given["arrives"]:
            self.add_error("leaves", _("The guest leaves before arriving."))
        self.kept = self._booking(given.get("booking"))
        self.cart = self._cart(given)
        return given

    def _booking(self, reference: str | None) -> Booking | None:
        """The newest of that reference; its id is as good."""
        if not reference:
            return None
        bookings = Booking.objects.of(self.organization.pk)
        by: dict[str, Any] = {"pk": UUID(reference)} if _is_id(reference) else {"reference": reference}
        found: Booking | None = bookings.filter(**by).order_by("-created_at", "-id").first()
        if found is None:
            self.add_error("booking", _("There is no booking “%(reference)s”.") % {"reference": reference})
        return found

    def _cart(self, given: dict[str, Any]) -> Cart:
        guest = given.get("guest") or None
        of_mail = bool(guest and "@" in guest)
        return Cart(
            lines=tuple(self._lines(given)),
            currency=given.get("currency") or (None if self.kept else self.organization.currency),
            check_in=given.get("arrives"),
            check_out=given.get("leaves"),
            booked_on=given.get("booked_on"),
            customer=Customer(
                id=None if of_mail else guest, email=guest if of_mail else None, bookings_before=given.get("before")
            ),
            plan_id=UUID(given["plan"]) if given.get("plan") else None,
            period_number=given.get("period"),
        )

    def _lines(self, given: dict[str, Any]) -> Iterator[Line]:
        currency = given.get("currency") or self.organization.currency
        for row in ROWS:
            amount = self._minor(given, f"amount_{row}", currency)
            if amount is None:
                continue
            kind, _sep, key = (given.get(f"what_{row}") or "rent:").partition(":")
            tax = min(self._minor(given, f"tax_{row}", currency) or 0, amount)
            line = Line(amount, "fee" if kind == "fee" else "rent", tax_minor=tax, tax_included=True, id=str(row))
            thing = UUID(key) if key else None
            yield replace(line, service_id=thing) if kind == "fee" else replace(line, product_id=thing)

    def _minor(self, given: dict[str, Any], name: str, currency: str) -> int | None:
        amount: Decimal | None = given.get(name)
        if amount is None:
            return None
        try:
            return major_to_minor(amount, currency)
        except RuleViolation as violation:
            self.add_error(name, violation.sentence)
            return None

    def labels(self) -> dict[str, str]:
        """What each line is called, by its place."""
        words = {key: label for _group, choices in self.fields["what_0"].choices for key, label in choices}  # type: ignore[attr-defined]
        return {str(row): str(words.get(self.cleaned_data.get(f"what_{row}") or "rent:", "")) for row in ROWS}

    def faults(self) -> list[tuple[str, str]]:
        return [(str(self.fields[name].label), " ".join(map(str, errors))) for name, errors in self.errors.items()]


def specimen(terms: Terms, today: date) -> dict[str, str]:
    """A stay that is likely to get the coupon, to begin with: a week of what it is for, a month from now."""
    arrives = _arrival(terms, today)
    nights = min(max(7, terms.min_nights or 0), terms.max_nights or MOST_NIGHTS, MOST_NIGHTS)
    currency = (terms.currency if terms.kind == "amount" else terms.limit_currency) or ""
    product = next(iter(sorted(terms.products.included, key=str)), None)
    facts = {
        "arrives": arrives.isoformat(),
        "leaves": (arrives + timedelta(days=nights)).isoformat(),
        "guest": SPECIMEN,
        "before": "1" if terms.invitee_mode == "existing_users" else "0",
        "currency": currency,
        "plan": str(next(iter(sorted(terms.plans.included, key=str)), "")),
        "what_0": f"rent:{product or ''}",
        "amount_0": _rent(terms),
        **_fee(terms),
    }
    return {f"{PREFIX}-{name}": value for name, value in facts.items()}


def _arrival(terms: Terms, today: date) -> date:
    lead = min(max(30, terms.min_lead_days or 0), MOST_NIGHTS if terms.max_lead_days is None else terms.max_lead_days)
    first = today + timedelta(days=min(lead, MOST_NIGHTS))
    if terms.stay_from and first < terms.stay_from <= LATEST:
        first = terms.stay_from
    days = (first + timedelta(days=passed) for passed in range(7))
    return next((day for day in days if day.isoweekday() in terms.arrival_weekdays), first)


def _rent(terms: Terms) -> str:
    currency, least = terms.limit_currency, terms.min_spend_minor
    if least is None or currency is None or not is_currency(currency):
        return "700"
    return plain(max(Decimal(700), minor_to_major(least, currency)))


def _fee(terms: Terms) -> dict[str, str]:
    services = sorted(terms.services.included, key=str) if terms.scope == "service" else []
    return {"what_1": f"fee:{services[0]}", "amount_1": "60"} if services else {}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
