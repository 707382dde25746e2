"""What a coupon's row in a file must say, and what its columns come to. No database here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookingoffice import money
from bookingoffice.errors import Fault
from coupons.drafts import draft_faults
from coupons.expressions import PERCENT_DECIMALS, reduce_definition
from coupons.file_targets import COLUMNS as TARGETS

Row = Mapping[str, Any]

VALUE: Final = ("kind", "amount_minor", "currency", "percent", "definition")
NOT_NEGATIVE: Final = (
    "amount_minor", "quota", "max_per_customer", "max_discount_minor", "budget_minor", "min_nights", "max_nights",
    "min_spend_minor", "min_lead_days", "max_lead_days",
)  # fmt: skip


class Deadline(NamedTuple):
    expires_at: datetime | None
    text: str | None


DISAGREES: Final = gettext_noop("The definition says something else; change both, or leave the definition empty.")


def row_faults(row: Row, currency: str, *, is_new: bool, place: int) -> list[Fault]:
    """Everything wrong with one row; `currency` is the organization's."""
    definition = row.get("definition")
    own = row.get("currency") or currency
    faults = draft_faults({name: row[name] for name in ("code", "definition") if row.get(name) is not None}, own, place)
    found = [*_plain_flaws(row, is_new=is_new)]
    if definition is not None and not faults:
        found += _disagreements(row, own)
    elif definition is None:
        found += _value_flaws(row, is_new=is_new)
    return faults + [Fault(field, code, sentence, "", place) for field, code, sentence in found]


def prepared(row: Row, currency: str, deadline: Deadline | None) -> dict[str, Any]:
    """The row as the services take it: without its targets, its value whole or not at all. `deadline` is what is kept now."""
    ready = {name: value for name, value in row.items() if name not in VALUE and name not in TARGETS}
    if row.get("definition") is not None:
        ready |= {"definition": row["definition"], "currency": row.get("currency") or currency}
    elif kind := _kind(row):
        ready |= {"kind": kind, "percent": row.get("percent"), "amount_minor": row.get("amount_minor")}
        ready["currency"] = row.get("currency") or currency
    if deadline and "expires_at" in row and row["expires_at"] != deadline.expires_at:
        ready["expires_text"] = _new_text(row, deadline)
    return ready


def _new_text(row: Row, deadline: Deadline) -> str | None:
    """The text a deadline was given as does not outlive it."""
    text: str | None = row.get("expires_text")
    return None if text == deadline.text else text


def _kind(row: Row) -> str | None:
    """As given, or as the one number that is given says."""
    if row.get("kind"):
        return str(row["kind"])
    if row.get("percent") is not None:
        return "percent"
    return "amount" if row.get("amount_minor") is not None else None


def _plain_flaws(row: Row, *, is_new: bool) -> Iterator[tuple[str, str, str]]:
    if is_new and row.get("code") is None:
        yield "code", "required", _("A new coupon needs a code.")
    for name in NOT_NEGATIVE:
        if (row.get(name) or 0) < 0:
            yield name, "negative", _("This is not negative.")
    for name in ("currency", "limit_currency"):
        if row.get(name) is not None and not money.is_currency(row[name]):
            yield (
                name,
                "unknown_currency",
                _("%(row)s is not a currency we know; use an upper-case ISO 4217 code.") % {"row": repr(row[name])},
            )
    if any(not 1 <= weekday <= 7 for weekday in row.get("arrival_weekdays") or ()):
        yield "arrival_weekdays", "not_a_weekday", _("Weekdays go from 1, Monday, to 7, Sunday.")
    if not isinstance(row.get("metadata", {}), dict):
        yield "metadata", "metadata_not_object", _("Metadata is a JSON object.")


def _value_flaws(row: Row, *, is_new: bool) -> Iterator[tuple[str, str, str]]:
    """The value as columns, without a definition."""
    given = {name for name in VALUE if row.get(name) is not None}
    kind = _kind(row)
    if not given and not is_new:
        return
    if kind is None:
        yield "kind", "required", _("Give a percent, or an amount_minor, or a definition.")
    elif kind == "expression":
        yield "definition", "required", _("An expression needs its definition.")
    elif kind == "percent":
        yield from _percent_flaws(row)
    else:
        yield from _amount_flaws(row, is_new=is_new)


def _percent_flaws(row: Row) -> Iterator[tuple[str, str, str]]:
    percent: Decimal | None = row.get("percent")
    for name in ("amount_minor", "currency"):
        if row.get(name) is not None:
            yield name, "value_disagrees", _("A percentage has no amount and no currency.")
    if percent is None:
        yield "percent", "required", _("A coupon of kind percent needs its percent.")
    elif not 0 <= percent <= 100:
        yield "percent", "percent_out_of_range", _("A percentage goes from 0 to 100.")
    elif money.decimals(percent) > PERCENT_DECIMALS:
        yield (
            "percent",
            "percent_too_precise",
            _("A percentage has at most %(percent_decimals)s decimals.") % {"percent_decimals": PERCENT_DECIMALS},
        )


def _amount_flaws(row: Row, *, is_new: bool) -> Iterator[tuple[str, str, str]]:
    if row.get("percent") is not None:
        yield "percent", "value_disagrees", _("An amount has no percent.")
    if row.get("amount_minor") is None:
        yield "amount_minor", "required", _("A coupon of kind amount needs its amount_minor, in the smallest unit.")
    elif row.get("currency") is None and not is_new:
        yield (
            "currency",
            "required",
            _("Say the currency beside the amount; the coupon may have another than the usual."),
        )


def _disagreements(row: Row, currency: str) -> Iterator[tuple[str, str, str]]:
    """The definition has no faults. Columns that are given beside it must say what it says."""
    value = reduce_definition(row["definition"], currency)
    for name in ("kind", "amount_minor", "percent"):
        if row.get(name) is not None and row[name] != getattr(value, name):
            yield name, "value_disagrees", _(DISAGREES)
    if row.get("currency") is not None and value.kind != "amount":
        yield "currency", "value_disagrees", _("Only an amount has a currency.")
