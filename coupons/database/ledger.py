"""The ledger's door: the only writers of `coupon_uses` and of the counters. They run as the owner, for the caller's organization.

A refusal is SQLSTATE BK409 with the reason's stable code as its message, so that a refused act leaves nothing behind.
Locks are taken in one order everywhere: the booking, the coupon (key share), its counter, the customer's counter.
"""

from __future__ import annotations

REFUSE_FOREIGN = """
CREATE FUNCTION public.ledger_refuse_foreign(organization uuid) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF organization IS DISTINCT FROM nullif(current_setting('bookingoffice.organization_id', true), '')::uuid THEN
        RAISE EXCEPTION 'the ledger opens for the organization of the transaction only' USING ERRCODE = '42501';
    END IF;
END $$
"""

FORGET_EXPIRED = """
CREATE FUNCTION public.ledger_forget_expired(p_organization uuid, p_coupon uuid, p_moment timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Removes the holds of a coupon whose deadline has come and lowers its counters by them. A hold that another caller is
-- turning into a use right now is left to that caller.
DECLARE
    forgotten integer;
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    WITH expired AS (
        SELECT booking_id FROM public.coupon_uses
        WHERE organization_id = p_organization AND coupon_id = p_coupon AND state = 'reserved' AND expires_at <= p_moment
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM public.coupon_uses AS uses USING expired
        WHERE uses.organization_id = p_organization AND uses.coupon_id = p_coupon AND uses.booking_id = expired.booking_id
        RETURNING uses.customer_key
    ), by_customer AS (
        SELECT customer_key, count(*) AS number FROM gone WHERE customer_key IS NOT NULL GROUP BY customer_key ORDER BY customer_key
    ), lowered AS (
        UPDATE public.coupon_customers AS customers SET used = customers.used - by_customer.number FROM by_customer
        WHERE customers.organization_id = p_organization AND customers.coupon_id = p_coupon
        AND customers.customer_key = by_customer.customer_key
    )
    SELECT count(*) INTO forgotten FROM gone;
    IF forgotten > 0 THEN
        UPDATE public.coupon_counters SET used = used - forgotten
        WHERE organization_id = p_organization AND coupon_id = p_coupon AND slot = 0;
    END IF;
    RETURN forgotten;
END $$
"""

COUNT_UP = """
CREATE FUNCTION public.ledger_count_up(p_organization uuid, p_coupon uuid, p_quota integer, p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- Takes one of the quota. Expired holds are forgotten before a refusal, so that none is spurious.
BEGIN
    UPDATE public.coupon_counters SET used = used + 1
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND slot = 0 AND used < quota;
    IF FOUND THEN RETURN; END IF;
    INSERT INTO public.coupon_counters (organization_id, coupon_id, slot, used, quota)
    SELECT p_organization, p_coupon, 0, count(*), p_quota FROM public.coupon_uses
    WHERE organization_id = p_organization AND coupon_id = p_coupon
    ON CONFLICT DO NOTHING;
    PERFORM 1 FROM public.coupon_counters
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND slot = 0 FOR UPDATE;
    PERFORM public.ledger_forget_expired(p_organization, p_coupon, p_moment);
    UPDATE public.coupon_counters SET used = used + 1
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND slot = 0 AND used < quota;
    IF NOT FOUND THEN RAISE EXCEPTION 'quota_reached' USING ERRCODE = 'BK409', DETAIL = p_coupon::text; END IF;
END $$
"""

COUNT_UP_CUSTOMER = """
CREATE FUNCTION public.ledger_count_up_customer(
    p_organization uuid, p_coupon uuid, p_customer text, p_limit integer, p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
-- A limit for each customer cannot be kept for a customer nobody knows.
BEGIN
    IF p_customer IS NULL THEN RAISE EXCEPTION 'customer_limit_reached' USING ERRCODE = 'BK409', DETAIL = p_coupon::text; END IF;
    INSERT INTO public.coupon_customers (organization_id, coupon_id, customer_key, used)
    SELECT p_organization, p_coupon, p_customer, count(*) FROM public.coupon_uses
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND customer_key = p_customer
    ON CONFLICT DO NOTHING;
    UPDATE public.coupon_customers SET used = used + 1
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND customer_key = p_customer AND used < p_limit;
    IF FOUND THEN RETURN; END IF;
    PERFORM public.ledger_forget_expired(p_organization, p_coupon, p_moment);
    UPDATE public.coupon_customers SET used = used + 1
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND customer_key = p_customer AND used < p_limit;
    IF NOT FOUND THEN RAISE EXCEPTION 'customer_limit_reached' USING ERRCODE = 'BK409', DETAIL = p_coupon::text; END IF;
END $$
"""

