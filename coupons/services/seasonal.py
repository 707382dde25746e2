"""Seasons as coupons see them: somebody is asked which nights lie in which season. Who that is, the site decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from coupons.carts import Cart
from coupons.terms import Terms

Answer = Mapping[UUID, Collection[date]]
"""For each season those of the nights that lie in it."""


class SeasonsOfNights(Protocol):
    def __call__(self, organization_id: UUID, season_ids: Collection[UUID], nights: Collection[date]) -> Answer:
        """In a constant number of statements; seasons that are not there may be left out."""


def composed() -> SeasonsOfNights | None:
    """Whom the setting SEASONS_OF_NIGHTS names."""
    path = getattr(settings, "SEASONS_OF_NIGHTS", None)
    return cast("SeasonsOfNights", import_string(path)) if path else None


def ask(
    organization_id: UUID, terms: Iterable[Terms], carts: Iterable[Cart], seasons: SeasonsOfNights | None
) -> Answer:
    """One question for all coupons and all stays; none at all where no coupon names a season."""
    season_ids = {season_id for one in terms for season_id in one.season_ids}
    nights = {night for cart in carts for night in cart.nights or ()}
    asked = seasons or composed()
    return asked(organization_id, season_ids, nights) if asked and season_ids and nights else {}


def in_season(terms: Terms, cart: Cart, answer: Answer) -> bool | None:
    """Every night in at least one of the coupon's seasons; None where it names none, or nobody knows the nights."""
    if not terms.season_ids or cart.nights is None:
        return None
    covered = {night for season_id in terms.season_ids for night in answer.get(season_id, ())}
    return covered.issuperset(cart.nights)
