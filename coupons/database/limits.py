"""Changing what the ledger holds uses to: a coupon's own limits, its budget, and the quota that a batch shares. Parts of the ledger's door."""

from __future__ import annotations

from coupons.database.budgets import LIMIT_CURRENCY

SET_LIMITS = f"""
CREATE OR REPLACE FUNCTION public.ledger_set_limits(
    p_organization uuid, p_coupon uuid, p_quota integer, p_max_per_customer integer, p_hot boolean, p_budget bigint,
    p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- FOR UPDATE waits for everyone who has the coupon in hands (they hold a key share) and lets nobody in meanwhile. The counters are
-- counted anew, so setting the limits that are there repairs them. A coupon that is hot no more has its uses in one slot.
DECLARE
    live integer;
    most integer;
    spent bigint;
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    PERFORM 1 FROM public.coupons WHERE organization_id = p_organization AND id = p_coupon FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'coupon_not_found' USING ERRCODE = 'BK409', DETAIL = p_coupon::text; END IF;
    PERFORM 1 FROM public.coupon_budgets WHERE organization_id = p_organization AND coupon_id = p_coupon FOR UPDATE;
    PERFORM 1 FROM public.coupon_counters
    WHERE organization_id = p_organization AND coupon_id = p_coupon ORDER BY slot FOR UPDATE;
    PERFORM 1 FROM public.coupon_batch_counters
    WHERE organization_id = p_organization
    AND batch_id = (SELECT batch_id FROM public.coupons WHERE organization_id = p_organization AND id = p_coupon) FOR UPDATE;
    PERFORM public.ledger_forget(p_organization, ARRAY[p_coupon], p_moment);
    SELECT count(*), coalesce(sum(amount_minor) FILTER (WHERE currency = (
        SELECT {LIMIT_CURRENCY.format(coupon="coupons")} FROM public.coupons
        WHERE coupons.organization_id = p_organization AND coupons.id = p_coupon)), 0) INTO live, spent
    FROM public.coupon_uses WHERE organization_id = p_organization AND coupon_id = p_coupon;
    SELECT coalesce(max(number), 0) INTO most FROM (
        SELECT count(*) AS number FROM public.coupon_uses
        WHERE organization_id = p_organization AND coupon_id = p_coupon AND customer_key IS NOT NULL GROUP BY customer_key) AS uses;
    IF p_quota < live THEN
        RAISE EXCEPTION 'quota_below_uses' USING ERRCODE = 'BK409', DETAIL = live::text, COLUMN = 'quota';
    END IF;
    IF p_max_per_customer < most THEN
        RAISE EXCEPTION 'quota_below_uses' USING ERRCODE = 'BK409', DETAIL = most::text, COLUMN = 'max_per_customer';
    END IF;
    IF p_budget < spent THEN
        RAISE EXCEPTION 'quota_below_uses' USING ERRCODE = 'BK409', DETAIL = spent::text, COLUMN = 'budget_minor';
    END IF;
    UPDATE public.coupons SET quota = p_quota, max_per_customer = p_max_per_customer, hot = p_hot, budget_minor = p_budget,
        updated_at = clock_timestamp()
    WHERE organization_id = p_organization AND id = p_coupon;
    IF NOT p_hot THEN
        UPDATE public.coupon_uses SET slot = 0 WHERE organization_id = p_organization AND coupon_id = p_coupon AND slot <> 0;
    END IF;
    DELETE FROM public.coupon_counters
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND (p_quota IS NULL OR slot > 0 AND NOT p_hot);
    IF p_quota IS NOT NULL THEN
        PERFORM public.ledger_lay_counters(p_organization, p_coupon, p_quota, p_hot, true);
    END IF;
    IF p_budget IS NULL THEN
        DELETE FROM public.coupon_budgets WHERE organization_id = p_organization AND coupon_id = p_coupon;
    ELSE
        PERFORM public.ledger_lay_budget(p_organization, p_coupon, p_budget, true);
    END IF;
    DELETE FROM public.coupon_customers WHERE organization_id = p_organization AND coupon_id = p_coupon;
    IF p_max_per_customer IS NOT NULL THEN
        INSERT INTO public.coupon_customers (organization_id, coupon_id, customer_key, used)
        SELECT p_organization, p_coupon, customer_key, count(*) FROM public.coupon_uses
        WHERE organization_id = p_organization AND coupon_id = p_coupon AND customer_key IS NOT NULL GROUP BY customer_key;
    END IF;
END $$
"""

