"""Archiving, restoring and deleting the coupons that were chosen in the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookingoffice.accounts.desk import actor_of, organization_of
from coupons import services, wording
from coupons.admin.previews import Act, Plan, Refused, Step
from coupons.models import Coupon
from coupons.models.coupon import State
from coupons.standing import live_uses


class CouponAct(Act):
    """Chosen coupons, their live uses and their states known."""

    now_title = gettext_lazy("Now")
    then_title = gettext_lazy("Then")

    def rows(self, queryset: Any) -> list[Any]:
        coupons = super().rows(queryset)
        self.moment = timezone.now()
        self.organization = organization_of(self.request)
        counted = live_uses(self.organization.pk, [coupon.pk for coupon in coupons], self.moment)
        for coupon in coupons:
            coupon.live_uses = counted.get(coupon.pk, 0)
            coupon.state = coupon.state_at(self.moment, live_uses=coupon.live_uses)
        return coupons

    @property
    def by_whom(self) -> dict[str, Any]:
        return {"actor": actor_of(self.request), "moment": self.moment}

    def plan(self, rows: Sequence[Any]) -> Plan:
        plan = Plan()
        for coupon in rows:
            found = self.judged(coupon)
            if isinstance(found, str):
                plan.refused.append(Refused(coupon.code, found))
            else:
                plan.steps.append(Step(coupon, coupon.code, *found))
        return plan

    def judged(self, coupon: Any) -> tuple[str, str] | str:
        """How it is and will be; or why not."""
        raise NotImplementedError


def ids_of(steps: Sequence[Step]) -> list[UUID]:
    return [step.subject.pk for step in steps]


def state_words(state: str) -> str:
    return str(State(state).label)


class Archive(CouponAct):
    name = "archive"
    title = gettext_lazy("Archive these coupons?")
    button = gettext_lazy("Yes, archive")

    def judged(self, coupon: Any) -> tuple[str, str] | str:
        if coupon.state in (State.DELETED, State.ARCHIVED):
            return _("It is %(state)s already.") % {"state": state_words(coupon.state).lower()}
        return state_words(coupon.state), _("Archived: not given any more; can be restored")

    def write(self, steps: Sequence[Step]) -> str:
        services.archive_coupons(self.organization, ids_of(steps), archived=True, **self.by_whom)
        return _("Archived: %(number)s.") % {"number": wording.number(len(steps))}


class Restore(CouponAct):
    """Out of the archive, and back from having been marked as deleted."""

    name = "restore"
    title = gettext_lazy("Restore these coupons?")
    button = gettext_lazy("Yes, restore")

    def rows(self, queryset: Any) -> list[Any]:
        """Of two deleted coupons with one code, one comes back."""
        coupons = super().rows(queryset)
        gone = [coupon for coupon in coupons if coupon.deleted_at]
        kept = Coupon.objects.of(self.organization.pk).filter(deleted_at=None)
        self.taken = set(kept.filter(code_key__in=[one.code_key for one in gone]).values_list("code_key", flat=True))
        return coupons

    def judged(self, coupon: Any) -> tuple[str, str] | str:
        if coupon.state not in (State.DELETED, State.ARCHIVED):
            return _("It is neither archived nor deleted.")
        if coupon.deleted_at:
            if coupon.code_key in self.taken:
                return _("Another coupon has this code already, in this or another spelling.")
            self.taken.add(coupon.code_key)
        now = coupon.state
        coupon.deleted_at = coupon.archived_at = None
        return state_words(now), state_words(coupon.state_at(self.moment, live_uses=coupon.live_uses))

    def write(self, steps: Sequence[Step]) -> str:
        back = {"deleted_at": None, "archived_at": None}
        services.change_coupons(self.organization, ids_of(steps), back, **self.by_whom)
        return _("Restored: %(number)s.") % {"number": wording.number(len(steps))}


class Delete(CouponAct):
    """For good: of a coupon that was used the history has to stay."""

    name = "delete_selected"
    title = gettext_lazy("Delete these coupons for good?")
    button = gettext_lazy("Yes, delete for good")
    danger: ClassVar[bool] = True

    def judged(self, coupon: Any) -> tuple[str, str] | str:
        if coupon.live_uses:
            return ngettext(
                "It has %(number)s use, and its history has to stay: archive it, or mark it as deleted.",
                "It has %(number)s uses, and its history has to stay: archive it, or mark it as deleted.",
                coupon.live_uses,
            ) % {"number": wording.number(coupon.live_uses)}
        return state_words(coupon.state), _("Gone; the code is free again")

    def write(self, steps: Sequence[Step]) -> str:
        services.delete_coupons(self.organization, ids_of(steps), **self.by_whom)
        return _("Deleted: %(number)s.") % {"number": wording.number(len(steps))}


class MarkAsDeleted(CouponAct):
    name = "mark_as_deleted"
    title = gettext_lazy("Mark these coupons as deleted?")
    button = gettext_lazy("Yes, mark as deleted")
    danger: ClassVar[bool] = True

    def judged(self, coupon: Any) -> tuple[str, str] | str:
        if coupon.deleted_at:
            return _("It is marked as deleted already.")
        return state_words(coupon.state), _("Deleted; its uses stay in the ledger and its code is free again")

    def write(self, steps: Sequence[Step]) -> str:
        services.change_coupons(self.organization, ids_of(steps), {"deleted_at": self.moment}, **self.by_whom)
        return _("Marked as deleted: %(number)s. They can be restored.") % {"number": wording.number(len(steps))}
