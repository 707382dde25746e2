"""The targets of coupons in files: six lists of ids, those a coupon is for and those it is not for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.errors import Fault
from coupons import services
from coupons.services.targets import LINKS, Target, links_of

TARGETS: Final[tuple[Target, ...]] = ("product", "service", "plan")


def included(target: Target) -> str:
    return f"{target}_ids"


def excluded(target: Target) -> str:
    return f"excluded_{target}_ids"


COLUMNS: Final = tuple(column(target) for target in TARGETS for column in (included, excluded))


def _expression(target: Target, condition: str) -> str:
    """Whether the organization has such links at all is asked once: without them, no coupon's are looked for."""
    links = f"coupon_{target}s AS links WHERE links.organization_id = {{organization_id}} AND {condition}"
    return (
        f"CASE WHEN (SELECT EXISTS (SELECT FROM {links})) THEN"  # noqa: S608
        f" (SELECT array_agg(links.{target}_id ORDER BY links.{target}_id) FROM {links} AND links.coupon_id = coupons.id) END"
    )


EXPRESSIONS: Final[Mapping[str, str]] = {
    **{included(target): _expression(target, "NOT links.excluded") for target in TARGETS},
    **{excluded(target): _expression(target, "links.excluded") for target in TARGETS},
}


def target_faults(organization: Organization, rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Ids that the organization does not have, and those that stand twice."""
    return [fault for target in TARGETS for fault in _faults_of(organization, target, rows)]


def _faults_of(organization: Organization, target: Target, rows: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    columns = (included(target), excluded(target))
    named = {target_id for row in rows for column in columns for target_id in row.get(column) or ()}
    model: Any = LINKS[target]._meta.get_field(target).related_model
    there = set(model.objects.of(organization.pk).filter(id__in=named).values_list("id", flat=True)) if named else set()
    for place, row in enumerate(rows):
        seen: set[UUID] = set()
        for column in columns:
            for target_id in row.get(column) or ():
                if target_id not in there:
                    sentence = _("The organization has no %(target)s %(target_id)s.") % {
                        "target": target,
                        "target_id": target_id,
                    }
                    yield Fault(column, f"{target}_not_found", sentence, "", place)
                elif target_id in seen:
                    sentence = _(
                        "The %(target)s %(target_id)s is named twice, or is included and excluded at once."
                    ) % {"target": _(target), "target_id": target_id}
                    yield Fault(column, "target_twice", sentence, "", place)
                seen.add(target_id)


def put(
    organization: Organization,
    rows: Sequence[Mapping[str, Any]],
    *,
    known: Collection[UUID],
    actor: Actor,
    moment: datetime,
) -> None:
    """Makes the links of each row what it says; a list that is not given stays as it is."""
    for target in TARGETS:
        new = [link for row in rows if row["id"] not in known for link in _links(row, target)]
        services.add_targets(organization, target, new, actor=actor, moment=moment)
        given = [row for row in rows if row["id"] in known and (included(target) in row or excluded(target) in row)]
        for coupon_id, wanted in _differing(organization, target, given).items():
            services.set_targets(
                organization, coupon_id, target, wanted[False], excluded=wanted[True], actor=actor, moment=moment
            )


def _links(row: Mapping[str, Any], target: Target) -> list[dict[str, Any]]:
    lists = ((False, row.get(included(target))), (True, row.get(excluded(target))))
    return [
        {"coupon_id": row["id"], f"{target}_id": target_id, "excluded": is_excluded}
        for is_excluded, ids in lists
        for target_id in ids or ()
    ]


Wanted = dict[bool, set[UUID]]
"""Ids by whether they are excluded."""


def _differing(organization: Organization, target: Target, rows: Sequence[Mapping[str, Any]]) -> dict[UUID, Wanted]:
    if not rows:
        return {}
    present: dict[UUID, Wanted] = {row["id"]: {False: set(), True: set()} for row in rows}
    links = links_of(organization, target).filter(coupon_id__in=list(present))
    for coupon_id, target_id, is_excluded in links.values_list("coupon_id", f"{target}_id", "excluded"):
        present[coupon_id][is_excluded].add(target_id)
    wanted = {row["id"]: _wanted(row, target, present[row["id"]]) for row in rows}
    return {coupon_id: ids for coupon_id, ids in wanted.items() if ids != present[coupon_id]}


def _wanted(row: Mapping[str, Any], target: Target, present: Wanted) -> Wanted:
    names = {False: included(target), True: excluded(target)}
    return {side: set(row[name] or ()) if name in row else present[side] for side, name in names.items()}
