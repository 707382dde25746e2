"""The form of every page: knows its organization, and shows beside its fields what a service refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.admin.meanwhile import changed_meanwhile
from bookingoffice.accounts.models import Organization
from bookingoffice.errors import Fault, RuleViolation
from bookingoffice.money import EXPONENTS, major_to_minor

CURRENCIES = [(code, code) for code in sorted(EXPONENTS)]
DAY_BEGINS, DAY_ENDS = time(0), time(23, 59, 59)
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody else has changed this since the page was opened. Open the page again to see how it is now, or save once more to"
    " write over it."
)


class TenantForm(forms.ModelForm):  # type: ignore[type-arg]
    """`organization` and `refused` belong to one request: the page makes a class of its own for each."""

    organization: ClassVar[Organization]
    refused: ClassVar[Sequence[Fault]] = ()
    columns: ClassVar[Mapping[str, str]] = {}
    """Columns that the form shows under another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, CodeField) and not self.instance._state.adding:
                field.keep(self.initial.get(name))

    def _post_clean(self) -> None:
        """The constraints are left to the database, which judges them when the row is saved, without a query for each."""
        self.instance.validate_constraints = lambda exclude=None: None
        super()._post_clean()  # type: ignore[misc]
        for fault in self.refused or self._changed_meanwhile():
            self.show(fault)

    def _changed_meanwhile(self) -> Iterator[Fault]:
        for name in () if self.instance._state.adding else changed_meanwhile(self):
            yield Fault(name, "changed_meanwhile", str(CHANGED_MEANWHILE))

    def show(self, fault: Fault) -> None:
        """Beside its field where the form has it, else above the form."""
        field = self.columns.get(fault.field, fault.field)
        self.add_error(field if field in self.fields else None, fault.message)

    def minor(self, name: str, currency: str) -> int | None:
        """The field's amount in minor units of the currency. None where it is empty or has just been refused."""
        amount: Decimal | None = self.cleaned_data.get(name)
        if amount is None:
            return None
        try:
            return major_to_minor(amount, currency)
        except RuleViolation as violation:
            self.add_error(name, violation.sentence)
            return None


class CodeField(forms.TypedChoiceField):
    """A currency or a time zone. A program may have kept one that we do not know: without it in the list the browser
    would choose the first, and whoever saves anything else of the row would save that.
    """

    def keep(self, present: str | None) -> None:
        if present and not self.valid_value(present):
            self.choices = [(present, present), *self.choices]  # type: ignore[misc]


class MomentField(forms.SplitDateTimeField):
    """A day and, where it matters, a time: without one the day counts from its beginning, or to its end."""

    def __init__(self, *args: Any, ends: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.time_of_day = DAY_ENDS if ends else DAY_BEGINS

    def prepare_value(self, value: Any) -> Any:
        """An address may propose one by the organization's clock, `?expires_at=2027-05-01`; what else it says is none."""
        if not isinstance(value, str):
            return value
        with suppress(ValueError):
            said = datetime.fromisoformat(value)
            return None if said.tzinfo else said
        return None

    def compress(self, data_list: Any) -> datetime | None:
        if not data_list:
            return None
        day, at = data_list
        if not day:
            raise ValidationError(self.error_messages["invalid_date"], code="invalid_date")
        moment: datetime = from_current_timezone(datetime.combine(day, at or self.time_of_day))
        return moment
