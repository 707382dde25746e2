"""How uses are counted: one counter a coupon, or sixteen slots of a hot one, one for a batch, one for each customer of a coupon.

`used` counts rows of the ledger, holds included; a use names the `slot` and the batch it is counted in. Counters are made when
they are first needed. They are locked in one order everywhere, after budgets: coupons' counters by coupon and slot, batches',
customers'.
These functions are internal: they run inside the doors of `coupons.database.ledger`, as their owner.
"""

from __future__ import annotations

SLOTS = 16

_OF_COUPON = "organization_id = p_organization AND coupon_id = p_coupon"

LAY_COUNTERS = f"""
CREATE OR REPLACE FUNCTION public.ledger_lay_counters(
    p_organization uuid, p_coupon uuid, p_quota integer, p_hot boolean, p_anew boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- Each slot gets the uses that name it and an equal share of what is left, so that the shares add up to the quota. Counters that
-- are there already stay as they are unless `p_anew`; then nobody else has the coupon in hands.
BEGIN
    INSERT INTO public.coupon_counters (organization_id, coupon_id, slot, used, quota)
    WITH counted AS (
        SELECT slots.slot, count(uses.id)::integer AS used
        FROM generate_series(0, CASE WHEN p_hot THEN {SLOTS - 1} ELSE 0 END) AS slots(slot)
        LEFT JOIN public.coupon_uses AS uses
            ON uses.organization_id = p_organization AND uses.coupon_id = p_coupon AND uses.slot = slots.slot
        GROUP BY slots.slot
    ), rest AS (
        SELECT greatest(p_quota - sum(used), 0)::integer AS number, count(*)::integer AS slots FROM counted
    )
    SELECT p_organization, p_coupon, slot, used, used + number / slots + (slot < number % slots)::integer
    FROM counted, rest ORDER BY slot
    ON CONFLICT (organization_id, coupon_id, slot) DO UPDATE SET used = excluded.used, quota = excluded.quota WHERE p_anew;
END $$
"""

HOLD_COUNTERS = f"""
CREATE OR REPLACE FUNCTION public.ledger_hold_counters(p_organization uuid, p_coupon uuid, p_quota integer, p_hot boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- Locks every slot in order, made first where there is none.
BEGIN
    IF NOT EXISTS (SELECT FROM public.coupon_counters WHERE {_OF_COUPON}) THEN
        PERFORM public.ledger_lay_counters(p_organization, p_coupon, p_quota, p_hot, false);
    END IF;
    PERFORM 1 FROM public.coupon_counters WHERE {_OF_COUPON} ORDER BY slot FOR UPDATE;
END $$
"""

LAY_BATCH_COUNTER = """
CREATE OR REPLACE FUNCTION public.ledger_lay_batch_counter(p_organization uuid, p_batch uuid, p_quota integer, p_anew boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.coupon_batch_counters (organization_id, batch_id, used, quota)
    SELECT p_organization, p_batch, count(*), p_quota FROM public.coupon_uses
    WHERE organization_id = p_organization AND batch_id = p_batch
    ON CONFLICT (organization_id, batch_id) DO UPDATE SET used = excluded.used, quota = excluded.quota WHERE p_anew;
END $$
"""