TAKE = """
CREATE FUNCTION public.ledger_take(
    p_organization uuid, p_coupon uuid, p_booking uuid, p_state text, p_until timestamptz, p_moment timestamptz,
    p_id uuid, p_created_at timestamptz, p_customer text, p_amount bigint, p_currency text, p_terms jsonb)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Reserves (p_state 'reserved', until p_until) or redeems one use and answers its id. A hold of the same booking is
-- prolonged or redeemed as it stands; an expired one is replaced.
DECLARE
    coupon record;
    present record;
    customer text;
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    SELECT coalesce(p_customer, 'id:' || customer_id, 'email:' || lower(btrim(customer_email))) INTO customer
    FROM public.bookings WHERE organization_id = p_organization AND id = p_booking FOR NO KEY UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'booking_not_found' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking); END IF;
    SELECT quota, max_per_customer, stackable, deleted_at, archived_at, valid_from, expires_at INTO coupon
    FROM public.coupons WHERE organization_id = p_organization AND id = p_coupon FOR KEY SHARE;
    IF NOT FOUND THEN RAISE EXCEPTION 'coupon_not_found' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking); END IF;

    SELECT id, state, expires_at INTO present FROM public.coupon_uses
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND booking_id = p_booking FOR UPDATE;
    IF present.state = 'redeemed' THEN RAISE EXCEPTION 'already_used_on_booking' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking); END IF;
    IF present.state = 'reserved' AND present.expires_at > p_moment THEN
        UPDATE public.coupon_uses SET state = p_state, expires_at = p_until,
            redeemed_at = CASE WHEN p_state = 'redeemed' THEN p_moment END,
            amount_minor = coalesce(p_amount, amount_minor), currency = coalesce(p_currency, currency), terms = coalesce(p_terms, terms)
        WHERE organization_id = p_organization AND coupon_id = p_coupon AND booking_id = p_booking;
        RETURN present.id;
    END IF;

    IF coupon.deleted_at IS NOT NULL THEN RAISE EXCEPTION 'coupon_deleted' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking); END IF;
    IF coupon.archived_at IS NOT NULL THEN RAISE EXCEPTION 'coupon_archived' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking); END IF;
    IF coupon.valid_from > p_moment THEN RAISE EXCEPTION 'coupon_not_started' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking); END IF;
    IF coupon.expires_at <= p_moment THEN RAISE EXCEPTION 'coupon_expired' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking); END IF;
    IF EXISTS (
        SELECT FROM public.coupon_uses AS uses
        JOIN public.coupons AS others ON others.organization_id = uses.organization_id AND others.id = uses.coupon_id
        WHERE uses.organization_id = p_organization AND uses.booking_id = p_booking AND uses.coupon_id <> p_coupon
        AND (uses.state = 'redeemed' OR uses.expires_at > p_moment) AND NOT (others.stackable AND coupon.stackable)
    ) THEN RAISE EXCEPTION 'not_stackable' USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking); END IF;

    IF present.id IS NOT NULL THEN
        PERFORM 1 FROM public.coupon_counters
        WHERE organization_id = p_organization AND coupon_id = p_coupon AND slot = 0 FOR UPDATE;
        PERFORM public.ledger_forget_expired(p_organization, p_coupon, p_moment);
    END IF;
    IF coupon.quota IS NOT NULL THEN
        PERFORM public.ledger_count_up(p_organization, p_coupon, coupon.quota, p_moment);
    END IF;
    IF coupon.max_per_customer IS NOT NULL THEN
        PERFORM public.ledger_count_up_customer(p_organization, p_coupon, customer, coupon.max_per_customer, p_moment);
    END IF;
    INSERT INTO public.coupon_uses (organization_id, id, created_at, coupon_id, booking_id, state, expires_at, redeemed_at,
        customer_key, amount_minor, currency, terms)
    VALUES (p_organization, p_id, coalesce(p_created_at, p_moment), p_coupon, p_booking, p_state, p_until,
        CASE WHEN p_state = 'redeemed' THEN p_moment END, customer, p_amount, p_currency, p_terms);
    RETURN p_id;
END $$
"""

