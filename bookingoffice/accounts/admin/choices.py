"""Choosing among an organization's rows, asked once for a whole page however many rows of it choose."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminSelect2MultipleWidget, UnfoldAdminSelectWidget

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """What is no key is shown as no row, whatever an address proposes or a form sends."""

    def prepare_value(self, value: Any) -> Any:
        key = super().prepare_value(value)
        with suppress(ValueError):
            return str(UUID(str(key)))
        return None


class KnownChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The rows are read when the field is made; rendering and cleaning ask nothing more."""

    def __init__(self, model: Any, organization_id: UUID, **kwargs: Any) -> None:
        rows = model.objects.of(organization_id)
        self.known = {str(row.pk): row for row in rows}
        super().__init__(rows, **kwargs)
        self.choices = [("", "—"), *sorted(((key, str(row)) for key, row in self.known.items()), key=_by_label)]

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        row = self.known.get(str(getattr(value, "pk", value)))
        if row is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return row

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


def one_of(model: Any, organization_id: UUID, *, label: str) -> KnownChoiceField:
    return KnownChoiceField(model, organization_id, label=label, required=False, widget=UnfoldAdminSelectWidget())


def some_of(rows: Any, *, label: Words, help_text: Words = "") -> forms.ModelMultipleChoiceField:  # type: ignore[type-arg]
    """`rows` may be set later, when the form knows its organization."""
    return forms.ModelMultipleChoiceField(
        rows, required=False, label=label, help_text=help_text, widget=UnfoldAdminSelect2MultipleWidget()
    )


def _by_label(choice: tuple[str, str]) -> str:
    return choice[1].casefold()