FORGET = """
CREATE OR REPLACE FUNCTION public.ledger_forget(p_organization uuid, p_coupons uuid[], p_moment timestamptz) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- Removes the holds of coupons whose deadline has come and lowers every counter by them; the coupons' budgets and own counters
-- are locked already. A hold that another caller is turning into a use right now is left to that caller.
DECLARE
    forgotten integer;
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.coupon_uses WHERE organization_id = p_organization AND coupon_id = ANY (p_coupons)
        AND state = 'reserved' AND expires_at <= p_moment
    ) THEN RETURN 0; END IF;
    PERFORM 1 FROM public.coupon_batch_counters
    WHERE organization_id = p_organization AND batch_id IN (
        SELECT batch_id FROM public.coupons WHERE organization_id = p_organization AND id = ANY (p_coupons))
    ORDER BY batch_id FOR UPDATE;
    PERFORM 1 FROM public.coupon_customers
    WHERE organization_id = p_organization AND (coupon_id, customer_key) IN (
        SELECT coupon_id, customer_key FROM public.coupon_uses
        WHERE organization_id = p_organization AND coupon_id = ANY (p_coupons) AND state = 'reserved' AND expires_at <= p_moment)
    ORDER BY coupon_id, customer_key FOR UPDATE;
    WITH expired AS (
        SELECT coupon_id, booking_id FROM public.coupon_uses
        WHERE organization_id = p_organization AND coupon_id = ANY (p_coupons) AND state = 'reserved' AND expires_at <= p_moment
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM public.coupon_uses AS uses USING expired
        WHERE uses.organization_id = p_organization AND uses.coupon_id = expired.coupon_id AND uses.booking_id = expired.booking_id
        RETURNING uses.coupon_id, uses.slot, uses.batch_id, uses.customer_key, uses.amount_minor, uses.currency
    ), budgets AS (
        UPDATE public.coupon_budgets AS budgets SET spent_minor = budgets.spent_minor - fewer.amount
        FROM (SELECT coupon_id, currency, sum(amount_minor) AS amount FROM gone GROUP BY coupon_id, currency) AS fewer
        WHERE budgets.organization_id = p_organization AND budgets.coupon_id = fewer.coupon_id
        AND budgets.currency = fewer.currency AND fewer.amount > 0
    ), slots AS (
        UPDATE public.coupon_counters AS counters SET used = counters.used - fewer.number
        FROM (SELECT coupon_id, slot, count(*) AS number FROM gone GROUP BY coupon_id, slot) AS fewer
        WHERE counters.organization_id = p_organization AND counters.coupon_id = fewer.coupon_id AND counters.slot = fewer.slot
    ), batches AS (
        UPDATE public.coupon_batch_counters AS counters SET used = counters.used - fewer.number
        FROM (SELECT batch_id, count(*) AS number FROM gone GROUP BY batch_id) AS fewer
        WHERE counters.organization_id = p_organization AND counters.batch_id = fewer.batch_id
    ), customers AS (
        UPDATE public.coupon_customers AS counters SET used = counters.used - fewer.number
        FROM (SELECT coupon_id, customer_key, count(*) AS number FROM gone GROUP BY coupon_id, customer_key) AS fewer
        WHERE counters.organization_id = p_organization AND counters.coupon_id = fewer.coupon_id
        AND counters.customer_key = fewer.customer_key
    )
    SELECT count(*) INTO forgotten FROM gone;
    RETURN forgotten;
END $$
"""

COUNT_UP = f"""
CREATE OR REPLACE FUNCTION public.ledger_count_up(
    p_organization uuid, p_coupon uuid, p_quota integer, p_hot boolean, p_moment timestamptz) RETURNS smallint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- Takes one of the quota and answers the slot. Callers of a hot coupon step around each other; they wait only where every slot
-- with room is taken, and a refusal comes after all slots were locked in order and expired holds were forgotten. A slot that
-- was filled meanwhile stays locked although it is of no use: the inner blocks give it back before anything is waited for.
DECLARE
    place smallint := 0;
    beginning integer := floor(random() * {SLOTS});
BEGIN
    IF p_hot THEN
        BEGIN
            SELECT slot INTO place FROM public.coupon_counters WHERE {_OF_COUPON} AND used < quota
            ORDER BY (slot + beginning) % {SLOTS} LIMIT 1 FOR UPDATE SKIP LOCKED;
            UPDATE public.coupon_counters SET used = used + 1 WHERE {_OF_COUPON} AND slot = place AND used < quota;
            IF FOUND THEN RETURN place; END IF;
            RAISE EXCEPTION USING ERRCODE = 'BK001';
        EXCEPTION WHEN SQLSTATE 'BK001' THEN NULL;
        END;
        BEGIN
            SELECT slot INTO place FROM public.coupon_counters WHERE {_OF_COUPON} AND used < quota
            ORDER BY (slot + beginning) % {SLOTS} LIMIT 1;
            UPDATE public.coupon_counters SET used = used + 1 WHERE {_OF_COUPON} AND slot = place AND used < quota;
            IF FOUND THEN RETURN place; END IF;
            RAISE EXCEPTION USING ERRCODE = 'BK001';
        EXCEPTION WHEN SQLSTATE 'BK001' THEN NULL;
        END;
    ELSE
        UPDATE public.coupon_counters SET used = used + 1 WHERE {_OF_COUPON} AND slot = place AND used < quota;
        IF FOUND THEN RETURN place; END IF;
    END IF;
    PERFORM public.ledger_hold_counters(p_organization, p_coupon, p_quota, p_hot);
    PERFORM public.ledger_forget(p_organization, ARRAY[p_coupon], p_moment);
    SELECT slot INTO place FROM public.coupon_counters WHERE {_OF_COUPON} AND used < quota ORDER BY slot LIMIT 1;
    IF NOT FOUND THEN RAISE EXCEPTION 'quota_reached' USING ERRCODE = 'BK409', DETAIL = p_coupon::text; END IF;
    UPDATE public.coupon_counters SET used = used + 1 WHERE {_OF_COUPON} AND slot = place;
    RETURN place;
END $$
"""

