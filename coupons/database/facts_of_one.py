"""What `coupon_facts` gathers with `p_lock` of one coupon and one booking, which is what every redemption asks.

The plan for however many has some sixty nodes, most of them for what hardly ever happens, and each of them is set up for every
question: twice the time of these few look-ups by a key. A test holds the two together. What was asked about the customer is
spelled as there; the counters answer below a limit and uses are counted at it, as there.
"""

from __future__ import annotations

from coupons.database.budgets import LIMIT_CURRENCY
from coupons.database.customers import spelled
from coupons.database.facts import COLUMNS, HELD, LINES, LINKS, LIVE

_OF_COUPON = f"""
    SELECT {COLUMNS}, coupons.batch_id, {LINKS}, 0::bigint AS live_uses, NULL::integer AS batch_quota, 0::bigint AS batch_uses,
        0::numeric AS budget_spent_minor
    INTO coupon FROM public.coupons WHERE coupons.organization_id = p_organization AND coupons.id = p_coupon
"""

_USES = f"SELECT count(*) FROM public.coupon_uses AS uses WHERE uses.organization_id = p_organization AND {LIVE}"

GATHER_ONE = f"""
CREATE OR REPLACE FUNCTION public.coupon_facts_of_one(
    p_organization uuid, p_coupon uuid, p_booking uuid, p_customer text, p_customer_id text, p_customer_email text, p_moment timestamptz)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    booking record;
    coupon record;
    own public.coupon_uses;
    customer text;
    customer_uses bigint := 0;
    used bigint;
    limit_currency text;
    lines json;
    held json;
    pair json;
BEGIN
    SELECT id, created_at, currency, check_in, check_out, customer_bookings_before, customer_id, customer_email INTO booking
    FROM public.bookings WHERE organization_id = p_organization AND id = p_booking FOR NO KEY UPDATE;
    {_OF_COUPON};
    IF coupon.budget_minor IS NOT NULL THEN
        PERFORM public.ledger_hold_budgets_for(p_organization, ARRAY[p_coupon], p_moment);
        {_OF_COUPON};
    END IF;
    customer := coalesce(p_customer, {spelled("p_customer_id", "p_customer_email")},
        {spelled("booking.customer_id", "booking.customer_email")});

    SELECT * INTO own FROM public.coupon_uses
    WHERE organization_id = p_organization AND coupon_id = p_coupon AND booking_id = p_booking;
    IF coupon.quota IS NOT NULL THEN
        SELECT sum(counters.used) INTO used FROM public.coupon_counters AS counters
        WHERE counters.organization_id = p_organization AND counters.coupon_id = p_coupon;
        IF used < coupon.quota THEN coupon.live_uses := used;
        ELSE coupon.live_uses := ({_USES} AND uses.coupon_id = p_coupon); END IF;
    END IF;
    IF coupon.max_per_customer IS NOT NULL AND customer IS NOT NULL THEN
        SELECT counted.used INTO customer_uses FROM public.coupon_customers AS counted
        WHERE counted.organization_id = p_organization AND counted.coupon_id = p_coupon AND counted.customer_key = customer;
        IF customer_uses < coupon.max_per_customer THEN NULL;
        ELSE customer_uses := ({_USES} AND uses.coupon_id = p_coupon AND uses.customer_key = customer
            AND uses.booking_id IS DISTINCT FROM booking.id); END IF;
    END IF;
    IF coupon.batch_id IS NOT NULL THEN
        SELECT batches.quota INTO coupon.batch_quota FROM public.coupon_batches AS batches
        WHERE batches.organization_id = p_organization AND batches.id = coupon.batch_id;
        IF coupon.batch_quota IS NOT NULL THEN
            SELECT shared.used INTO used FROM public.coupon_batch_counters AS shared
            WHERE shared.organization_id = p_organization AND shared.batch_id = coupon.batch_id;
            IF used < coupon.batch_quota THEN coupon.batch_uses := used;
            ELSE coupon.batch_uses := ({_USES} AND uses.batch_id = coupon.batch_id); END IF;
        END IF;
    END IF;
    IF coupon.budget_minor IS NOT NULL THEN
        limit_currency := {LIMIT_CURRENCY.format(coupon="coupon")};
        SELECT budgets.spent_minor INTO coupon.budget_spent_minor FROM public.coupon_budgets AS budgets
        WHERE budgets.organization_id = p_organization AND budgets.coupon_id = p_coupon AND budgets.currency = limit_currency;
        IF coupon.budget_spent_minor IS NULL OR EXISTS (
            SELECT FROM public.coupon_uses AS uses
            WHERE uses.organization_id = p_organization AND uses.coupon_id = p_coupon
            AND uses.state = 'reserved' AND uses.expires_at <= p_moment
        ) THEN
            coupon.budget_spent_minor := (
                SELECT coalesce(sum(uses.amount_minor), 0) FROM public.coupon_uses AS uses
                WHERE uses.organization_id = p_organization AND uses.coupon_id = p_coupon AND {LIVE}
                AND uses.currency = limit_currency);
        END IF;
    END IF;
    lines := ({LINES.format(booking="p_booking")});
    held := ({HELD.format(booking="p_booking")});
    pair := json_build_object('place', 1, 'coupon_id', coupon.id, 'booking_id', booking.id, 'customer', customer,
        'own_use', CASE WHEN own.state = 'redeemed' THEN 'redeemed' WHEN own.expires_at > p_moment THEN 'reserved' END,
        'image', CASE WHEN own.id IS NOT NULL THEN to_json(own) END, 'customer_uses', customer_uses);
    RETURN concat('{{"pairs":[', pair, '],"coupons":[', CASE WHEN coupon.id IS NOT NULL THEN to_json(coupon) END,
        '],"bookings":[', CASE WHEN booking.id IS NOT NULL THEN left(to_json(booking)::text, -1) END,
        CASE WHEN booking.id IS NOT NULL THEN concat(',"lines":', coalesce(lines, 'null'), ',"held":', coalesce(held, 'null'), '}}') END,
        ']}}');
END $$
"""

FUNCTIONS = ((GATHER_ONE, "public.coupon_facts_of_one(uuid, uuid, uuid, text, text, text, timestamptz)"),)
