"""What a list is asked for, as a statement that is built once for each combination of filters and orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final

from django.db import models

from bookingoffice.database.remembered import MOMENT, ORGANIZATION, Given, Remembered, remember
from coupons.api.botsubscription.filters import CouponFilters
from coupons.api.botsubscription.shown import told, visible, with_facts
from coupons.models import Coupon

OWN: Final[Mapping[str, models.Field[Any, Any]]] = {"search": models.TextField(), "plan_id": models.UUIDField()}
"""Filters whose values make no other statement; all others are among few words."""

NOTHING: Final = Remembered("")
Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The `statement` and what it is given, or `faults` by parameter."""

    statement: Remembered = NOTHING
    given: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, list[str]] = field(default_factory=dict)


@cache
def single() -> Remembered:
    """The coupon `coupon_id`."""
    chosen = Given("coupon_id", models.UUIDField())
    return remember(lambda: told(with_facts(visible(ORGANIZATION).filter(pk=chosen), MOMENT)))


def asked(query: Mapping[str, str]) -> Asked:
    return _asked(tuple((name, query[name]) for name in CouponFilters.base_filters if name in query))


@lru_cache(maxsize=256)
def _asked(words: Words) -> Asked:
    filters = CouponFilters(dict(words), Coupon.objects.none())
    if not filters.is_valid():
        return Asked(faults={name: [str(sentence) for sentence in said] for name, said in filters.errors.items()})
    own = {name: str(value) for name in OWN if (value := filters.form.cleaned_data[name])}
    return Asked(_statement(tuple(word for word in words if word[0] not in OWN), frozenset(own)), own)


@lru_cache(maxsize=256)
def _statement(words: Words, own: frozenset[str]) -> Remembered:
    def rows() -> Any:
        filters = CouponFilters(dict(words), with_facts(visible(ORGANIZATION), MOMENT))
        filters.is_valid()
        filters.form.cleaned_data |= {name: Given(name, OWN[name]) for name in own}
        return told(filters.filter_queryset(filters.queryset))

    return remember(rows, counted=True)