SET_MANY_LIMITS = """
CREATE OR REPLACE FUNCTION public.ledger_set_many_limits(p_organization uuid, p_limits json, p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- The limits of several coupons, all of them locked in order before anything is counted. Those without a use are set together:
-- their counters go, and are made when a use first needs them. The others follow one by one, as ledger_set_limits has it.
DECLARE
    asked uuid[] := ARRAY (SELECT id FROM json_to_recordset(p_limits) AS given(id uuid));
    used uuid[];
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    PERFORM 1 FROM public.coupons WHERE organization_id = p_organization AND id = ANY (asked) ORDER BY id FOR UPDATE;
    used := ARRAY (
        SELECT id FROM unnest(asked) AS ids(id)
        WHERE EXISTS (SELECT FROM public.coupon_uses WHERE organization_id = p_organization AND coupon_id = ids.id));
    asked := ARRAY (SELECT unnest(asked) EXCEPT SELECT unnest(used));
    UPDATE public.coupons SET quota = given.quota, max_per_customer = given.max_per_customer, hot = given.hot,
        budget_minor = given.budget_minor, updated_at = clock_timestamp()
    FROM json_to_recordset(p_limits) AS given(id uuid, quota integer, max_per_customer integer, hot boolean, budget_minor bigint)
    WHERE coupons.organization_id = p_organization AND coupons.id = given.id AND given.id = ANY (asked);
    DELETE FROM public.coupon_budgets WHERE organization_id = p_organization AND coupon_id = ANY (asked);
    DELETE FROM public.coupon_counters WHERE organization_id = p_organization AND coupon_id = ANY (asked);
    DELETE FROM public.coupon_customers WHERE organization_id = p_organization AND coupon_id = ANY (asked);
    IF cardinality(used) > 1 THEN PERFORM public.ledger_hold(p_organization, used, p_moment); END IF;
    PERFORM public.ledger_set_limits(p_organization, id, quota, max_per_customer, hot, budget_minor, p_moment) FROM (
        SELECT * FROM json_to_recordset(p_limits)
            AS given(id uuid, quota integer, max_per_customer integer, hot boolean, budget_minor bigint)
        WHERE id = ANY (used) ORDER BY id OFFSET 0) AS others;
END $$
"""

SET_BATCH_QUOTA = """
CREATE OR REPLACE FUNCTION public.ledger_set_batch_quota(p_organization uuid, p_batch uuid, p_quota integer, p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- As ledger_set_limits: nobody has a coupon of the batch in hands meanwhile. Coupons come before their batch here too.
DECLARE
    live integer;
    one record;
    expired uuid[];
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    expired := ARRAY (
        SELECT DISTINCT coupon_id FROM public.coupon_uses
        WHERE organization_id = p_organization AND batch_id = p_batch AND state = 'reserved' AND expires_at <= p_moment);
    PERFORM 1 FROM public.coupons WHERE organization_id = p_organization AND id = ANY (expired) ORDER BY id FOR KEY SHARE;
    PERFORM 1 FROM public.coupon_batches WHERE organization_id = p_organization AND id = p_batch FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'batch_not_found' USING ERRCODE = 'BK409', DETAIL = p_batch::text; END IF;
    PERFORM public.ledger_hold_budgets(p_organization, expired);
    PERFORM 1 FROM public.coupon_counters
    WHERE organization_id = p_organization AND coupon_id = ANY (expired) ORDER BY coupon_id, slot FOR UPDATE;
    PERFORM 1 FROM public.coupon_batch_counters WHERE organization_id = p_organization AND batch_id = p_batch FOR UPDATE;
    PERFORM public.ledger_forget(p_organization, expired, p_moment);
    SELECT count(*) INTO live FROM public.coupon_uses WHERE organization_id = p_organization AND batch_id = p_batch;
    IF p_quota < live THEN
        RAISE EXCEPTION 'quota_below_uses' USING ERRCODE = 'BK409', DETAIL = live::text, COLUMN = 'quota';
    END IF;
    UPDATE public.coupon_batches SET quota = p_quota WHERE organization_id = p_organization AND id = p_batch;
    IF p_quota IS NULL THEN
        DELETE FROM public.coupon_batch_counters WHERE organization_id = p_organization AND batch_id = p_batch;
    ELSE
        PERFORM public.ledger_lay_batch_counter(p_organization, p_batch, p_quota, true);
    END IF;
END $$
"""

DOORS = (
    (SET_LIMITS, "public.ledger_set_limits(uuid, uuid, integer, integer, boolean, bigint, timestamptz)"),
    (SET_MANY_LIMITS, "public.ledger_set_many_limits(uuid, json, timestamptz)"),
    (SET_BATCH_QUOTA, "public.ledger_set_batch_quota(uuid, uuid, integer, timestamptz)"),
)