COUNT_UP_BATCH = """
CREATE OR REPLACE FUNCTION public.ledger_count_up_batch(p_organization uuid, p_coupon uuid, p_batch uuid, p_quota integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- Takes one of what the coupons of a batch share.
BEGIN
    IF NOT EXISTS (SELECT FROM public.coupon_batch_counters WHERE organization_id = p_organization AND batch_id = p_batch) THEN
        PERFORM public.ledger_lay_batch_counter(p_organization, p_batch, p_quota, false);
    END IF;
    UPDATE public.coupon_batch_counters SET used = used + 1
    WHERE organization_id = p_organization AND batch_id = p_batch AND used < quota;
    IF NOT FOUND THEN RAISE EXCEPTION 'quota_reached' USING ERRCODE = 'BK409', DETAIL = p_coupon::text; END IF;
END $$
"""

COUNT_UP_CUSTOMER = f"""
CREATE OR REPLACE FUNCTION public.ledger_count_up_customer(
    p_organization uuid, p_coupon uuid, p_customer text, p_limit integer, p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- A limit for each customer cannot be kept for a customer nobody knows. Where another counter counts the coupon too, its expired
-- holds are forgotten already; where none does, this customer's are here, and nobody else's row is touched.
DECLARE
    forgotten integer;
BEGIN
    IF p_customer IS NULL THEN RAISE EXCEPTION 'customer_limit_reached' USING ERRCODE = 'BK409', DETAIL = p_coupon::text; END IF;
    UPDATE public.coupon_customers SET used = used + 1 WHERE {_OF_COUPON} AND customer_key = p_customer AND used < p_limit;
    IF FOUND THEN RETURN; END IF;
    INSERT INTO public.coupon_customers (organization_id, coupon_id, customer_key, used)
    SELECT p_organization, p_coupon, p_customer, count(*) FROM public.coupon_uses WHERE {_OF_COUPON} AND customer_key = p_customer
    ON CONFLICT DO NOTHING;
    PERFORM 1 FROM public.coupon_customers WHERE {_OF_COUPON} AND customer_key = p_customer FOR UPDATE;
    IF NOT EXISTS (SELECT FROM public.coupon_counters WHERE {_OF_COUPON}) AND NOT EXISTS (
        SELECT FROM public.coupon_batch_counters WHERE organization_id = p_organization
        AND batch_id = (SELECT batch_id FROM public.coupons WHERE organization_id = p_organization AND id = p_coupon)
    ) THEN
        WITH expired AS (
            SELECT booking_id FROM public.coupon_uses
            WHERE {_OF_COUPON} AND customer_key = p_customer AND state = 'reserved' AND expires_at <= p_moment FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM public.coupon_uses AS uses USING expired
            WHERE uses.organization_id = p_organization AND uses.coupon_id = p_coupon AND uses.booking_id = expired.booking_id
            RETURNING uses.id
        )
        SELECT count(*) INTO forgotten FROM gone;
        UPDATE public.coupon_customers SET used = used - forgotten WHERE {_OF_COUPON} AND customer_key = p_customer AND forgotten > 0;
    END IF;
    UPDATE public.coupon_customers SET used = used + 1 WHERE {_OF_COUPON} AND customer_key = p_customer AND used < p_limit;
    IF NOT FOUND THEN RAISE EXCEPTION 'customer_limit_reached' USING ERRCODE = 'BK409', DETAIL = p_coupon::text; END IF;
END $$
"""

COUNT_DOWN = f"""
CREATE OR REPLACE FUNCTION public.ledger_count_down(
    p_organization uuid, p_coupon uuid, p_slot smallint, p_batch uuid, p_customer text, p_amount bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- One use less, wherever it was counted.
BEGIN
    IF p_amount > 0 THEN
        UPDATE public.coupon_budgets SET spent_minor = spent_minor - p_amount WHERE {_OF_COUPON};
    END IF;
    UPDATE public.coupon_counters SET used = used - 1 WHERE {_OF_COUPON} AND slot = p_slot;
    UPDATE public.coupon_batch_counters SET used = used - 1 WHERE organization_id = p_organization AND batch_id = p_batch;
    UPDATE public.coupon_customers SET used = used - 1 WHERE {_OF_COUPON} AND customer_key = p_customer;
END $$
"""

INTERNAL = (
    (LAY_COUNTERS, "public.ledger_lay_counters(uuid, uuid, integer, boolean, boolean)"),
    (HOLD_COUNTERS, "public.ledger_hold_counters(uuid, uuid, integer, boolean)"),
    (LAY_BATCH_COUNTER, "public.ledger_lay_batch_counter(uuid, uuid, integer, boolean)"),
    (FORGET, "public.ledger_forget(uuid, uuid[], timestamptz)"),
    (COUNT_UP, "public.ledger_count_up(uuid, uuid, integer, boolean, timestamptz)"),
    (COUNT_UP_BATCH, "public.ledger_count_up_batch(uuid, uuid, uuid, integer)"),
    (COUNT_UP_CUSTOMER, "public.ledger_count_up_customer(uuid, uuid, text, integer, timestamptz)"),
    (COUNT_DOWN, "public.ledger_count_down(uuid, uuid, smallint, uuid, text, bigint)"),
)
