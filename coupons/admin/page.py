"""The form of one coupon: its fields, which of them show, and how it is saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.validators import MinValueValidator
from django.forms import IntegerField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.forms import MomentField
from bookingoffice.accounts.desk import actor_of, organization_of
from coupons import services
from coupons.admin.forms import CouponForm
from coupons.admin.layout import CHOICES, CLOSED, CONDITIONAL_FIELDS, FIELDSETS, HELP, LABELS, SENTENCES
from coupons.admin.targets import EXCEPT, keep_targets
from coupons.models import Coupon, Kind


class CouponPage:
    """Stands before a ModelAdmin."""

    form = CouponForm
    conditional_fields = CONDITIONAL_FIELDS
    sentences = SENTENCES
    fieldsets = FIELDSETS

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("expression", "data")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only a coupon that fields cannot say shows its expression, and only one with data of programs shows them."""
        shown = {"expression": obj and obj.kind == Kind.EXPRESSION, "data": obj and obj.metadata}
        hidden = [name for name, is_shown in shown.items() if not is_shown]
        return [
            (title, {**section, "fields": tuple(name for name in section["fields"] if name not in hidden)})
            for title, section in self.fieldsets
        ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        page: Any = super()
        name, field = db_field.name, page.formfield_for_dbfield(db_field, request, **kwargs)
        if name == "expires_at" and isinstance(field, MomentField):
            clock = field.help_text
            field = MomentField(required=False, widget=field.widget, ends=True)
            field.help_text = " ".join([_("A day without a time counts to its end."), str(clock)])
        if name == "limit_currency":
            field.initial = None
            field.help_text = _("Empty: %(currency)s.") % {"currency": organization_of(request).currency}
        return _named(field, name)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        rendered: Any = super()
        context["adminform"].fieldsets = list(opened(context["adminform"]))
        return rendered.render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        organization, row = organization_of(request), form.row()
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        if not change:
            [obj.pk] = services.create_coupons(organization, [row], **act)
        elif row:
            services.change_coupons(organization, [obj.pk], row, **act)
        for name, left_out in EXCEPT.items():
            if not change or {name, left_out} & set(form.changed_data):
                keep_targets(organization, obj.pk, name, form.cleaned_data, **act)

    @column(gettext_lazy("Expression"))
    def expression(self, coupon: Coupon) -> str:
        return _written(coupon.definition)

    @column(gettext_lazy("Data of programs"))
    def data(self, coupon: Coupon) -> str:
        return _written(coupon.metadata)


def _written(value: Any) -> str:
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False, default=str))


def opened(adminform: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """A closed section in which something is filled in or faulty stands open."""
    form = adminform.form
    for title, section in adminform.fieldsets:
        names = [name for line in section["fields"] for name in ([line] if isinstance(line, str) else line)]
        if any(name in form.fields and (name in form.errors or is_filled(form, name)) for name in names):
            section = {**section, "classes": [each for each in section.get("classes", ()) if each != CLOSED]}
        yield title, section


def is_filled(form: Any, name: str) -> bool:
    """Other than on the page of a new coupon."""
    value, begun = form[name].value(), form.fields[name].initial
    return bool(value) and str(value) != str(begun() if callable(begun) else begun)


def _named(field: Any, name: str) -> Any:
    if field is None:
        return None
    field.label = LABELS.get(name, field.label)
    field.help_text = HELP.get(name, field.help_text)
    if name in CHOICES:
        field.choices = CHOICES[name]
    if isinstance(field, IntegerField) and name != "priority":
        field.validators.append(MinValueValidator(0))
        field.widget.attrs["min"] = 0
    return field
