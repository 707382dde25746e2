"""Seasons: named sets of month-days that come back every year, and the years in which other dates replace them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Func, GeneratedField
from django.utils.translation import gettext as _

from bookingoffice import records
from bookingoffice.database.constraints import SqlCheck
from bookingoffice.database.fields import MultirangeField
from bookingoffice.database.keys import Reference, TenantForeignKey, TenantPrimaryKey
from bookingoffice.localized import choose_text


class Season(records.ChangingRecord):
    """`value` null: dates not decided yet; without intervals: deliberately never. `slots`: its days on the ring of 366."""

    name: Any = models.JSONField()
    value: Any = models.JSONField(null=True, blank=True)
    slots: Any = GeneratedField(
        expression=Func(F("value"), function="public.season_slots"), output_field=MultirangeField(), db_persist=True
    )

    class Meta(records.ChangingRecord.Meta):
        db_table = "seasons"
        constraints = [
            TenantPrimaryKey(name="seasons_pkey"),
            Reference(name="seasons_organization_id_fkey", field="organization"),
            SqlCheck(name="seasons_name_check", condition="public.name_is_valid(name)"),
            SqlCheck(name="seasons_value_check", condition="public.season_value_is_valid(value)"),
        ]

    def __str__(self) -> str:
        return choose_text(self.name, None) or str(self.id)


class SeasonYear(records.ChangingRecord):
    """The dates that replace a season's recurring ones in one year; empty dates mean that it does not take place."""

    season = TenantForeignKey(Season, on_delete=models.CASCADE, related_name="years")
    year = models.SmallIntegerField()
    dates: Any = MultirangeField(subtype="datemultirange")

    class Meta(records.ChangingRecord.Meta):
        db_table = "season_years"
        constraints = [
            TenantPrimaryKey(name="season_years_pkey"),
            Reference(name="season_years_organization_id_fkey", field="organization"),
            Reference(name="season_years_season_id_fkey", field="season", cascade=True),
            models.UniqueConstraint(
                fields=["organization", "season", "year"], name="season_years_organization_id_season_id_year_key"
            ),
            models.CheckConstraint(condition=models.Q(year__range=(1900, 2199)), name="season_years_year_check"),
            SqlCheck(
                name="season_years_dates_check",
                condition="public.season_year_is_valid(year, dates)",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class SeasonFeed(records.ChangingRecord):
    """The secret address of an organization's calendar feed. `digest` finds it; the address itself is drawn from `seed` and a key
    that is not in the database, so that staff can read it again and a copy of the database cannot.
    """

    seed = models.UUIDField(editable=False)
    digest = models.BinaryField(max_length=32, editable=False)

    class Meta(records.ChangingRecord.Meta):
        db_table = "season_feeds"
        constraints = [
            TenantPrimaryKey(name="season_feeds_pkey"),
            Reference(name="season_feeds_organization_id_fkey", field="organization"),
            models.UniqueConstraint(fields=["organization"], name="season_feeds_organization_id_key"),
            models.UniqueConstraint(fields=["digest"], name="season_feeds_digest_key"),
        ]

    def __str__(self) -> str:
        return _("Calendar feed")
