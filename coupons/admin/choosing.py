"""What a list's filters offer to choose from: rows of other tables, each asked for once."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from bookingoffice.accounts.models import Organization
from bookingoffice.localized import choose_text
from bookingoffice.references.models import Product
from coupons.models import CouponBatch

MOST_OFFERED: Final = 200
"""The newest; an older one is found by its own page, which links to its coupons."""

Choices = list[tuple[str, str]]


def products_offered(organization: Organization) -> Choices:
    return _named(Product.objects.of(organization.pk).filter(deleted_at=None), organization)


def seasons_offered(organization: Organization) -> Choices:
    """Seasons are asked by their name: the two apps do not know each other."""
    seasons: Any = apps.get_model("seasons", "Season")._default_manager
    return _named(seasons.of(organization.pk), organization)


def batches_offered(organization: Organization, chosen: str | None) -> Choices:
    """The newest batches, and the one that is chosen however old it is."""
    batches = CouponBatch.objects.of(organization.pk)
    newest = batches.order_by("-created_at", "-id").values("pk")[:MOST_OFFERED]
    rows = batches.filter(Q(pk__in=newest) | Q(pk__in=_ids(chosen))).order_by("-created_at", "-id")
    return [(str(key), label or f"{prefix}{pattern}") for key, label, prefix, pattern in rows.values_list(
        "id", "label", "prefix", "pattern"
    )]  # fmt: skip


def _named(rows: Any, organization: Organization) -> Choices:
    """In the order of their names."""
    named = rows.order_by("id").values_list("id", "name")[: 5 * MOST_OFFERED]
    chosen = [(str(key), choose_text(name, organization.default_language) or str(key)) for key, name in named]
    return sorted(chosen, key=lambda choice: choice[1].casefold())


def _ids(text: str | None) -> list[UUID]:
    with suppress(ValueError):
        return [UUID(text or "")]
    return []
