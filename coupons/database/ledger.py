"""The ledger's door: the only writers of `coupon_uses` and of the counters. They run as the owner, for the caller's organization.

A refusal is SQLSTATE BK409 with the reason's stable code as its message, so that a refused act leaves nothing behind.
Locks are taken in one order everywhere: the booking, the coupon and its batch (key share), the coupons' budgets, their counters
by coupon and slot, the batches' counters, the customers' counters. An act over several coupons calls `ledger_hold` first, which
takes those of all of them in that order.
"""

from __future__ import annotations

from coupons.database import budgets, counters, limits
from coupons.database.customers import spelled

REFUSE_FOREIGN = """
CREATE OR REPLACE FUNCTION public.ledger_refuse_foreign(organization uuid) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF organization IS DISTINCT FROM nullif(current_setting('bookingoffice.organization_id', true), '')::uuid THEN
        RAISE EXCEPTION 'the ledger opens for the organization of the transaction only' USING ERRCODE = '42501';
    END IF;
END $$
"""

HOLD = f"""
CREATE OR REPLACE FUNCTION public.ledger_hold(p_organization uuid, p_coupons uuid[], p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Locks the budgets and counters of coupons and of their batches, made first where they are missing, and forgets the expired
-- holds that count there; those of a batch may be on other coupons, whose counters are locked in their turn. Of a coupon with no
-- limit but one for each customer, acts over several take turns: they would meet its customers in any order.
DECLARE
    batches uuid[];
    counted uuid[];
    one record;
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    {budgets.HOLD_COUPONS.format(coupons="p_coupons")}
    batches := ARRAY (
        SELECT id FROM public.coupon_batches WHERE organization_id = p_organization AND quota IS NOT NULL AND id IN (
            SELECT batch_id FROM public.coupons WHERE organization_id = p_organization AND id = ANY (p_coupons)));
    counted := ARRAY (
        SELECT id FROM public.coupons WHERE organization_id = p_organization AND id = ANY (p_coupons) AND (quota IS NOT NULL OR budget_minor IS NOT NULL)
        UNION SELECT coupon_id FROM public.coupon_uses
        WHERE organization_id = p_organization AND batch_id = ANY (batches) AND state = 'reserved' AND expires_at <= p_moment);
    PERFORM 1 FROM public.coupons WHERE organization_id = p_organization AND id = ANY (p_coupons)
        AND max_per_customer IS NOT NULL AND quota IS NULL AND budget_minor IS NULL ORDER BY id FOR NO KEY UPDATE;
    PERFORM public.ledger_hold_budgets(p_organization, p_coupons || counted);
    FOR one IN
        SELECT id, quota, hot FROM public.coupons
        WHERE organization_id = p_organization AND id = ANY (counted) AND quota IS NOT NULL ORDER BY id
    LOOP
        PERFORM public.ledger_hold_counters(p_organization, one.id, one.quota, one.hot);
    END LOOP;
    FOR one IN
        SELECT id, quota FROM public.coupon_batches WHERE organization_id = p_organization AND id = ANY (batches) ORDER BY id
    LOOP
        PERFORM 1 FROM public.coupon_batch_counters WHERE organization_id = p_organization AND batch_id = one.id FOR UPDATE;
        IF NOT FOUND THEN
            PERFORM public.ledger_lay_batch_counter(p_organization, one.id, one.quota, false);
            PERFORM 1 FROM public.coupon_batch_counters WHERE organization_id = p_organization AND batch_id = one.id FOR UPDATE;
        END IF;
    END LOOP;
    PERFORM public.ledger_forget(p_organization, counted, p_moment);
END $$
"""

FORGET_EXPIRED = """
CREATE OR REPLACE FUNCTION public.ledger_forget_expired(p_organization uuid, p_coupons uuid[], p_moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Every expired hold of these coupons, also where nothing counts them.
BEGIN
    PERFORM public.ledger_hold(p_organization, p_coupons, p_moment);
    PERFORM public.ledger_forget(p_organization, p_coupons, p_moment);
END $$
"""

_REFUSED = "USING ERRCODE = 'BK409', DETAIL = concat_ws(' ', p_coupon, p_booking)"

