"""Products and bookings as files. The lines of a booking are a list of objects in one of its cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from psycopg import sql

from bookingoffice import money
from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.rows import execute, insert_rows, update_rows
from bookingoffice.datafiles.columns import Column, columns_of
from bookingoffice.datafiles.faults import Faults
from bookingoffice.datafiles.sheets import Sheet, Told
from bookingoffice.datafiles.staging import TABLE, Staging
from bookingoffice.errors import Fault, Malformed
from bookingoffice.localized import name_faults
from bookingoffice.references import file_lines
from bookingoffice.references.models import Booking, Product

ZONES: Final = frozenset(available_timezones())

AMBIGUOUS: Final = """
SELECT place, coalesce(line, place + 1) FROM {staged} AS staged_rows
WHERE id IS NULL AND (SELECT count(*) FROM {table} AS kept
    WHERE kept.organization_id = %(organization_id)s AND kept.{column} = nullif(staged_rows.{column}, '')) > 1
ORDER BY place LIMIT {most}
"""


class PlainSheet(Sheet):
    """Rows without a service of their own: what is wrong is told, the rest is the database's to judge."""

    by: str
    """The column by which a row without an id is recognized."""
    needed: tuple[str, ...] = ()

    def row_faults(self, row: Mapping[str, Any], place: int) -> list[Fault]:
        raise NotImplementedError

    def set_targets(self, staging: Staging, organization: Organization) -> None:
        super().set_targets(staging, organization)
        if self.by in staging.given:
            self.aim(
                f"CASE WHEN staged_rows.id IS NULL THEN nullif(staged_rows.{self.by}, '') END", self.by, organization
            )

    def recognize(self, staging: Staging, organization: Organization, faults: Faults) -> set[int]:
        """A row that could be two of the organization's is neither."""
        statement = sql.SQL(AMBIGUOUS).format(
            staged=TABLE,
            table=sql.Identifier(self.model._meta.db_table),
            column=sql.Identifier(self.by),
            most=sql.Literal(faults.most),
        )
        found = execute(statement, organization_id=organization.pk)
        for _place, line in found:
            sentence = _("Several %(rows)s have this %(column)s; say which by its id.") % {
                "rows": _(self.plural),
                "column": self.by,
            }
            faults.add(line, self.by, "ambiguous", sentence)
        return {place for place, _ in found} | super().recognize(staging, organization, faults)

    def put(
        self,
        organization: Organization,
        rows: Sequence[dict[str, Any]],
        *,
        known: Collection[UUID],
        actor: Actor,
        moment: datetime,
    ) -> None:
        faults = [fault for place, row in enumerate(rows) for fault in self._faults(row, known, place)]
        if faults:
            raise Malformed(faults)
        own = [{name: row[name] for name in row if name != "line_items"} for row in rows]
        with witnessed(self.model, organization.pk, [row["id"] for row in own], actor=actor, moment=moment):
            update_rows(self.model, organization.pk, [row for row in own if row["id"] in known])
            insert_rows(
                self.model, organization.pk, [self.new(row, organization) for row in own if row["id"] not in known]
            )

    def new(self, row: dict[str, Any], organization: Organization) -> dict[str, Any]:
        return row

    def _faults(self, row: Mapping[str, Any], known: Collection[UUID], place: int) -> Iterator[Fault]:
        for name in self.needed:
            if row["id"] not in known and row.get(name) is None:
                yield Fault(name, "required", _("A new %(noun)s needs this.") % {"noun": _(self.noun)}, "", place)
        yield from self.row_faults(row, place)


def currency_faults(row: Mapping[str, Any], names: Sequence[str], place: int) -> Iterator[Fault]:
    for name in names:
        if row.get(name) is not None and not money.is_currency(row[name]):
            sentence = _("%(row)s is not a currency we know; use an upper-case ISO 4217 code.") % {
                "row": repr(row[name])
            }
            yield Fault(name, "unknown_currency", sentence, "", place)


class ProductSheet(PlainSheet):
    """Without an id, a row is the product of its code."""

    noun = "product"
    plural = "products"
    model = Product
    by = "code"
    needed = ("name",)
    columns = columns_of(
        Product,
        (
            "id", "code", "name", "description", "currency", "timezone", "rent_period", "public_id", "deleted_at",
            "created_at", "updated_at",
        ),
    )  # fmt: skip
    constraints: dict[str, Told] = {
        "products_organization_id_public_id_key": (
            "public_id",
            "duplicate_public_id",
            gettext_noop("Another product has this id."),
        ),
    }

    def row_faults(self, row: Mapping[str, Any], place: int) -> list[Fault]:
        faults = [
            fault
            for name in ("name", "description")
            if name in row
            for fault in name_faults(row[name], field=name, row=place)
        ]
        if row.get("timezone", "UTC") not in ZONES:
            faults.append(Fault("timezone", "unknown_timezone", _("Use a name such as Europe/Amsterdam."), "", place))
        return [*faults, *currency_faults(row, ["currency"], place)]

    def new(self, row: dict[str, Any], organization: Organization) -> dict[str, Any]:
        return {"currency": organization.currency, **row}


class BookingSheet(PlainSheet):
    """Without an id, a row is the booking of its reference. The lines become exactly those of the cell."""

    noun = "booking"
    plural = "bookings"
    model = Booking
    by = "reference"
    columns = (
        *columns_of(
            Booking,
            (
                "id", "reference", "method", "confirmed_at", "check_in", "check_out", "customer_id", "customer_email",
                "customer_bookings_before", "currency", "display_currency", "exchange_rate", "occupancy", "silent",
            ),
        ),
        Column("line_items", "jsonb"),
        *columns_of(Booking, ("created_at", "updated_at")),
    )  # fmt: skip
    expressions = {"line_items": file_lines.EXPRESSION}
    constraints: dict[str, Told] = {
        "bookings_check_out_check": ("check_out", "stay_ends_early", gettext_noop("The stay ends before it begins.")),
    }

    def row_faults(self, row: Mapping[str, Any], place: int) -> list[Fault]:
        faults = [*currency_faults(row, ["currency", "display_currency"], place)]
        if (row.get("customer_bookings_before") or 0) < 0:
            faults.append(Fault("customer_bookings_before", "negative", _("This is not negative."), "", place))
        if not isinstance(row.get("occupancy", {}), dict):
            faults.append(Fault("occupancy", "occupancy_not_object", _("The occupancy is a JSON object."), "", place))
        return [*faults, *file_lines.faults(row.get("line_items"), place)]

    def put(
        self,
        organization: Organization,
        rows: Sequence[dict[str, Any]],
        *,
        known: Collection[UUID],
        actor: Actor,
        moment: datetime,
    ) -> None:
        missing = file_lines.missing(organization, rows)
        if missing:
            raise Malformed(missing)
        super().put(organization, rows, known=known, actor=actor, moment=moment)
        file_lines.put(organization, rows, actor=actor, moment=moment)
