"""The acts: create, change, delete. Each says everything that is wrong before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.references.models import Product
from coupons import services
from coupons.api.hyperline.changes import VALUE_KEYS, columns_of, differing
from coupons.api.hyperline.errors import TYPES, Refused, WireFault
from coupons.api.hyperline.reading import Reading, in_order, read, repeat_faults, value_faults
from coupons.api.hyperline.wire import NULLABLE, coupon_out
from coupons.facts import zone_of
from coupons.generation import pattern_of
from coupons.models import Coupon, CouponProduct, CouponUse
from coupons.querysets import live
from coupons.reasons import sentence_of
from coupons.refusals import in_words

CODES: Final = pattern_of("****-****-****!")  # 23 to the 12th: two alike are not to be expected
LOCKED: Final = "locked_field"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who writes, where and when."""

    organization: Organization
    actor: Actor
    moment: datetime

    @property
    def zone(self) -> str:
        return str(zone_of(self.organization))


def create(desk: Desk, body: object) -> UUID:
    """Raises Refused."""
    strict = NULLABLE if settings.HYPERLINE_REQUIRE_NULLABLE_KEYS else ()
    reading = read(body, required=frozenset(("name", "type", *strict)), present=None, zone=desk.zone)
    reading.faults.extend([*value_faults(reading, None), *repeat_faults(reading, None)])
    products = _products(desk, reading)
    _refuse_if_any(reading.faults)
    row = {"code": CODES.draw(1)[0], "code_generated": True, **columns_of(reading.values, {})}
    if products:
        row["scope"] = "product"
    with in_words():
        [coupon_id] = services.create_coupons(desk.organization, [row], actor=desk.actor, moment=desk.moment)
        _link(desk, coupon_id, products)
    return coupon_id


def change(desk: Desk, coupon: Coupon, body: object) -> None:
    """The coupon is locked and visible. Raises Refused."""
    told = coupon_out(coupon, zone_of(desk.organization))
    reading = read(body, required=frozenset(), present=coupon.kind, zone=desk.zone)
    faults = [*value_faults(reading, coupon.kind), *repeat_faults(reading, told.get("repeat"))]
    reading.faults.extend(faults)
    changes = differing(reading.values, told)
    products = _products(desk, reading, coupon) if "product_ids" in changes else None
    _refuse_if_any([*reading.faults, *_of_uses(desk, coupon, changes, told)])
    columns = columns_of(changes, told)
    if products is not None:
        columns |= _scope(coupon, products)
    with in_words():
        if columns:
            services.change_coupons(desk.organization, [coupon.pk], columns, actor=desk.actor, moment=desk.moment)
        if products is not None:
            _link(desk, coupon.pk, products)


def delete(desk: Desk, coupon: Coupon) -> None:
    """Uses keep their coupon."""
    gone = {"deleted_at": desk.moment}
    services.change_coupons(desk.organization, [coupon.pk], gone, actor=desk.actor, moment=desk.moment)


def _refuse_if_any(faults: Sequence[WireFault]) -> None:
    if faults:
        locked = all(fault.code == LOCKED for fault in faults)
        raise Refused(in_order(faults), LOCKED if locked else TYPES[400])


def _products(desk: Desk, reading: Reading, coupon: Coupon | None = None) -> list[UUID]:
    """The ids of the products that are named, in their order; those that are nobody's, or excluded, become faults."""
    names = list(dict.fromkeys(reading.values.get("product_ids") or ()))
    if not names:
        return []
    found = Product.objects.of(desk.organization.pk).filter(public_id__in=names)
    known = dict(found.values_list("public_id", "id"))
    excluded = _excluded(desk, coupon)
    for place, name in enumerate(reading.values["product_ids"]):
        if name not in known:
            reading.faults.append(_unfit(place, name, "unknown_product", "is no product of this organization"))
        elif known[name] in excluded:
            reading.faults.append(_unfit(place, name, "excluded_product", "is excluded from this coupon"))
    return [known[name] for name in names if name in known]


def _excluded(desk: Desk, coupon: Coupon | None) -> set[UUID]:
    if coupon is None:
        return set()
    links = CouponProduct.objects.of(desk.organization.pk).filter(coupon_id=coupon.pk, excluded=True)
    return set(links.values_list("product_id", flat=True))


def _unfit(place: int, name: str, code: str, sentence: str) -> WireFault:
    return WireFault(("product_ids", place), code, sentence, "id of a product", name)


def _link(desk: Desk, coupon_id: UUID, products: Sequence[UUID]) -> None:
    services.set_targets(desk.organization, coupon_id, "product", products, actor=desk.actor, moment=desk.moment)


def _scope(coupon: Coupon, products: Sequence[UUID]) -> dict[str, str]:
    """Follows the products between global and product; rent and service stay what they are."""
    if coupon.scope not in ("global", "product"):
        return {}
    return {"scope": "product" if products else "global"}


def _of_uses(desk: Desk, coupon: Coupon, changes: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[WireFault]:
    """What a coupon that has been used may no longer change. The lock on its row keeps new uses out meanwhile."""
    if not changes.keys() & {*VALUE_KEYS, "redemption_limit"}:
        return
    uses = CouponUse.objects.of(desk.organization.pk).filter(live(desk.moment), coupon_id=coupon.pk).count()
    for name in VALUE_KEYS:
        if uses and name in changes:
            sentence = "cannot change any more, because the coupon has been used"
            yield WireFault((name,), LOCKED, sentence, str(told.get(name)), str(changes[name]))
    limit = changes.get("redemption_limit")
    if limit is not None and limit < uses:
        sentence = sentence_of("quota_below_uses").format(uses=uses)
        yield WireFault(("redemption_limit",), "quota_below_uses", sentence, f"{uses} or more", str(limit))
