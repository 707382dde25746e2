"""Texts in several languages, as a field of forms: the default text, then a row a language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _

from bookingoffice.accounts.admin.rendering import RowsWidget
from bookingoffice.localized import DEFAULT, name_faults

PARTS = ("tag", "text")
Rows = list[dict[str, str]]


class TextsWidget(RowsWidget):
    template_name = "admin/widgets/texts.html"
    spare = 2

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        default, *others = value if isinstance(value, list) else rows_of(value or {})
        blank = [{"tag": "", "text": ""} for _ in range(self.spare)]
        rows = [{**row, "faults": self.faults.get(place)} for place, row in enumerate([*others, *blank])]
        return {**context, "default": default["text"], "rows": rows, "opened": bool(others)}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Rows:
        return [{"tag": DEFAULT, "text": data.get(name, "").strip()}, *self.posted_rows(data, name, PARTS)]


class TextsField(forms.Field):
    """Cleans to `{"default": text, "nl": text}`. A row without a text is a language given up."""

    widget = TextsWidget

    def clean(self, value: Any) -> dict[str, str]:
        rows: Rows = value if isinstance(value, list) else rows_of(value or {})
        for row in rows:
            ProhibitNullCharactersValidator()(row["tag"] + row["text"])
        if self.required and not rows[0]["text"]:
            raise ValidationError(self.error_messages["required"], code="required")
        kept = [(place - 1, row) for place, row in enumerate(rows) if row["text"] or place == 0]
        self._refuse(kept)
        return {row["tag"]: row["text"] for _, row in kept}

    def _refuse(self, kept: list[tuple[int, dict[str, str]]]) -> None:
        """Each row is held against those before it, so that a language given twice is told at the second."""
        before: dict[str, str] = {}
        for place, row in kept:
            faults = [fault.message for fault in name_faults({**before, row["tag"]: row["text"]})]
            if row["tag"] in before:
                faults = [_("This language is given twice.")]
            if faults:
                self.widget.faults[place] = faults
            else:
                before[row["tag"]] = row["text"]
        if self.widget.faults:
            raise ValidationError(_("A language is not right; see its row."), code="invalid")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or {})
        except ValidationError:
            return True


def rows_of(texts: dict[str, str] | str) -> Rows:
    """A bare text, as an address with `?name=` proposes one, is the default."""
    if isinstance(texts, str):
        texts = {DEFAULT: texts}
    others = [{"tag": tag, "text": text} for tag, text in texts.items() if tag != DEFAULT]
    return [{"tag": DEFAULT, "text": texts.get(DEFAULT, "")}, *others]
