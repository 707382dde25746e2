"""History in words: "Changed coupon SUMMER", "Expires: 31 Aug 2027 → 15 Sep 2027"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.audit.columns import Word, column_in_words, field_of
from bookingoffice.audit.values import NameOf, texts_of, value_in_words

TABLES: Final[Mapping[str, Word]] = {
    "coupons": gettext_lazy("coupon"),
    "coupon_uses": gettext_lazy("use of a coupon"),
    "coupon_batches": gettext_lazy("batch of codes"),
    "coupon_products": gettext_lazy("product of a coupon"),
    "coupon_services": gettext_lazy("service of a coupon"),
    "coupon_plans": gettext_lazy("plan of a coupon"),
    "seasons": gettext_lazy("season"),
    "season_years": gettext_lazy("season in a single year"),
    "season_feeds": gettext_lazy("calendar feed"),
    "products": gettext_lazy("product"),
    "services": gettext_lazy("service"),
    "plans": gettext_lazy("plan"),
    "bookings": gettext_lazy("booking"),
    "line_items": gettext_lazy("line of a booking"),
    "members": gettext_lazy("member"),
    "api_keys": gettext_lazy("API key"),
    "webhooks": gettext_lazy("webhook"),
    "invitations": gettext_lazy("invitation"),
    "organizations": gettext_lazy("organization"),
}
DEEDS: Final[Mapping[str, Word]] = {
    "created": gettext_lazy("Made %(what)s %(name)s"),
    "changed": gettext_lazy("Changed %(what)s %(name)s"),
    "deleted": gettext_lazy("Deleted %(what)s %(name)s"),
    "revoked": gettext_lazy("Revoked %(what)s %(name)s"),
    "renewed": gettext_lazy("Renewed %(what)s %(name)s"),
    "accepted": gettext_lazy("Accepted %(what)s %(name)s"),
    "session_ended": gettext_lazy("Ended a log-in of %(name)s"),
    "sessions_ended": gettext_lazy("Ended the log-ins of %(name)s"),
    "password_changed": gettext_lazy("Changed the password of %(name)s"),
    "password_link_made": gettext_lazy("Made a password link for %(name)s"),
    "two_factor_on": gettext_lazy("Turned on two-factor log-in of %(name)s"),
    "two_factor_off": gettext_lazy("Turned off two-factor log-in of %(name)s"),
    "two_factor_reset": gettext_lazy("Reset two-factor log-in of %(name)s"),
    "recovery_codes_renewed": gettext_lazy("Made new recovery codes for %(name)s"),
}
UNSPOKEN: Final = frozenset({
    "digest", "seed", "terms", "public_id", "slot", "expires_text", "code_generated", "lifetime_revenue_comparator",
    "payment_count_comparator",
})  # fmt: skip
USUAL: Final[tuple[Any, ...]] = (None, False, 0, "", "all", "any", [], {}, {"default": ""})
"""What a new row says of itself when nobody said anything."""
ARROW: Final = "→"

Sides = tuple[Any, Any]
Speaker = Callable[[Any, Any], Sequence[str]]
"""From what was and what is to sentences of its own; a side that is not there is None."""

_speakers: dict[tuple[str, str], Speaker] = {}


def says(table: str, column: str, speaker: Speaker) -> None:
    """Lets the room that knows a column put its changes into words."""
    _speakers[table, column] = speaker


def table_in_words(table: str) -> str:
    return str(TABLES.get(table, table.replace("_", " ")))


def deed(action: str, table: str, name: str) -> str:
    sentence = str(DEEDS.get(action) or _("%(action)s: %(what)s %(name)s"))
    return (sentence % {"action": action.capitalize(), "what": table_in_words(table), "name": name}).strip()


def changes_in_words(
    table: str,
    changes: Mapping[str, Sides],
    *,
    whole: bool = False,
    name_of: NameOf = lambda column, row_id: row_id,
    currency_of: Callable[[str], str | None] = lambda column: None,
) -> Iterator[str]:
    """One line a column, sorted by how it is called. Of a `whole` row, made or deleted, what was out of the ordinary."""
    for column in sorted(_spoken(changes), key=column_in_words):
        before, after = changes[column]
        if (table, column) in _speakers:
            yield from _speakers[table, column](before, after)
        elif not (whole and _unremarkable(table, column, before, after)):
            said = [
                None
                if side is None
                else value_in_words(table, column, side, name_of=name_of, currency=currency_of(column))
                for side in (before, after)
            ]
            yield f"{column_in_words(column)}: {_step(table, column, changes, said, whole=whole)}"


def _spoken(changes: Mapping[str, Sides]) -> set[str]:
    """The price expression says again what an amount or a percentage has said."""
    said_again = {"definition"} if changes.keys() & {"amount_minor", "percent"} else set()
    return set(changes.keys() - UNSPOKEN - said_again)


def _step(table: str, column: str, changes: Mapping[str, Sides], said: Sequence[str | None], *, whole: bool) -> str:
    before, after = changes[column]
    if whole:
        return str(said[0] if after is None else said[1])
    if _structured(before) or _structured(after):
        return _("changed")
    nothing = value_in_words(table, column, None, name_of=lambda *_: "", currency=None)
    old, new = (nothing if words is None else words for words in said)
    return f"{old} {ARROW} {new}"


def _unremarkable(table: str, column: str, before: Any, after: Any) -> bool:
    value = after if before is None else before
    return value in USUAL or _structured(value) or (before is None and value == _default(table, column))


def _default(table: str, column: str) -> Any:
    """What a new row has of itself; an empty tuple, which no column holds, where that is not known."""
    field = field_of(table, column)
    if field is None or field.default is models.NOT_PROVIDED:
        return ()
    return field.default() if callable(field.default) else field.default


def _structured(value: Any) -> bool:
    """What only programs read; a name in several languages is no such thing, nor is a list of plain values."""
    if isinstance(value, dict):
        return texts_of(value) is None
    return isinstance(value, list) and any(isinstance(each, dict | list) for each in value)