RELEASE = """
CREATE FUNCTION public.ledger_release(p_organization uuid, p_coupon uuid, p_booking uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Gives a use or a hold back; false when there was none.
DECLARE
    customer text;
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    PERFORM 1 FROM public.bookings WHERE organization_id = p_organization AND id = p_booking FOR NO KEY UPDATE;
    DELETE FROM public.coupon_uses WHERE organization_id = p_organization AND coupon_id = p_coupon AND booking_id = p_booking
    RETURNING customer_key INTO customer;
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE public.coupon_counters SET used = used - 1
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND slot = 0;
    UPDATE public.coupon_customers SET used = used - 1
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND customer_key = customer;
    RETURN true;
END $$
"""

AMEND = """
CREATE FUNCTION public.ledger_amend(p_organization uuid, p_coupon uuid, p_booking uuid, p_id uuid, p_created_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    UPDATE public.coupon_uses SET id = p_id, created_at = p_created_at
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND booking_id = p_booking;
END $$
"""

SET_LIMITS = """
CREATE FUNCTION public.ledger_set_limits(
    p_organization uuid, p_coupon uuid, p_quota integer, p_max_per_customer integer, p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- FOR UPDATE waits for every redemption that has the coupon in its hands (they hold a key share) and lets none in meanwhile.
DECLARE
    live integer;
    most integer;
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    PERFORM 1 FROM public.coupons WHERE organization_id = p_organization AND id = p_coupon FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'coupon_not_found' USING ERRCODE = 'BK409', DETAIL = p_coupon::text; END IF;
    PERFORM public.ledger_forget_expired(p_organization, p_coupon, p_moment);
    SELECT count(*) INTO live FROM public.coupon_uses WHERE organization_id = p_organization AND coupon_id = p_coupon;
    SELECT coalesce(max(number), 0) INTO most FROM (
        SELECT count(*) AS number FROM public.coupon_uses
        WHERE organization_id = p_organization AND coupon_id = p_coupon AND customer_key IS NOT NULL GROUP BY customer_key) AS uses;
    IF p_quota < live THEN
        RAISE EXCEPTION 'quota_below_uses' USING ERRCODE = 'BK409', DETAIL = live::text, COLUMN = 'quota';
    END IF;
    IF p_max_per_customer < most THEN
        RAISE EXCEPTION 'quota_below_uses' USING ERRCODE = 'BK409', DETAIL = most::text, COLUMN = 'max_per_customer';
    END IF;
    UPDATE public.coupons SET quota = p_quota, max_per_customer = p_max_per_customer, updated_at = clock_timestamp()
    WHERE organization_id = p_organization AND id = p_coupon;
    DELETE FROM public.coupon_counters WHERE organization_id = p_organization AND coupon_id = p_coupon;
    IF p_quota IS NOT NULL THEN
        INSERT INTO public.coupon_counters (organization_id, coupon_id, slot, used, quota)
        VALUES (p_organization, p_coupon, 0, live, p_quota);
    END IF;
    DELETE FROM public.coupon_customers WHERE organization_id = p_organization AND coupon_id = p_coupon;
    IF p_max_per_customer IS NOT NULL THEN
        INSERT INTO public.coupon_customers (organization_id, coupon_id, customer_key, used)
        SELECT p_organization, p_coupon, customer_key, count(*) FROM public.coupon_uses
        WHERE organization_id = p_organization AND coupon_id = p_coupon AND customer_key IS NOT NULL GROUP BY customer_key;
    END IF;
END $$
"""

INTERNAL = (
    (REFUSE_FOREIGN, "public.ledger_refuse_foreign(uuid)"),
    (COUNT_UP, "public.ledger_count_up(uuid, uuid, integer, timestamptz)"),
    (COUNT_UP_CUSTOMER, "public.ledger_count_up_customer(uuid, uuid, text, integer, timestamptz)"),
)

DOORS = (
    (FORGET_EXPIRED, "public.ledger_forget_expired(uuid, uuid, timestamptz)"),
    (
        TAKE,
        "public.ledger_take(uuid, uuid, uuid, text, timestamptz, timestamptz, uuid, timestamptz, text, bigint, text, jsonb)",
    ),
    (AMEND, "public.ledger_amend(uuid, uuid, uuid, uuid, timestamptz)"),
    (RELEASE, "public.ledger_release(uuid, uuid, uuid)"),
    (SET_LIMITS, "public.ledger_set_limits(uuid, uuid, integer, integer, timestamptz)"),
)
