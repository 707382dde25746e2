"""The page of a table of one organization: scoped, by role, saved with its history, refusals shown kindly."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold.admin import checkbox
from unfold.forms import AdminForm
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from bookingoffice.accounts.admin import drawing
from bookingoffice.accounts.admin.choices import RowField
from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.forms import CURRENCIES, CodeField, MomentField, TenantForm
from bookingoffice.accounts.admin.kindly import Kindly
from bookingoffice.accounts.admin.meanwhile import drawn
from bookingoffice.accounts.admin.paging import UNNARROWED, CappedPaginator, HouseChangeList, NarrowedPaginator
from bookingoffice.accounts.admin.past import WithHistory
from bookingoffice.accounts.admin.roles import ByRole
from bookingoffice.accounts.admin.searching import containing
from bookingoffice.accounts.admin.texts import TextsField
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.audit.rows import LABELS
from bookingoffice.audit.writing import witnessed
from bookingoffice.records import uuid7

drawing.install()


class TenantAdmin(WithHistory, ByRole, Kindly):  # type: ignore[misc]
    """Pages of tables with a service override `save_model` and `delete_queryset`; the others save the plain row."""

    form: Any = TenantForm
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_filter_sheet = False
    only_save = False
    """One button: what was saved is not edited on."""
    localized: ClassVar[Sequence[str]] = ()
    """Columns of texts in several languages."""

    # -- whose rows

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(organization_id=organization_of(request).pk)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """`?_to_field=` with nothing in it names no column."""
        return super().get_object(request, object_id, from_field or None)

    def row_at(self, request: HttpRequest, object_id: str) -> Any:
        """What an address names; with a made-up key it leads nowhere."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        return record

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        return (queryset.filter(self.search_condition(term)) if term else queryset), False

    def search_condition(self, term: str) -> Q:
        """Rows in which any of `search_fields` holds the term as it was typed."""
        return containing(term, self.search_fields, self.localized)

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any) -> Any:
        if request.GET.keys() <= UNNARROWED:
            return super().get_paginator(request, queryset, per_page, *args, **kwargs)
        rows = self.get_queryset(request)
        rows.query.select_related = queryset.query.select_related
        return NarrowedPaginator(queryset, per_page, rows=rows)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return HouseChangeList

    @column(mark_safe(checkbox.render("action_toggle_all", 1)))  # noqa: S308  # the theme's own
    def action_checkbox(self, obj: Any) -> SafeString:
        return drawing.tick_box(obj.pk)

    # -- the form

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Whole for who may only look, too: Django would leave out every field (`change`) and the page show nothing."""
        form: Any = super().get_form(request, obj, False, **kwargs)
        form.organization = organization_of(request)
        form.refused = getattr(request, "refused", ())
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.localized:
            return TextsField(required=db_field.name != "description", label=capfirst(db_field.verbose_name))
        if isinstance(db_field, models.DateTimeField):
            clock = _("By the clock of %(timezone)s.") % {"timezone": organization_of(request).timezone}
            kwargs |= {"form_class": MomentField, "widget": UnfoldAdminSplitDateTimeWidget, "help_text": clock}
        elif db_field.name.endswith("currency"):
            return self._currency_field(db_field, request)
        elif isinstance(db_field, models.TextField) and not db_field.choices:
            long = db_field.name == "description"
            kwargs |= {"widget": UnfoldAdminExpandableTextareaWidget if long else UnfoldAdminTextInputWidget}
            kwargs |= {"empty_value": None} if db_field.null else {}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def _currency_field(self, db_field: Any, request: HttpRequest) -> CodeField:
        """The organization's currency comes first to mind."""
        return CodeField(
            choices=[*([("", "—")] if db_field.null else []), *CURRENCIES],
            required=not db_field.null,
            empty_value=None,
            initial=organization_of(request).currency,
            label=capfirst(db_field.verbose_name),
            widget=UnfoldAdminSelectWidget(),
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        target = db_field.remote_field.model
        if hasattr(target._default_manager, "of"):
            kwargs |= {"queryset": target._default_manager.of(organization_of(request).pk), "form_class": RowField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if self.only_save:
            context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        record = kwargs.get("obj")
        if record is not None and not self.has_change_permission(request, record):
            context["adminform"] = self._locked(request, record, context["adminform"].form)
        elif record is not None:
            context["drawn"] = drawn(context["adminform"].form)
        return super().render_change_form(request, context, *args, **kwargs)

    def _locked(self, request: HttpRequest, record: Any, form: Any) -> AdminForm:
        """Who may only look sees the same form."""
        for field in form.fields.values():
            field.disabled = True
        readonly = self.get_readonly_fields(request, record)
        return AdminForm(form, list(self.get_fieldsets(request, record)), {}, readonly, model_admin=self)

    # -- saving and deleting

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.organization_id = organization_of(request).pk
        obj.pk = obj.pk or uuid7()  # forms of rows inside this one have taken its new id away
        with self.witnessed(request, [obj.pk]):
            obj.save()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.forms:
            row.instance.organization_id = organization_of(request).pk
        ids = [row.instance.pk for row in formset.forms]
        with self.witnessed(request, ids, formset.model):
            formset.save()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_queryset(request, self.get_queryset(request).filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        with self.witnessed(request, ids):
            self.get_queryset(request).filter(pk__in=ids).order_by()._raw_delete("default")

    def witnessed(self, request: HttpRequest, ids: list[UUID], model: Any = None) -> AbstractContextManager[None]:
        """Keeps the act on rows of this page's model, or another, in the history, for tables that history can name."""
        model = model or self.model
        if model._meta.db_table not in LABELS:
            return nullcontext()
        return witnessed(model, organization_of(request).pk, ids, actor=actor_of(request), moment=timezone.now())

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What is about to go, by name. What else would go with it is the database's to refuse."""
        rows = list(objs)
        return [str(row) for row in rows], {str(self.opts.verbose_name_plural): len(rows)}, set(), []
