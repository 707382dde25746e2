"""One coupon: what it gives, to whom, when and how often. Four wire contracts are projections of this row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, GeneratedField, JSONField, Q, Value
from django.utils.translation import gettext_lazy

from bookingoffice import records
from bookingoffice.database.constraints import SqlCheck
from bookingoffice.database.fields import EnumField, ExactDecoder
from bookingoffice.database.functions import NewPublicId
from bookingoffice.database.keys import Reference, TenantForeignKey, TenantPrimaryKey
from coupons.querysets import CouponManager
from coupons.sql import CODE_CHECK


class Kind(models.TextChoices):
    AMOUNT = "amount", gettext_lazy("Amount")
    PERCENT = "percent", gettext_lazy("Percent")
    EXPRESSION = "expression", gettext_lazy("Expression")


class ScopeOfDiscount(models.TextChoices):
    GLOBAL = "global", gettext_lazy("Whole booking")
    PRODUCT = "product", gettext_lazy("Bookings of chosen products")
    SERVICE = "service", gettext_lazy("Fees of chosen services")
    RENT = "rent", gettext_lazy("Rent")


class Repeat(models.TextChoices):
    ONCE = "once", gettext_lazy("Once")
    LIMITED = "limited", gettext_lazy("For a number of periods")
    FOREVER = "forever", gettext_lazy("Always")


class RepeatUnit(models.TextChoices):
    DAYS = "days", gettext_lazy("Days")
    WEEKS = "weeks", gettext_lazy("Weeks")
    MONTHS = "months", gettext_lazy("Months")
    YEARS = "years", gettext_lazy("Years")
    BILLING_PERIOD = "billing_period", gettext_lazy("Billing periods")


class InviteeMode(models.TextChoices):
    ALL = "all", gettext_lazy("Everyone")
    NEW_USERS = "new_users", gettext_lazy("New customers")
    EXISTING_USERS = "existing_users", gettext_lazy("Existing customers")


class RenewalConstraint(models.TextChoices):
    ANY = "any", gettext_lazy("Any payment")
    FIRST_PAYMENT = "first_payment", gettext_lazy("First payment")
    RENEWALS = "renewals", gettext_lazy("Renewals")


class PlanScope(models.TextChoices):
    ALL = "all", gettext_lazy("All plans")
    SPECIFIC = "specific", gettext_lazy("Chosen plans")


class State(models.TextChoices):
    """What a coupon is at a moment, highest first."""

    DELETED = "deleted", gettext_lazy("Deleted")
    ARCHIVED = "archived", gettext_lazy("Archived")
    EXPIRED = "expired", gettext_lazy("Expired")
    EXHAUSTED = "exhausted", gettext_lazy("Used up")
    SCHEDULED = "scheduled", gettext_lazy("Scheduled")
    ACTIVE = "active", gettext_lazy("Active")


class CouponBatch(records.TenantRecord):
    """One run that made many codes. `quota` is a limit that all of them share."""

    label = models.TextField(default="", db_default="", blank=True)
    prefix = models.TextField(default="", db_default="", blank=True)
    pattern = models.TextField(default="", db_default="", blank=True)
    count = models.IntegerField()
    quota = models.IntegerField(null=True, blank=True)

    class Meta(records.TenantRecord.Meta):
        db_table = "coupon_batches"
        verbose_name = gettext_lazy("batch of codes")
        verbose_name_plural = gettext_lazy("batches of codes")
        constraints = [
            TenantPrimaryKey(name="coupon_batches_pkey"),
            Reference(name="coupon_batches_organization_id_fkey", field="organization"),
            models.CheckConstraint(condition=Q(quota__gte=0), name="coupon_batches_quota_check"),
        ]

    def __str__(self) -> str:
        return self.label or str(self.id)


class Coupon(records.ChangingRecord):
    """`amount_minor` counts the smallest unit of `currency`; `percent` is 0 to 100; `definition` says the same on the wire.

    `quota`, `max_per_customer`, `budget_minor` and `hot` are changed through the ledger's door alone (`coupons.ledger`).
    """

    deleted_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    public_id = models.TextField(db_default=NewPublicId(Value("cou_")), editable=False)
    code = models.TextField()
    code_key = GeneratedField(
        expression=Func(F("code"), function="public.coupon_code_key"), output_field=models.TextField(), db_persist=True
    )
    code_generated = models.BooleanField(default=False, db_default=False, editable=False)
    batch = TenantForeignKey(  # type: ignore[misc]
        CouponBatch, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="coupons", editable=False
    )
    name = models.TextField()
    description = models.TextField(null=True, blank=True)
    metadata: Any = models.JSONField(default=dict, db_default=Value({}, JSONField()), blank=True)

    kind = models.TextField(choices=Kind.choices)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.TextField(null=True, blank=True)
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    definition: Any = models.JSONField(decoder=ExactDecoder)

    scope = EnumField(
        enum="coupon_scope",
        choices=ScopeOfDiscount.choices,
        default=ScopeOfDiscount.GLOBAL,
        db_default=ScopeOfDiscount.GLOBAL,
    )
    stackable = models.BooleanField(default=True, db_default=True)
    priority = models.IntegerField(default=0, db_default=0)
    plan_scope = models.TextField(choices=PlanScope.choices, default=PlanScope.ALL, db_default=PlanScope.ALL)
    auto_apply = models.BooleanField(default=False, db_default=False)
    invitee_mode = models.TextField(choices=InviteeMode.choices, default=InviteeMode.ALL, db_default=InviteeMode.ALL)
    renewal_constraint = models.TextField(
        choices=RenewalConstraint.choices, default=RenewalConstraint.ANY, db_default=RenewalConstraint.ANY
    )
    payment_count_comparator = models.TextField(default="any", db_default="any", editable=False)
    payment_count_value = models.IntegerField(null=True, blank=True, editable=False)
    lifetime_revenue_comparator = models.TextField(default="any", db_default="any", editable=False)
    lifetime_revenue_minor = models.BigIntegerField(null=True, blank=True, editable=False)
    min_nights = models.IntegerField(null=True, blank=True)
    max_nights = models.IntegerField(null=True, blank=True)
    min_spend_minor = models.BigIntegerField(null=True, blank=True)
    season_ids: Any = ArrayField(models.UUIDField(), null=True, blank=True)
    stay_from = models.DateField(null=True, blank=True)
    stay_until = models.DateField(null=True, blank=True)
    blackout_dates: Any = ArrayField(models.DateField(), null=True, blank=True)
    arrival_weekdays: Any = ArrayField(models.SmallIntegerField(), null=True, blank=True)
    min_lead_days = models.IntegerField(null=True, blank=True)
    max_lead_days = models.IntegerField(null=True, blank=True)

    quota = models.IntegerField(null=True, blank=True)
    max_per_customer = models.IntegerField(null=True, blank=True)
    max_discount_minor = models.BigIntegerField(null=True, blank=True)
    budget_minor = models.BigIntegerField(null=True, blank=True)
    limit_currency = models.TextField(null=True, blank=True)
    hot = models.BooleanField(default=False, db_default=False)

    repeat = models.TextField(choices=Repeat.choices, default=Repeat.ONCE, db_default=Repeat.ONCE)
    repeat_count = models.IntegerField(null=True, blank=True)
    repeat_unit = models.TextField(choices=RepeatUnit.choices, null=True, blank=True)

    valid_from = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    expires_text = models.TextField(null=True, blank=True, editable=False)

    fts: Any = GeneratedField(
        expression=Func(F("code"), template="to_tsvector('simple'::regconfig, %(expressions)s)"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CouponManager()  # type: ignore[misc]

    class Meta(records.ChangingRecord.Meta):
        db_table = "coupons"
        indexes = [
            models.Index(fields=["organization", "created_at", "id"], name="coupons_newest_idx"),
            models.Index(fields=["organization", "code", "id"], name="coupons_code_idx"),
            models.Index(fields=["organization", "batch"], condition=Q(batch__isnull=False), name="coupons_batch_idx"),
            models.Index(
                fields=["organization", "code_key"],
                condition=Q(deleted_at__isnull=False),
                name="coupons_deleted_code_idx",
            ),
            models.Index(  # what expires in a week or a month; the others are looked for by nobody
                fields=["organization", "expires_at"],
                condition=Q(expires_at__isnull=False, deleted_at=None, archived_at=None),
                name="coupons_expiring_idx",
            ),
        ]
        constraints = [
            TenantPrimaryKey(name="coupons_pkey"),
            Reference(name="coupons_organization_id_fkey", field="organization"),
            Reference(name="coupons_batch_id_fkey", field="batch"),
            models.UniqueConstraint(
                fields=["organization", "code_key"],
                condition=Q(deleted_at=None),
                name="coupons_organization_id_code_key",
            ),
            models.UniqueConstraint(fields=["organization", "public_id"], name="coupons_organization_id_public_id_key"),
            SqlCheck(name="coupons_code_check", condition=CODE_CHECK),
            SqlCheck(name="coupons_definition_check", condition="public.price_expression_is_valid(definition)"),
            SqlCheck(
                name="coupons_value_check",
                condition="CASE kind WHEN 'amount' THEN amount_minor >= 0 AND currency ~ '^[A-Z]{3}$' AND percent IS NULL"
                " WHEN 'percent' THEN percent BETWEEN 0 AND 100 AND amount_minor IS NULL AND currency IS NULL"
                " WHEN 'expression' THEN amount_minor IS NULL AND currency IS NULL AND percent IS NULL ELSE false END IS TRUE",
            ),
            SqlCheck(
                name="coupons_definition_agrees_check",
                condition="public.price_expression_agrees(definition, kind, amount_minor, currency, percent)",
            ),
            SqlCheck(
                name="coupons_repeat_check",
                condition="CASE repeat WHEN 'limited' THEN repeat_count >= 1"
                " AND repeat_unit IN ('days', 'weeks', 'months', 'years', 'billing_period')"
                " WHEN 'once' THEN repeat_count IS NULL AND repeat_unit IS NULL"
                " WHEN 'forever' THEN repeat_count IS NULL AND repeat_unit IS NULL ELSE false END IS TRUE",
            ),
            SqlCheck(
                name="coupons_quota_check",
                condition="(quota IS NULL OR quota >= 0) AND (max_per_customer IS NULL OR max_per_customer >= 0)"
                " AND (budget_minor IS NULL OR budget_minor >= 0) AND (max_discount_minor IS NULL OR max_discount_minor >= 0)",
            ),
            SqlCheck(
                name="coupons_reach_check",
                condition="invitee_mode IN ('all', 'new_users', 'existing_users')"
                " AND renewal_constraint IN ('any', 'first_payment', 'renewals') AND plan_scope IN ('all', 'specific')"
                " AND payment_count_comparator = 'any' AND lifetime_revenue_comparator = 'any'",
            ),
            SqlCheck(
                name="coupons_stay_check",
                condition="(min_nights IS NULL OR min_nights >= 0) AND (max_nights IS NULL OR max_nights >= 0)"
                " AND (min_spend_minor IS NULL OR min_spend_minor >= 0)"
                " AND (min_lead_days IS NULL OR min_lead_days >= 0) AND (max_lead_days IS NULL OR max_lead_days >= 0)"
                " AND (arrival_weekdays IS NULL OR arrival_weekdays <@ '{1,2,3,4,5,6,7}'::smallint[])"
                " AND (limit_currency IS NULL OR limit_currency ~ '^[A-Z]{3}$')",
            ),
            SqlCheck(name="coupons_metadata_check", condition="jsonb_typeof(metadata) = 'object'"),
        ]

    def __str__(self) -> str:
        return self.code

    def state_at(self, moment: datetime, *, live_uses: int) -> State:
        """Staff decisions outrank the calendar; twin of `CouponQuerySet.with_state`."""
        if self.deleted_at:
            return State.DELETED
        if self.archived_at:
            return State.ARCHIVED
        if self.expires_at and self.expires_at <= moment:
            return State.EXPIRED
        if self.quota is not None and live_uses >= self.quota:
            return State.EXHAUSTED
        if self.valid_from and self.valid_from > moment:
            return State.SCHEDULED
        return State.ACTIVE
