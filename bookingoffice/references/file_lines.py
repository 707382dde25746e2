"""The lines of a booking as a file writes them: `[{"item_type": "rent", "name": {"default": "Rent"}, "amount_minor": 30000}]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.rows import insert_rows, update_rows
from bookingoffice.errors import Fault
from bookingoffice.localized import name_faults
from bookingoffice.records import uuid7
from bookingoffice.references.models import LineItem, LineItemType, Plan, Product, Service

EXPRESSION: Final = """
(SELECT jsonb_agg(jsonb_build_object('id', lines.id, 'item_type', lines.item_type, 'name', lines.name,
    'product_id', lines.product_id, 'service_id', lines.service_id, 'plan_id', lines.plan_id, 'quantity', lines.quantity,
    'amount_minor', lines.amount_minor, 'tax_minor', lines.tax_minor, 'tax_included', lines.tax_included)
    ORDER BY lines.created_at, lines.id)
FROM line_items AS lines WHERE lines.organization_id = {organization_id} AND lines.booking_id = bookings.id)
"""

TARGETS: Final[Mapping[str, Any]] = {"product_id": Product, "service_id": Service, "plan_id": Plan}
WHOLE: Final = {"quantity": (0, 2**31 - 1), "amount_minor": (-(2**63), 2**63 - 1), "tax_minor": (-(2**63), 2**63 - 1)}
KEYS: Final = ("id", "item_type", "name", *TARGETS, *WHOLE, "tax_included")
NEEDED: Final = ("item_type", "name", "amount_minor")


def faults(value: object, place: int) -> Iterator[Fault]:
    """Every fault of one cell; the path names the line from 0."""
    if value is None:
        return
    if not isinstance(value, list) or not all(isinstance(line, dict) for line in value):
        yield Fault("line_items", "lines_not_list", _("Lines are a list of objects."), "", place)
        return
    ids = [line["id"] for line in value if line.get("id")]
    for number, line in enumerate(value):
        if ids.count(line.get("id")) > 1:
            yield Fault("line_items", "duplicate_line", _("Another line has this id."), f"[{number}].id", place)
        for key, code, sentence in _flaws(line):
            yield Fault("line_items", code, sentence, f"[{number}].{key}", place)


def _flaws(line: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key in line.keys() - set(KEYS):
        yield (
            key,
            "unknown_key",
            _("A line has no “%(key)s”; there are: %(known)s.") % {"key": key, "known": ", ".join(KEYS)},
        )
    for key in NEEDED:
        if line.get(key) is None:
            yield key, "required", _("A line needs this.")
    if line.get("item_type") is not None and line["item_type"] not in LineItemType.values:
        yield (
            "item_type",
            "unknown_choice",
            _("This is one of %(choices)s.") % {"choices": ", ".join(LineItemType.values)},
        )
    for fault in name_faults(line["name"]) if line.get("name") is not None else ():
        yield f"name.{fault.path}".rstrip("."), fault.code, fault.message
    for key, (least, most) in WHOLE.items():
        number = line.get(key)
        if number is not None and (type(number) is not int or not least <= number <= most):
            yield (
                key,
                "not_an_integer",
                _("This is a whole number from %(least)s to %(most)s.") % {"least": least, "most": most},
            )
    if not isinstance(line.get("tax_included", False), bool | None):
        yield "tax_included", "not_a_boolean", _("This is true or false.")
    for key in ("id", *TARGETS):
        if line.get(key) is not None and _uuid(line[key]) is None:
            yield key, "not_a_uuid", _("This is an id (UUID).")


def missing(organization: Organization, rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Products, services and plans that the organization does not have. Says nothing of lines with other faults."""
    return [fault for key, model in TARGETS.items() for fault in _missing_of(organization, rows, key, model)]


def _missing_of(organization: Organization, rows: Sequence[Mapping[str, Any]], key: str, model: Any) -> Iterator[Fault]:
    named = [
        (place, number, _uuid(line[key]))
        for place, row in enumerate(rows)
        if isinstance(row.get("line_items"), list)
        for number, line in enumerate(row["line_items"])
        if isinstance(line, dict) and line.get(key) is not None
    ]
    wanted = {target_id for _, _, target_id in named if target_id}
    there = (
        set(model.objects.of(organization.pk).filter(id__in=wanted).values_list("id", flat=True)) if wanted else set()
    )
    for place, number, target_id in named:
        if target_id and target_id not in there:
            noun = key.removesuffix("_id")
            sentence = _("The organization has no %(noun)s %(target_id)s.") % {"noun": _(noun), "target_id": target_id}
            yield Fault("line_items", f"{noun}_not_found", sentence, f"[{number}].{key}", place)


def put(organization: Organization, rows: Sequence[Mapping[str, Any]], *, actor: Actor, moment: datetime) -> None:
    """The lines of each row that names any become exactly those. A line is recognized by its id, within its booking alone."""
    given = [row for row in rows if "line_items" in row]
    if not given:
        return
    bookings = [row["id"] for row in given]
    kept = LineItem.objects.of(organization.pk).filter(booking_id__in=bookings)
    owners = dict(kept.values_list("id", "booking_id"))
    wanted = [_line(line, row["id"]) for row in given for line in row["line_items"] or ()]
    gone = owners.keys() - {line["id"] for line in wanted}
    with witnessed(LineItem, organization.pk, [*gone, *(line["id"] for line in wanted)], actor=actor, moment=moment):
        kept.filter(id__in=gone).order_by()._raw_delete("default")
        update_rows(LineItem, organization.pk, [line for line in wanted if _is_kept(line, owners)])
        insert_rows(LineItem, organization.pk, [line for line in wanted if not _is_kept(line, owners)])


def _line(line: Mapping[str, Any], booking_id: UUID) -> dict[str, Any]:
    line_id = _uuid(line["id"]) if line.get("id") else uuid7()
    given = {key: value for key, value in line.items() if value is not None or key in TARGETS}
    return {**given, "id": line_id, "booking_id": booking_id}


def _is_kept(line: Mapping[str, Any], owners: Mapping[UUID, UUID]) -> bool:
    """An id that is another booking's line is the database's duplicate; one that is nobody's is a new line's."""
    return bool(owners.get(line["id"]) == line["booking_id"])


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
