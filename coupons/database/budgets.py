"""What all uses of a coupon have taken together, beside its counters: one row for each coupon that has a budget.

`spent_minor` sums rows of the ledger, holds included. The row is made when it is first needed. Budgets are locked by coupon,
after the coupon and before every counter, because what is left of one decides how much a use takes.
"""

from __future__ import annotations

_OF_COUPON = "organization_id = p_organization AND coupon_id = p_coupon"

LAY_BUDGET = f"""
CREATE OR REPLACE FUNCTION public.ledger_lay_budget(p_organization uuid, p_coupon uuid, p_budget bigint, p_anew boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.coupon_budgets (organization_id, coupon_id, spent_minor, budget_minor)
    SELECT p_organization, p_coupon, coalesce(sum(amount_minor), 0), p_budget FROM public.coupon_uses WHERE {_OF_COUPON}
    ON CONFLICT (organization_id, coupon_id) DO UPDATE SET spent_minor = excluded.spent_minor, budget_minor = excluded.budget_minor
    WHERE p_anew;
END $$
"""

HOLD_BUDGETS = """
CREATE OR REPLACE FUNCTION public.ledger_hold_budgets(p_organization uuid, p_coupons uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- Locks the budgets of coupons in order, made first where there are none; before them the coupons, which making one refers to.
DECLARE
    one record;
BEGIN
    PERFORM 1 FROM public.coupons
    WHERE organization_id = p_organization AND id = ANY (p_coupons) AND budget_minor IS NOT NULL ORDER BY id FOR KEY SHARE;
    FOR one IN
        SELECT id, budget_minor FROM public.coupons
        WHERE organization_id = p_organization AND id = ANY (p_coupons) AND budget_minor IS NOT NULL ORDER BY id
    LOOP
        PERFORM 1 FROM public.coupon_budgets WHERE organization_id = p_organization AND coupon_id = one.id FOR UPDATE;
        IF NOT FOUND THEN
            PERFORM public.ledger_lay_budget(p_organization, one.id, one.budget_minor, false);
            PERFORM 1 FROM public.coupon_budgets WHERE organization_id = p_organization AND coupon_id = one.id FOR UPDATE;
        END IF;
    END LOOP;
END $$
"""

HOLD_BUDGETS_FOR = """
CREATE OR REPLACE FUNCTION public.ledger_hold_budgets_for(p_organization uuid, p_coupons uuid[], p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- The budgets that acts on these coupons may move, so that what was read of them stays true: their own, and those of coupons
-- whose expired holds would be forgotten along, because they count in the same batch.
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    PERFORM public.ledger_hold_budgets(p_organization, p_coupons || ARRAY (
        SELECT uses.coupon_id FROM public.coupon_uses AS uses
        JOIN public.coupons ON coupons.organization_id = p_organization AND coupons.batch_id = uses.batch_id
        WHERE uses.organization_id = p_organization AND coupons.id = ANY (p_coupons)
        AND uses.state = 'reserved' AND uses.expires_at <= p_moment));
END $$
"""

SPEND = f"""
CREATE OR REPLACE FUNCTION public.ledger_spend(
    p_organization uuid, p_coupon uuid, p_booking uuid, p_amount bigint, p_currency text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- Takes an amount from a budget that is locked already. One that is spent refuses a use without an amount too.
BEGIN
    IF p_amount > 0 AND p_currency IS DISTINCT FROM (
        SELECT coalesce(coupons.limit_currency, organizations.currency) FROM public.coupons
        JOIN public.organizations ON organizations.id = coupons.organization_id
        WHERE coupons.organization_id = p_organization AND coupons.id = p_coupon
    ) THEN RAISE EXCEPTION 'currency_mismatch' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking); END IF;
    UPDATE public.coupon_budgets SET spent_minor = spent_minor + coalesce(p_amount, 0)
    WHERE {_OF_COUPON} AND spent_minor < budget_minor AND spent_minor + coalesce(p_amount, 0) <= budget_minor;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'budget_exhausted' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking);
    END IF;
END $$
"""

SPEND_ANEW = """
CREATE OR REPLACE FUNCTION public.ledger_spend_anew(
    p_organization uuid, p_coupon uuid, p_booking uuid, p_before bigint, p_amount bigint, p_currency text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- A hold takes another amount than it promised.
BEGIN
    UPDATE public.coupon_budgets SET spent_minor = spent_minor - coalesce(p_before, 0)
    WHERE organization_id = p_organization AND coupon_id = p_coupon;
    IF p_amount > 0 THEN PERFORM public.ledger_spend(p_organization, p_coupon, p_booking, p_amount, p_currency); END IF;
END $$
"""

INTERNAL = (
    (LAY_BUDGET, "public.ledger_lay_budget(uuid, uuid, bigint, boolean)"),
    (HOLD_BUDGETS, "public.ledger_hold_budgets(uuid, uuid[])"),
    (SPEND, "public.ledger_spend(uuid, uuid, uuid, bigint, text)"),
    (SPEND_ANEW, "public.ledger_spend_anew(uuid, uuid, uuid, bigint, bigint, text)"),
)

DOORS = ((HOLD_BUDGETS_FOR, "public.ledger_hold_budgets_for(uuid, uuid[], timestamptz)"),)
