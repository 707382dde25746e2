"""What all uses of a coupon have taken together, beside its counters: one row for each coupon that has a budget.

`spent_minor` sums the amounts of the ledger in `currency`, holds included: what was taken in another one is no part of a budget. The
row is made when it is first needed, and made anew when the coupon's limits are in another currency since. Budgets are locked by
coupon, after coupons and batches and before every counter, because what is left of one decides how much a use takes.
"""

from __future__ import annotations

LIMIT_CURRENCY = "coalesce({coupon}.limit_currency, (SELECT currency FROM public.organizations WHERE organizations.id = p_organization))"
_CURRENCY = LIMIT_CURRENCY.format(coupon="coupons")

HOLD_COUPONS = """PERFORM 1 FROM public.coupons WHERE organization_id = p_organization AND id = ANY ({coupons}) ORDER BY id FOR KEY SHARE;
    PERFORM 1 FROM public.coupon_batches WHERE organization_id = p_organization AND id IN (
        SELECT batch_id FROM public.coupons WHERE organization_id = p_organization AND id = ANY ({coupons}))
    ORDER BY id FOR KEY SHARE;"""
"""Coupons, then their batches, before anything else of them is locked: who changes limits has those first."""

LAY_BUDGET = f"""
CREATE OR REPLACE FUNCTION public.ledger_lay_budget(p_organization uuid, p_coupon uuid, p_budget bigint, p_anew boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.coupon_budgets (organization_id, coupon_id, currency, budget_minor, spent_minor)
    SELECT p_organization, coupons.id, {_CURRENCY}, p_budget, (
        SELECT coalesce(sum(uses.amount_minor), 0) FROM public.coupon_uses AS uses
        WHERE uses.organization_id = p_organization AND uses.coupon_id = p_coupon AND uses.currency = {_CURRENCY})
    FROM public.coupons WHERE coupons.organization_id = p_organization AND coupons.id = p_coupon
    ON CONFLICT (organization_id, coupon_id) DO UPDATE
    SET currency = excluded.currency, budget_minor = excluded.budget_minor, spent_minor = excluded.spent_minor WHERE p_anew;
END $$
"""

HOLD_BUDGETS = f"""
CREATE OR REPLACE FUNCTION public.ledger_hold_budgets(p_organization uuid, p_coupons uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- Locks the budgets of coupons in order, made first where there are none; before them the coupons, which making one refers to.
DECLARE
    one record;
    present text;
    there boolean;
BEGIN
    PERFORM 1 FROM public.coupons
    WHERE organization_id = p_organization AND id = ANY (p_coupons) AND budget_minor IS NOT NULL ORDER BY id FOR KEY SHARE;
    FOR one IN
        SELECT id, budget_minor, {_CURRENCY} AS currency FROM public.coupons
        WHERE organization_id = p_organization AND id = ANY (p_coupons) AND budget_minor IS NOT NULL ORDER BY id
    LOOP
        SELECT currency INTO present FROM public.coupon_budgets
        WHERE organization_id = p_organization AND coupon_id = one.id FOR UPDATE;
        there := FOUND;
        IF present IS DISTINCT FROM one.currency THEN
            PERFORM public.ledger_lay_budget(p_organization, one.id, one.budget_minor, there);
            PERFORM 1 FROM public.coupon_budgets WHERE organization_id = p_organization AND coupon_id = one.id FOR UPDATE;
        END IF;
    END LOOP;
END $$
"""

HOLD_BUDGETS_FOR = f"""
CREATE OR REPLACE FUNCTION public.ledger_hold_budgets_for(p_organization uuid, p_coupons uuid[], p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- The budgets that acts on these coupons may move, so that what was read of them stays true: their own, and those of coupons
-- whose expired holds would be forgotten along, because they count in the same batch. The acts will want every coupon and every
-- batch of them, with a budget or without; who changes limits has those first.
DECLARE
    moved uuid[] := p_coupons || ARRAY (
        SELECT uses.coupon_id FROM public.coupon_uses AS uses
        JOIN public.coupons ON coupons.organization_id = p_organization AND coupons.batch_id = uses.batch_id
        WHERE uses.organization_id = p_organization AND coupons.id = ANY (p_coupons)
        AND uses.state = 'reserved' AND uses.expires_at <= p_moment);
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    {HOLD_COUPONS.format(coupons="moved")}
    PERFORM public.ledger_hold_budgets(p_organization, moved);
END $$
"""

SPEND = """
CREATE OR REPLACE FUNCTION public.ledger_spend(
    p_organization uuid, p_coupon uuid, p_booking uuid, p_amount bigint, p_currency text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- Takes an amount from a budget that is locked already. One that is spent refuses a use without an amount too.
BEGIN
    IF p_amount > 0 AND p_currency IS DISTINCT FROM (
        SELECT currency FROM public.coupon_budgets WHERE organization_id = p_organization AND coupon_id = p_coupon
    ) THEN RAISE EXCEPTION 'currency_mismatch' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking); END IF;
    UPDATE public.coupon_budgets SET spent_minor = spent_minor + coalesce(p_amount, 0)
    WHERE organization_id = p_organization AND coupon_id = p_coupon
    AND spent_minor < budget_minor AND spent_minor + coalesce(p_amount, 0) <= budget_minor;
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

COUNTED = """
CREATE OR REPLACE FUNCTION public.ledger_counted(p_organization uuid, p_coupon uuid, p_amount bigint, p_currency text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- What of an amount the coupon's budget has counted. It is locked first, so that nobody makes it anew in another currency meanwhile.
DECLARE
    counted text;
BEGIN
    SELECT currency INTO counted FROM public.coupon_budgets
    WHERE organization_id = p_organization AND coupon_id = p_coupon FOR UPDATE;
    RETURN CASE WHEN counted = p_currency THEN p_amount END;
END $$
"""

INTERNAL = (
    (LAY_BUDGET, "public.ledger_lay_budget(uuid, uuid, bigint, boolean)"),
    (HOLD_BUDGETS, "public.ledger_hold_budgets(uuid, uuid[])"),
    (SPEND, "public.ledger_spend(uuid, uuid, uuid, bigint, text)"),
    (SPEND_ANEW, "public.ledger_spend_anew(uuid, uuid, uuid, bigint, bigint, text)"),
    (COUNTED, "public.ledger_counted(uuid, uuid, bigint, text)"),
)

DOORS = ((HOLD_BUDGETS_FOR, "public.ledger_hold_budgets_for(uuid, uuid[], timestamptz)"),)
