"""From what a door was given to the columns of a coupon: the definition and the value columns always say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bookingoffice.errors import Fault, Malformed
from coupons.codes import code_faults
from coupons.expressions import Value, definition_faults, definition_of, plain_value, reduce_definition

Row = Mapping[str, Any]


def drafts(rows: Sequence[Row], currency: str) -> list[dict[str, Any]]:
    """Rows ready to be stored; a definition's amounts are in the row's currency, else in `currency`. Raises Malformed."""
    refuse_malformed(rows, currency)
    return [_draft(row, currency) for row in rows]


def refuse_malformed(rows: Sequence[Row], currency: str) -> None:
    """Raises Malformed with every fault of every row, by its place among `rows`."""
    faults = [fault for place, row in enumerate(rows) for fault in draft_faults(row, currency, place)]
    if faults:
        raise Malformed(faults)


def draft_faults(row: Row, currency: str, place: int) -> list[Fault]:
    """What is wrong with the code and the definition of one row; other columns are the database's to judge."""
    code, definition = row.get("code"), row.get("definition")
    faults = code_faults(code, row=place) if isinstance(code, str) else []
    if definition is not None or ("definition" in row and not row.get("kind")):
        currency = row.get("currency") or currency
        if plain_value(definition, currency) is None:
            faults += definition_faults(definition, currency, row=place)
    return faults


def value_faults(row: Row) -> list[Fault]:
    """What is wrong with how a new row says its value: a definition, or a kind with what belongs to it."""
    if row.get("definition") is not None:
        return []
    match row.get("kind"):
        case "percent" if not _is_percent(row.get("percent")):
            return [Fault("percent", "not_a_percentage", _("A percentage is a number from 0 to 100."))]
        case "amount" if not isinstance(row.get("amount_minor"), int) or isinstance(row.get("amount_minor"), bool):
            return [
                Fault(
                    "amount_minor", "not_an_integer", _("An amount is a whole number of the currency's smallest unit.")
                )
            ]
        case "amount" if not isinstance(row.get("currency"), str):
            return [Fault("currency", "currency_missing", _("An amount needs its currency, such as EUR."))]
        case "percent" | "amount":
            return []
    return [
        Fault(
            "definition", "value_missing", _("Say what the coupon takes off: a definition, or kind percent or amount.")
        )
    ]


def _is_percent(value: object) -> bool:
    if isinstance(value, bool):
        return False
    try:
        return 0 <= Decimal(str(value)) <= 100
    except ArithmeticError:
        return False


def _draft(row: Row, currency: str) -> dict[str, Any]:
    definition = row.get("definition")
    if definition is not None:
        currency = row.get("currency") or currency
        value = plain_value(definition, currency) or reduce_definition(definition, currency)
        return {**row, **_columns_of(value)}
    return {**row, **_definition_and_columns(row)} if row.get("kind") else dict(row)


def _columns_of(value: Value) -> dict[str, Any]:
    return {
        "kind": value.kind,
        "amount_minor": value.amount_minor,
        "currency": value.currency,
        "percent": value.percent,
    }


def _definition_and_columns(row: Row) -> dict[str, Any]:
    """Given as columns: those of the other kind are emptied and the definition is written anew."""
    kind = row["kind"]
    amount_minor = row.get("amount_minor") if kind == "amount" else None
    currency = row.get("currency") if kind == "amount" else None
    percent = Decimal(str(row["percent"])) if kind == "percent" else None
    value = Value(kind, amount_minor=amount_minor, currency=currency, percent=percent)
    return {**_columns_of(value), "definition": definition_of(kind, amount_minor, currency, percent)}
