"""The list of seasons and the page of one. Every write goes through the service and leaves its history."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.admin.base import TenantAdmin
from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.datafiles.admin.door import WithFiles
from bookingoffice.errors import RuleViolation
from bookingoffice.references.naming import refuse_while_named
from seasons import writes
from seasons.admin.actions import ListActions
from seasons.admin.editor import Editor
from seasons.admin.feed import FeedDesk
from seasons.admin.forms import SeasonForm
from seasons.admin.lists import ListOfSeasons
from seasons.admin.single_years import SingleYears
from seasons.admin.year_page import YearPage
from seasons.files import SeasonSheet
from seasons.models import Season


@admin.register(Season)
class SeasonAdmin(WithFiles, ListOfSeasons, ListActions, Editor, SingleYears, FeedDesk, YearPage, TenantAdmin):  # type: ignore[misc]
    form = SeasonForm
    change_form_outer_after_template = None  # the page has a place of its own for its last changes
    sheet = SeasonSheet()
    actions_list = ("import_file", "export_file")  # type: ignore[assignment]
    localized = ("name",)
    search_fields = ("name",)
    ordering = ("-created_at", "-id")
    fieldsets = ((None, {"fields": ("name",)}), (gettext_lazy("Dates"), {"fields": ("decided", "days")}))

    def get_urls(self) -> list[URLPattern]:
        """Before the page of one season, whose address matches everything."""
        pages = (
            ("year/", self.year_view, "year"),
            ("draft/", self.draft_view, "draft"),
            ("feed/", self.feed_view, "feed"),
            ("<uuid:object_id>/years/", self.single_years_view, "single_years"),
            ("<uuid:object_id>/years/copy/", self.copy_year_view, "copy_year"),
            ("<uuid:object_id>/years/<int:year>/", self.single_year_view, "single_year"),
        )
        ours = [
            path(address, self.admin_site.admin_view(view), name=f"seasons_season_{name}")
            for address, view, name in pages
        ]
        return [*ours, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        organization = organization_of(request)
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        row = {"name": form.cleaned_data["name"], "value": form.value()}
        if change:
            writes.change_seasons(organization, [obj.pk], row, **act)
        else:
            [obj.pk] = writes.create_seasons(organization, [row], **act)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Who names a season is told before anybody says yes."""
        rows = list(objs)
        names, counts, lacking, _ = super().get_deleted_objects(rows, request)
        try:
            refuse_while_named("seasons", organization_of(request).pk, [row.pk for row in rows])
        except RuleViolation as refusal:
            return names, counts, lacking, [refusal.sentence]
        return names, counts, lacking, []

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        writes.delete_seasons(organization_of(request), ids, **act)