TAKE = f"""
CREATE OR REPLACE FUNCTION public.ledger_take(
    p_organization uuid, p_coupon uuid, p_booking uuid, p_state text, p_until timestamptz, p_moment timestamptz,
    p_id uuid, p_created_at timestamptz, p_customer text, p_amount bigint, p_currency text, p_terms jsonb)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Reserves (p_state 'reserved', until p_until) or redeems one use and answers its id. A hold of the same booking is
-- prolonged or redeemed as it stands; an expired one is replaced. The plain case, one quota and a booking without another
-- coupon, is four statements: every one more costs as much as a write.
DECLARE
    coupon record;
    present record;
    shared integer;
    counted boolean;
    alone boolean;
    place smallint := 0;
BEGIN
    IF p_organization IS DISTINCT FROM nullif(current_setting('bookingoffice.organization_id', true), '')::uuid THEN
        PERFORM public.ledger_refuse_foreign(p_organization);
    END IF;
    SELECT coalesce(p_customer, {spelled("bookings.customer_id", "bookings.customer_email")}) AS customer,
        coupons.batch_id, coupons.quota, coupons.max_per_customer, coupons.hot, coupons.stackable, coupons.budget_minor,
        coupons.deleted_at, coupons.archived_at, coupons.valid_from, coupons.expires_at
    INTO coupon FROM public.bookings, public.coupons
    WHERE bookings.organization_id = p_organization AND bookings.id = p_booking
    AND coupons.organization_id = p_organization AND coupons.id = p_coupon
    FOR NO KEY UPDATE OF bookings FOR KEY SHARE OF coupons;
    IF NOT FOUND THEN
        PERFORM 1 FROM public.bookings WHERE organization_id = p_organization AND id = p_booking;
        IF NOT FOUND THEN RAISE EXCEPTION 'booking_not_found' {_REFUSED}; END IF;
        RAISE EXCEPTION 'coupon_not_found' {_REFUSED};
    END IF;
    IF coupon.batch_id IS NOT NULL THEN
        SELECT quota INTO shared FROM public.coupon_batches
        WHERE organization_id = p_organization AND id = coupon.batch_id FOR KEY SHARE;
    END IF;
    counted := coupon.quota IS NOT NULL OR shared IS NOT NULL OR coupon.budget_minor IS NOT NULL;

    -- Expired holds are forgotten before anything is counted where counters of several kinds would have to be locked in order;
    -- one counter alone forgets them when it has no room.
    IF (shared IS NOT NULL OR coupon.budget_minor IS NOT NULL OR (counted AND coupon.max_per_customer IS NOT NULL)) AND (
        EXISTS (
            SELECT FROM public.coupon_uses
            WHERE organization_id = p_organization AND coupon_id = p_coupon AND state = 'reserved' AND expires_at <= p_moment
        ) OR (shared IS NOT NULL AND EXISTS (
            SELECT FROM public.coupon_uses
            WHERE organization_id = p_organization AND batch_id = coupon.batch_id AND state = 'reserved' AND expires_at <= p_moment
        ))
    ) THEN PERFORM public.ledger_hold(p_organization, ARRAY[p_coupon], p_moment);
    ELSIF coupon.budget_minor IS NOT NULL THEN PERFORM public.ledger_hold_budgets(p_organization, ARRAY[p_coupon]);
    END IF;

    alone := NOT EXISTS (SELECT FROM public.coupon_uses WHERE organization_id = p_organization AND booking_id = p_booking);
    IF NOT alone THEN
        SELECT id, state, expires_at, customer_key, amount_minor, currency INTO present FROM public.coupon_uses
        WHERE organization_id = p_organization AND coupon_id = p_coupon AND booking_id = p_booking FOR UPDATE;
        IF present.state = 'redeemed' THEN RAISE EXCEPTION 'already_used_on_booking' {_REFUSED}; END IF;
        IF present.state = 'reserved' AND present.expires_at > p_moment THEN
            IF coupon.budget_minor IS NOT NULL AND p_amount IS NOT NULL AND p_amount IS DISTINCT FROM present.amount_minor THEN
                PERFORM public.ledger_spend_anew(p_organization, p_coupon, p_booking,
                    public.ledger_counted(p_organization, p_coupon, present.amount_minor, present.currency), p_amount, p_currency);
            END IF;
            UPDATE public.coupon_uses SET state = p_state, expires_at = p_until,
                redeemed_at = CASE WHEN p_state = 'redeemed' THEN p_moment END, amount_minor = coalesce(p_amount, amount_minor),
                currency = coalesce(p_currency, currency), terms = coalesce(p_terms, terms)
            WHERE organization_id = p_organization AND coupon_id = p_coupon AND booking_id = p_booking;
            RETURN present.id;
        END IF;
    END IF;

    IF coupon.deleted_at IS NOT NULL THEN RAISE EXCEPTION 'coupon_deleted' {_REFUSED}; END IF;
    IF coupon.archived_at IS NOT NULL THEN RAISE EXCEPTION 'coupon_archived' {_REFUSED}; END IF;
    IF coupon.valid_from > p_moment THEN RAISE EXCEPTION 'coupon_not_started' {_REFUSED}; END IF;
    IF coupon.expires_at <= p_moment THEN RAISE EXCEPTION 'coupon_expired' {_REFUSED}; END IF;
    IF NOT alone THEN
        IF EXISTS (
            SELECT FROM public.coupon_uses AS uses
            JOIN public.coupons AS others ON others.organization_id = uses.organization_id AND others.id = uses.coupon_id
            WHERE uses.organization_id = p_organization AND uses.booking_id = p_booking AND uses.coupon_id <> p_coupon
            AND (uses.state = 'redeemed' OR uses.expires_at > p_moment) AND NOT (others.stackable AND coupon.stackable)
        ) THEN RAISE EXCEPTION 'not_stackable' {_REFUSED}; END IF;
        IF present.id IS NOT NULL AND counted THEN
            PERFORM public.ledger_hold(p_organization, ARRAY[p_coupon], p_moment);
        ELSIF present.id IS NOT NULL THEN
            PERFORM 1 FROM public.coupon_customers
            WHERE organization_id = p_organization AND coupon_id = p_coupon AND customer_key IN (present.customer_key, coupon.customer)
            ORDER BY customer_key FOR UPDATE;
            DELETE FROM public.coupon_uses WHERE organization_id = p_organization AND coupon_id = p_coupon AND booking_id = p_booking;
            UPDATE public.coupon_customers SET used = used - 1
            WHERE organization_id = p_organization AND coupon_id = p_coupon AND customer_key = present.customer_key;
        END IF;
    END IF;
    IF coupon.quota IS NOT NULL AND NOT coupon.hot THEN
        UPDATE public.coupon_counters SET used = used + 1
        WHERE organization_id = p_organization AND coupon_id = p_coupon AND slot = 0 AND used < quota;
    END IF;
    IF coupon.quota IS NOT NULL AND (coupon.hot OR NOT FOUND) THEN
        place := public.ledger_count_up(p_organization, p_coupon, coupon.quota, coupon.hot, p_moment);
    END IF;
    IF shared IS NOT NULL THEN
        PERFORM public.ledger_count_up_batch(p_organization, p_coupon, coupon.batch_id, shared);
    END IF;
    IF coupon.max_per_customer IS NOT NULL THEN
        PERFORM public.ledger_count_up_customer(p_organization, p_coupon, coupon.customer, coupon.max_per_customer, p_moment);
    END IF;
    IF coupon.budget_minor IS NOT NULL THEN
        PERFORM public.ledger_spend(p_organization, p_coupon, p_booking, p_amount, p_currency);
    END IF;
    INSERT INTO public.coupon_uses (organization_id, id, created_at, coupon_id, booking_id, state, expires_at, redeemed_at,
        customer_key, amount_minor, currency, terms, slot, batch_id)
    VALUES (p_organization, p_id, coalesce(p_created_at, p_moment), p_coupon, p_booking, p_state, p_until,
        CASE WHEN p_state = 'redeemed' THEN p_moment END, coupon.customer, p_amount, p_currency, p_terms, place, coupon.batch_id);
    RETURN p_id;
END $$
"""

