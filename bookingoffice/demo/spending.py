"""The coupons are made, a year of guests spends them, and what is over is put away: all through the services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bookingoffice.audit.actors import Actor
from bookingoffice.demo.bookings import Stay
from bookingoffice.demo.dice import Dice
from bookingoffice.demo.house import House
from bookingoffice.demo.matching import could_use
from bookingoffice.demo.offers import Offer
from coupons import services

Coupons = Mapping[UUID, Offer]


def publish(house: House, dice: Dice, offers: Sequence[Offer], *, actor: Actor, moment: datetime) -> dict[UUID, Offer]:
    """The offers by their coupons' ids."""
    return {_publish(house, dice, offer, actor, offer.created_at(moment)): offer for offer in offers}


def _publish(house: House, dice: Dice, offer: Offer, actor: Actor, made_at: datetime) -> UUID:
    row = {
        "id": dice.id_at(made_at),
        "code": offer.code,
        "name": offer.description,
        "description": offer.description,
        "created_at": made_at,
        "updated_at": made_at,
        **offer.row,
    }
    [coupon_id] = services.create_coupons(house.organization, [row], actor=actor, moment=made_at)
    for side, targets in ((False, offer.included), (True, offer.excluded)):
        for target, ids in targets.items():
            links = [
                {"coupon_id": coupon_id, f"{target}_id": target_id, "excluded": side, "created_at": made_at}
                for target_id in ids
            ]
            services.add_targets(house.organization, target, links, actor=actor, moment=made_at)
    return coupon_id


def spend(house: House, dice: Dice, coupons: Coupons, stays: Sequence[Stay], *, actor: Actor, moment: datetime) -> None:
    """Uses at the moments guests booked, minutes later; the last two are still held by their checkouts."""
    uses = list(_uses(house, dice, coupons, stays, moment))
    for coupon_id, stay in uses[:-2]:
        used_at = stay.booked_at + timedelta(minutes=dice.between(1, 45))
        services.redeem(house.organization, coupon_id, stay.id, actor=actor, moment=used_at)
    for coupon_id, stay in uses[-2:]:
        until = moment + timedelta(days=2)
        services.reserve(house.organization, coupon_id, stay.id, until=until, actor=actor, moment=moment)


def _uses(
    house: House, dice: Dice, coupons: Coupons, stays: Sequence[Stay], moment: datetime
) -> Iterator[tuple[UUID, Stay]]:
    spent: Counter[UUID] = Counter()
    spent_by: Counter[tuple[UUID, int]] = Counter()
    for stay in stays:
        if not dice.happens(85):
            continue
        for coupon_id in _chosen(house, dice, coupons, stay, moment):
            row = coupons[coupon_id].row
            all_gone = spent[coupon_id] >= row.get("quota", len(stays))
            if all_gone or spent_by[coupon_id, stay.customer] >= row.get("max_per_customer", len(stays)):
                continue
            spent[coupon_id] += 1
            spent_by[coupon_id, stay.customer] += 1
            yield coupon_id, stay


def _chosen(house: House, dice: Dice, coupons: Coupons, stay: Stay, moment: datetime) -> list[UUID]:
    """One coupon; now and then a second one that may stand beside it."""
    fitting = [coupon_id for coupon_id, offer in coupons.items() if could_use(offer, stay, house, moment)]
    if not fitting:
        return []
    first = dice.one_of(fitting, [coupons[coupon_id].liked for coupon_id in fitting])
    beside = [coupon_id for coupon_id in fitting if coupon_id != first and _stackable(coupons[coupon_id])]
    if beside and _stackable(coupons[first]) and dice.happens(15):
        return [first, dice.one_of(beside)]
    return [first]


def _stackable(offer: Offer) -> bool:
    return bool(offer.row.get("stackable", True))


def put_away(house: House, coupons: Coupons, *, actor: Actor, moment: datetime) -> None:
    archived = [coupon_id for coupon_id, offer in coupons.items() if offer.fate == "archived"]
    deleted = [coupon_id for coupon_id, offer in coupons.items() if offer.fate == "deleted"]
    services.archive_coupons(
        house.organization, archived, archived=True, actor=actor, moment=moment - timedelta(days=20)
    )
    deleted_at = moment - timedelta(days=270)
    services.change_coupons(house.organization, deleted, {"deleted_at": deleted_at}, actor=actor, moment=deleted_at)
