"""Plans and products as this dialect names them: in five ways in, as nested objects out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError
from drf_spectacular.utils import extend_schema_field

from bookingoffice.localized import choose_text
from bookingoffice.references.models import Plan, Product
from coupons.api.fynn.errors import Invalid, Violation
from coupons.api.fynn.fields import Strict, atom
from coupons.models import Coupon

UUID_PATTERN: Final = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
PAIRS: Final = (("limitedToPlans", "excludedFromPlans"), ("limitedToProducts", "excludedFromProducts"))
KEYS: Final = ("coupon_plans_plan_id_fkey", "coupon_products_product_id_fkey")
"""What the database holds references to."""
NAMED: Final[dict[str, Any]] = {"id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}}
INSTANT: Final[dict[str, Any]] = {"type": "string", "format": "date-time"}
NESTED: Final[dict[str, Any]] = {
    **NAMED,
    "code": {"type": "string"},
    "createdAt": INSTANT,
    "updatedAt": INSTANT,
    "originProduct": {"type": ["object", "null"], "properties": NAMED, "required": ["id", "name"]},
}
SHAPE: Final[dict[str, Any]] = {
    "type": "array",
    "items": {
        "anyOf": [
            {"type": "object", "properties": NESTED, "required": ["id"]},
            {"type": "object", "properties": {"@id": {"type": "string"}}, "required": ["@id"]},
            {"type": "string"},
        ]
    },
}


@dataclass(frozen=True, slots=True)
class Target:
    """What the elements of an array are: `resource` as an IRI names it, `link` the coupon's rows."""

    resource: str
    model: Any
    link: str
    field: str


PLANS: Final = Target("plans", Plan, "plan_targets", "plan")
PRODUCTS: Final = Target("products", Product, "product_targets", "product")


@extend_schema_field(SHAPE)
class References(Strict):
    """In: a UUID for each element, None where the element is no reference; `unknown` names these beside the unknown ones."""

    default_error_messages = {"not_list": "This value should be a list of references."}

    def __init__(self, target: Target, *, excluded: bool, **options: Any) -> None:
        super().__init__(source="*", required=False, default=list, **options)
        self.target, self.is_excluded = target, excluded

    def to_internal_value(self, data: Any) -> list[UUID | None]:
        if not isinstance(data, list):
            self.fail("not_list")
        return [referred(element, self.target.resource) for element in data]

    def to_representation(self, coupon: Coupon) -> list[dict[str, Any]]:
        links = [link for link in getattr(coupon, self.target.link).all() if link.excluded == self.is_excluded]
        return [_nested(getattr(link, self.target.field), self.context["language"]) for link in links]


def referred(element: object, resource: str) -> UUID | None:
    """`{"id"}`, `{"@id"}`, an IRI with or without its host, or the bare UUID; None for anything else."""
    if isinstance(element, dict):
        named = element.get("id", element.get("@id"))
        return referred(named, resource) if isinstance(named, str) else None
    if not isinstance(element, str):
        return None
    host = r"(?:https?://[^/?#\s]+)?"
    found = re.fullmatch(f"(?:{host}(?:/fynn)?/{resource}/)?({UUID_PATTERN})", element)
    return UUID(found[1]) if found else None


def unknown(organization_id: UUID, values: Mapping[str, Any]) -> Iterator[Violation]:
    """A violation for each element that names nothing of the organization's, or that its counterpart names too."""
    for (limited, excluded), target in zip(PAIRS, (PLANS, PRODUCTS), strict=True):
        there = _there(organization_id, target, [*values.get(limited, ()), *values.get(excluded, ())])
        for path in (limited, excluded):
            yield from _not_found(path, values.get(path, ()), there, target)
        for place, named in enumerate(values.get(excluded, ())):
            if named in there and named in values.get(limited, ()):
                sentence = f"The same {target.field} is in {limited}."
                yield Violation(f"{excluded}[{place}]", "limited_and_excluded", sentence)


@contextmanager
def still_there(organization_id: UUID, values: Mapping[str, Any]) -> Iterator[None]:
    """What was deleted after it was looked up is as unknown as what never was. PostgreSQL names no keys of rows that policies
    guard, so all are looked up again."""
    try:
        yield
    except IntegrityError as error:
        told: Any = getattr(error.__cause__, "diag", None)
        gone = list(unknown(organization_id, values)) if told and told.constraint_name in KEYS else []
        if gone:
            raise Invalid(gone) from error
        raise


def _there(organization_id: UUID, target: Target, named: Sequence[UUID | None]) -> set[UUID]:
    ids = {one for one in named if one}
    if not ids:
        return set()
    return set(target.model.objects.of(organization_id).filter(pk__in=ids).values_list("pk", flat=True))


def _not_found(path: str, named: Sequence[UUID | None], there: set[UUID], target: Target) -> Iterator[Violation]:
    for place, one in enumerate(named):
        if one is None:
            sentence = f'Name a {target.field} as {{"id": "…"}}, {{"@id": "/{target.resource}/…"}} or by its UUID.'
            yield Violation(f"{path}[{place}]", "not_a_reference", sentence)
        elif one not in there:
            yield Violation(f"{path}[{place}]", "unknown_reference", f"There is no {target.field} with this id.")


def _nested(row: Any, language: str) -> dict[str, Any]:
    """A plan's name is one text, a product's one for each language."""
    told = {"id": str(row.pk), "code": row.code, "name": _name(row, language)}
    told |= {"createdAt": atom(row.created_at), "updatedAt": atom(row.updated_at)}
    if not isinstance(row, Plan):
        return told
    product: Any = row.product
    return told | {"originProduct": product and {"id": str(product.pk), "name": _name(product, language)}}


def _name(row: Plan | Product, language: str) -> str:
    return choose_text(row.name, language) if isinstance(row, Product) else row.name