RELEASE = """
CREATE OR REPLACE FUNCTION public.ledger_release(p_organization uuid, p_coupon uuid, p_booking uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Gives a use or a hold back; false when there was none.
DECLARE
    gone record;
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    PERFORM 1 FROM public.bookings WHERE organization_id = p_organization AND id = p_booking FOR NO KEY UPDATE;
    PERFORM 1 FROM public.coupons WHERE organization_id = p_organization AND id = p_coupon FOR KEY SHARE;
    DELETE FROM public.coupon_uses WHERE organization_id = p_organization AND coupon_id = p_coupon AND booking_id = p_booking
    RETURNING slot, batch_id, customer_key, amount_minor, currency INTO gone;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM public.ledger_count_down(p_organization, p_coupon, gone.slot, gone.batch_id, gone.customer_key,
        public.ledger_counted(p_organization, p_coupon, gone.amount_minor, gone.currency));
    RETURN true;
END $$
"""

AMEND = """
CREATE OR REPLACE FUNCTION public.ledger_amend(p_organization uuid, p_coupon uuid, p_booking uuid, p_id uuid, p_created_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.ledger_refuse_foreign(p_organization);
    UPDATE public.coupon_uses SET id = p_id, created_at = p_created_at
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND booking_id = p_booking;
END $$
"""

INTERNAL = (
    (REFUSE_FOREIGN, "public.ledger_refuse_foreign(uuid)"),
    *budgets.INTERNAL,
    *counters.INTERNAL,
)

DOORS = (
    (HOLD, "public.ledger_hold(uuid, uuid[], timestamptz)"),
    (FORGET_EXPIRED, "public.ledger_forget_expired(uuid, uuid[], timestamptz)"),
    (
        TAKE,
        "public.ledger_take(uuid, uuid, uuid, text, timestamptz, timestamptz, uuid, timestamptz, text, bigint, text, jsonb)",
    ),
    (AMEND, "public.ledger_amend(uuid, uuid, uuid, uuid, timestamptz)"),
    (RELEASE, "public.ledger_release(uuid, uuid, uuid)"),
    *budgets.DOORS,
    *limits.DOORS,
)

GONE = (
    "public.ledger_forget_expired(uuid, uuid, timestamptz)",
    "public.ledger_count_up(uuid, uuid, integer, timestamptz)",
    "public.ledger_set_limits(uuid, uuid, integer, integer, timestamptz)",
)

GONE_WITH_BUDGETS = (
    "public.ledger_set_limits(uuid, uuid, integer, integer, boolean, timestamptz)",
    "public.ledger_count_down(uuid, uuid, smallint, uuid, text)",
)
"""What earlier versions of the functions were called with."""
