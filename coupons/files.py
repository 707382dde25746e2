"""Coupons as files: every column that is data, the targets as lists of ids, the definition only where the columns do not say it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.datafiles.columns import Column, columns_of
from bookingoffice.datafiles.faults import Faults
from bookingoffice.datafiles.sheets import Sheet, Told
from bookingoffice.datafiles.staging import Staging
from bookingoffice.errors import Malformed
from coupons import file_bulk, file_targets, services
from coupons.file_rows import Deadline, prepared, row_faults
from coupons.models import Coupon
from coupons.redeemed import changes_of_redeemed

WHAT: Final = (
    "id", "code", "name", "description", "kind", "percent", "amount_minor", "currency",
)  # fmt: skip
LIMITS: Final = (
    "stackable", "priority", "quota", "max_per_customer", "max_discount_minor", "budget_minor", "limit_currency", "hot",
    "valid_from", "expires_at", "expires_text", "archived_at", "deleted_at",
)  # fmt: skip
REACH: Final = (
    "plan_scope", "auto_apply", "invitee_mode", "renewal_constraint", "payment_count_comparator", "payment_count_value",
    "lifetime_revenue_comparator", "lifetime_revenue_minor", "min_nights", "max_nights", "min_spend_minor", "season_ids",
    "stay_from", "stay_until", "blackout_dates", "arrival_weekdays", "min_lead_days", "max_lead_days", "repeat",
    "repeat_count", "repeat_unit",
)  # fmt: skip
ORIGIN: Final = ("public_id", "code_generated", "metadata", "created_at", "updated_at")

SAID_BY_COLUMNS: Final = """
CASE WHEN coupons.definition::text = CASE coupons.kind
    WHEN 'percent' THEN concat('{{"type": "relative", "value": ', trim_scale(-coupons.percent), ', "restrictions": []}}')
    WHEN 'amount' THEN concat('{{"type": "absolute", "value": [{{"value": ',
        trim_scale(coupons.amount_minor / power(10::numeric, public.currency_exponent(coupons.currency))),
        ', "period": null, "occupancy_group_id": null}}], "restrictions": []}}')
    END THEN NULL ELSE coupons.definition END
"""
"""Held against the text that PostgreSQL itself gives to such a definition; building one anew for each row would take longer."""


class CouponSheet(Sheet):
    noun = "coupon"
    plural = "coupons"
    model = Coupon
    columns = (
        *columns_of(Coupon, WHAT),
        Column("definition", "jsonb"),
        *columns_of(Coupon, ["scope"]),
        *(Column(name, "uuid[]") for name in file_targets.COLUMNS),
        *columns_of(Coupon, (*LIMITS, *REACH, *ORIGIN), end_of_day=["expires_at"]),
    )
    expressions = {"definition": SAID_BY_COLUMNS, **file_targets.EXPRESSIONS}
    keys = {"code_key": "nullif(public.coupon_code_key(code), '')"}
    bulk = file_bulk.BULK
    constraints: dict[str, Told] = {
        "coupons_organization_id_code_key": (
            "code", "duplicate_code", gettext_noop("Another coupon has this code, in this or another spelling.")
        ),
        "coupons_organization_id_public_id_key": ("public_id", "duplicate_public_id", gettext_noop("Another coupon has this id.")),
        "coupons_repeat_check": (
            "repeat", "repeat_incomplete",
            gettext_noop("“limited” needs repeat_count (from 1) and repeat_unit; the others have neither."),
        ),
        "coupons_reach_check": (
            "payment_count_comparator", "not_supported", gettext_noop("A comparator other than “any” is not supported.")
        ),
    }  # fmt: skip

    def set_targets(self, staging: Staging, organization: Organization) -> None:
        """By id, else by code among coupons that are not deleted."""
        super().set_targets(staging, organization)
        by_code = "CASE WHEN staged_rows.id IS NULL THEN staged_rows.code_key END"
        self.aim(by_code, "code_key", organization, "kept.deleted_at IS NULL")

    def recognize(self, staging: Staging, organization: Organization, faults: Faults) -> set[int]:
        bad = super().recognize(staging, organization, faults)
        live = sql.SQL("CASE WHEN staged_rows.deleted_at IS NULL THEN staged_rows.code_key END")
        sentence = _("The same code, in this or another spelling, stands on line {line}.")
        return bad | staging.find_repeated(live, "code", "duplicate_code", sentence, faults, without=bad)

    def put(
        self,
        organization: Organization,
        rows: Sequence[dict[str, Any]],
        *,
        known: Collection[UUID],
        actor: Actor,
        moment: datetime,
    ) -> None:
        faults = file_targets.target_faults(organization, rows)
        faults += [
            fault
            for place, row in enumerate(rows)
            for fault in row_faults(row, organization.currency, is_new=row["id"] not in known, place=place)
        ]
        if faults:
            raise Malformed(faults)
        present = _deadlines(organization, known)
        ready = [prepared(row, organization.currency, present.get(row["id"])) for row in rows]
        frozen = changes_of_redeemed(organization, ready)
        if frozen:
            raise Malformed(frozen)
        services.put_coupons(organization, ready, actor=actor, moment=moment)
        file_targets.put(organization, rows, known=known, actor=actor, moment=moment)


def _deadlines(organization: Organization, ids: Collection[UUID]) -> dict[UUID, Deadline]:
    kept = Coupon.objects.of(organization.pk).filter(id__in=ids) if ids else Coupon.objects.none()
    return {coupon_id: Deadline(*parts) for coupon_id, *parts in kept.values_list("id", "expires_at", "expires_text")}
