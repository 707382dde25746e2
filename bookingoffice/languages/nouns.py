"""What Django calls tables and columns by itself, said in the reader's language. Told when the process begins and not in the
models, so that a word for people is no change of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import models
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, gettext_noop

TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "api_keys": (gettext_noop("API key"), gettext_noop("API keys")),
    "bookings": (gettext_noop("booking"), gettext_noop("bookings")),
    "coupon_uses": (gettext_noop("coupon use"), gettext_noop("coupon uses")),
    "coupons": (gettext_noop("coupon"), gettext_noop("coupons")),
    "members": (gettext_noop("member"), gettext_noop("members")),
    "organizations": (gettext_noop("organization"), gettext_noop("organizations")),
    "plans": (gettext_noop("plan"), gettext_noop("plans")),
    "products": (gettext_noop("product"), gettext_noop("products")),
    "seasons": (gettext_noop("season"), gettext_noop("seasons")),
    "services": (gettext_noop("service"), gettext_noop("services")),
}
COLUMNS: Final = frozenset({
    gettext_noop("check in"), gettext_noop("check out"), gettext_noop("code"), gettext_noop("confirmed at"),
    gettext_noop("customer bookings before"), gettext_noop("count"), gettext_noop("created at"),
    gettext_noop("currency"), gettext_noop("customer email"), gettext_noop("description"),
    gettext_noop("display currency"), gettext_noop("exchange rate"), gettext_noop("label"), gettext_noop("method"),
    gettext_noop("name"), gettext_noop("order"), gettext_noop("parent"), gettext_noop("pattern"),
    gettext_noop("prefix"), gettext_noop("priority"), gettext_noop("plan"), gettext_noop("product"),
    gettext_noop("quantity"), gettext_noop("reference"), gettext_noop("rent period"), gettext_noop("role"),
    gettext_noop("scope"), gettext_noop("service"), gettext_noop("silent"), gettext_noop("type"), gettext_noop("updated at"),
    gettext_noop("webhook"), gettext_noop("default language"), gettext_noop("expires at"), gettext_noop("item type"),
    gettext_noop("tax included"), gettext_noop("customer id"), gettext_noop("user"),
    gettext_noop("booking"), gettext_noop("coupon"), gettext_noop("redeemed at"),
})  # fmt: skip


def _titled(column: str) -> str:
    return capfirst(gettext(column))


titled = lazy(_titled, str)
"""Begins large: on a phone the name of a column stands before its value as it is."""


def name_tables(tables: Iterable[type[models.Model]]) -> None:
    for model in tables:
        meta: Any = model._meta
        if names := TABLES.get(meta.db_table):
            meta.verbose_name, meta.verbose_name_plural = map(gettext_lazy, names)
        for column in meta.local_fields:
            if column.verbose_name in COLUMNS:
                column.verbose_name = titled(column.verbose_name)
