"""The function that gathers everything a judgement needs, however many coupons and bookings it is about.

It answers one JSON text: `pairs` (what was asked: a coupon, and a booking where there is one), `coupons` and `bookings`, each
once. It is a function because a session then plans it once; planning took ten times as long as answering.

With `p_lock` it first locks the bookings, then the budgets that the ledger's door would lock: what it reads after that stays
true until the transaction ends. `p_automatic` is how many automatic coupons may come along, counted for the customer in
`p_customer`. Counting the uses of a coupon takes longer the more there are, so the counter that moves with the ledger answers
while it stands below the limit: it is never less than the live uses. At the limit they are counted. So is what is spent of a
budget where a hold of the coupon has expired and is not forgotten yet.
"""

from __future__ import annotations

from coupons.database.budgets import LIMIT_CURRENCY
from coupons.database.customers import spelled

COUPON_COLUMNS = (
    "id", "created_at", "code", "kind", "amount_minor", "currency", "percent", "scope", "stackable", "priority", "auto_apply",
    "deleted_at", "archived_at", "valid_from", "expires_at", "quota", "max_per_customer", "max_discount_minor", "budget_minor",
    "min_spend_minor", "limit_currency", "repeat", "repeat_count", "repeat_unit", "plan_scope", "invitee_mode",
    "renewal_constraint", "min_nights", "max_nights", "season_ids", "stay_from", "stay_until", "blackout_dates",
    "arrival_weekdays", "min_lead_days", "max_lead_days",
)  # fmt: skip

COLUMNS = ", ".join(f"coupons.{name}" for name in COUPON_COLUMNS)

LINKS = ", ".join(
    f"(SELECT json_object_agg(links.{target}_id, links.excluded) FROM public.coupon_{target}s AS links"
    f" WHERE links.organization_id = p_organization AND links.coupon_id = coupons.id) AS {target}s"
    for target in ("product", "service", "plan")
)

LIVE = "(uses.state = 'redeemed' OR uses.expires_at > p_moment)"

LINES = """
    SELECT json_agg(json_build_object(
        'id', lines.id, 'amount_minor', lines.amount_minor, 'type', lines.item_type, 'product_id', lines.product_id,
        'service_id', lines.service_id, 'plan_id', lines.plan_id, 'quantity', lines.quantity,
        'tax_minor', lines.tax_minor, 'tax_included', lines.tax_included) ORDER BY lines.created_at, lines.id)
    FROM public.line_items AS lines
    WHERE lines.organization_id = p_organization AND lines.booking_id = {booking}
"""

HELD = f"""
    SELECT json_agg(json_build_object(
        'coupon_id', uses.coupon_id, 'stackable', others.stackable, 'amount_minor', uses.amount_minor,
        'currency', uses.currency, 'scope', uses.terms ->> 'scope', 'by_line', uses.terms -> 'by_line')
        ORDER BY uses.created_at, uses.id)
    FROM public.coupon_uses AS uses
    CROSS JOIN LATERAL (
        SELECT stackable FROM public.coupons AS others
        WHERE others.organization_id = p_organization AND others.id = uses.coupon_id OFFSET 0
    ) AS others
    WHERE uses.organization_id = p_organization AND uses.booking_id = {{booking}} AND {LIVE}
"""

_PAIRS = f"""
    WITH typed AS MATERIALIZED (
        SELECT place, coupon_id, public.coupon_code_key(code) AS code_key, booking_id,
            coalesce(customer, {spelled("customer_id", "customer_email")}) AS customer
        FROM ROWS FROM (json_to_recordset(p_rows) AS (
            coupon_id uuid, code text, booking_id uuid, customer text, customer_id text, customer_email text))
            WITH ORDINALITY AS given(coupon_id, code, booking_id, customer, customer_id, customer_email, place)
        UNION ALL
        SELECT NULL, chosen.id, NULL, NULL,
            coalesce(p_customer ->> 'customer', {spelled("(p_customer ->> 'customer_id')", "p_customer ->> 'customer_email'")})
        FROM unnest(automatic) AS chosen(id)
    )
    SELECT typed.place, coupon.id AS coupon_id, booking.id AS booking_id, who.customer,
        CASE WHEN own.state = 'redeemed' THEN 'redeemed' WHEN own.expires_at > p_moment THEN 'reserved' END AS own_use,
        to_jsonb(own) AS image,
        CASE WHEN coupon.max_per_customer IS NULL OR who.customer IS NULL THEN 0
            WHEN counted.used < coupon.max_per_customer THEN counted.used
            ELSE (
                SELECT count(*) FROM public.coupon_uses AS uses
                WHERE uses.organization_id = p_organization AND uses.coupon_id = coupon.id
                AND uses.customer_key = who.customer AND uses.booking_id IS DISTINCT FROM booking.id AND {LIVE}
            ) END AS customer_uses
    FROM typed
    LEFT JOIN LATERAL (
        SELECT id, max_per_customer FROM public.coupons WHERE organization_id = p_organization AND id = typed.coupon_id OFFSET 0
    ) AS named ON true
    LEFT JOIN LATERAL (
        SELECT id, max_per_customer FROM public.coupons
        WHERE organization_id = p_organization AND code_key = typed.code_key AND deleted_at IS NULL OFFSET 0
    ) AS coded ON named.id IS NULL
    CROSS JOIN LATERAL (
        SELECT coalesce(named.id, coded.id) AS id, coalesce(named.max_per_customer, coded.max_per_customer) AS max_per_customer
    ) AS coupon
    LEFT JOIN LATERAL (
        SELECT id, customer_id, customer_email FROM public.bookings
        WHERE organization_id = p_organization AND id = typed.booking_id OFFSET 0
    ) AS booking ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(typed.customer, {spelled("booking.customer_id", "booking.customer_email")}) AS customer
    ) AS who
    LEFT JOIN LATERAL (
        SELECT * FROM public.coupon_uses
        WHERE organization_id = p_organization AND coupon_id = coupon.id AND booking_id = booking.id OFFSET 0
    ) AS own ON true
    LEFT JOIN LATERAL (
        SELECT used FROM public.coupon_customers
        WHERE organization_id = p_organization AND coupon_id = coupon.id AND customer_key = who.customer OFFSET 0
    ) AS counted ON true
"""

_COUPONS = f"""
    SELECT {COLUMNS}, {LINKS},
        CASE WHEN coupons.quota IS NULL THEN 0
            WHEN counted.used < coupons.quota THEN counted.used
            ELSE (
                SELECT count(*) FROM public.coupon_uses AS uses
                WHERE uses.organization_id = p_organization AND uses.coupon_id = coupons.id AND {LIVE}
            ) END AS live_uses,
        batches.quota AS batch_quota,
        CASE WHEN batches.quota IS NULL THEN 0
            WHEN shared.used < batches.quota THEN shared.used
            ELSE (
                SELECT count(*) FROM public.coupon_uses AS uses
                WHERE uses.organization_id = p_organization AND uses.batch_id = coupons.batch_id AND {LIVE}
            ) END AS batch_uses,
        CASE WHEN coupons.budget_minor IS NULL THEN 0
            WHEN budgets.currency = {LIMIT_CURRENCY.format(coupon="coupons")} AND NOT EXISTS (
                SELECT FROM public.coupon_uses AS uses
                WHERE uses.organization_id = p_organization AND uses.coupon_id = coupons.id
                AND uses.state = 'reserved' AND uses.expires_at <= p_moment
            ) THEN budgets.spent_minor
            ELSE (
                SELECT coalesce(sum(uses.amount_minor), 0) FROM public.coupon_uses AS uses
                WHERE uses.organization_id = p_organization AND uses.coupon_id = coupons.id AND {LIVE}
                AND uses.currency = {LIMIT_CURRENCY.format(coupon="coupons")}
            ) END AS budget_spent_minor
    FROM public.coupons
    LEFT JOIN LATERAL (
        SELECT sum(counters.used) AS used FROM public.coupon_counters AS counters
        WHERE counters.organization_id = p_organization AND counters.coupon_id = coupons.id
    ) AS counted ON true
    LEFT JOIN LATERAL (
        SELECT batches.quota FROM public.coupon_batches AS batches
        WHERE batches.organization_id = p_organization AND batches.id = coupons.batch_id OFFSET 0
    ) AS batches ON true
    LEFT JOIN LATERAL (
        SELECT shared.used FROM public.coupon_batch_counters AS shared
        WHERE shared.organization_id = p_organization AND shared.batch_id = coupons.batch_id OFFSET 0
    ) AS shared ON true
    LEFT JOIN LATERAL (
        SELECT budgets.spent_minor, budgets.currency FROM public.coupon_budgets AS budgets
        WHERE budgets.organization_id = p_organization AND budgets.coupon_id = coupons.id OFFSET 0
    ) AS budgets ON true
    WHERE coupons.organization_id = p_organization AND coupons.id = ANY (coupon_ids)
"""

_BOOKINGS = f"""
    SELECT bookings.id, bookings.created_at, bookings.currency, bookings.check_in, bookings.check_out,
        bookings.customer_bookings_before,
        ({LINES.format(booking="bookings.id")}) AS lines,
        ({HELD.format(booking="bookings.id")}) AS held
    FROM public.bookings
    WHERE bookings.organization_id = p_organization AND bookings.id = ANY (booking_ids)
"""

GATHER = f"""
CREATE OR REPLACE FUNCTION public.coupon_facts(
    p_organization uuid, p_rows json, p_moment timestamptz, p_lock boolean, p_automatic integer, p_customer json)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off AS $$
-- The planner cannot know that few rows are asked for: left alone, it reads every booking there is. What stands behind OFFSET 0
-- is looked up by its key for each. The counting that is hardly ever done makes the plan look dear: compiling it would take
-- longer than running it.
#variable_conflict use_column
DECLARE
    automatic uuid[];
    coupon_ids uuid[];
    booking_ids uuid[];
    all_pairs json;
    all_coupons json;
    all_bookings json;
BEGIN
    IF p_lock THEN
        SELECT array_agg(coupon_id), array_agg(booking_id) INTO coupon_ids, booking_ids
        FROM json_to_recordset(p_rows) AS given(coupon_id uuid, booking_id uuid);
        PERFORM 1 FROM public.bookings
        WHERE organization_id = p_organization AND id = ANY (booking_ids) ORDER BY id FOR NO KEY UPDATE;
        IF EXISTS (
            SELECT FROM public.coupons
            WHERE organization_id = p_organization AND id = ANY (coupon_ids) AND budget_minor IS NOT NULL
        ) THEN PERFORM public.ledger_hold_budgets_for(p_organization, coupon_ids, p_moment); END IF;
    END IF;
    IF p_automatic > 0 THEN
        SELECT array_agg(found.id) INTO automatic FROM (
            SELECT id FROM public.coupons
            WHERE organization_id = p_organization AND auto_apply AND deleted_at IS NULL AND archived_at IS NULL
            AND (expires_at IS NULL OR expires_at > p_moment) AND (valid_from IS NULL OR valid_from <= p_moment)
            ORDER BY created_at, id LIMIT p_automatic) AS found;
    END IF;
    SELECT json_agg(found), array_agg(DISTINCT found.coupon_id), array_agg(DISTINCT found.booking_id)
    INTO all_pairs, coupon_ids, booking_ids FROM ({_PAIRS}) AS found;
    SELECT json_agg(found) INTO all_coupons FROM ({_COUPONS}) AS found;
    SELECT json_agg(found) INTO all_bookings FROM ({_BOOKINGS}) AS found;
    RETURN concat('{{"pairs":', coalesce(all_pairs, '[]'), ',"coupons":', coalesce(all_coupons, '[]'), ',"bookings":', coalesce(all_bookings, '[]'), '}}');
END $$
"""

ANSWERS_ROWS_NO_MORE = "DROP FUNCTION IF EXISTS public.coupon_facts(uuid, json, timestamptz, boolean, integer, json)"

FUNCTIONS = ((GATHER, "public.coupon_facts(uuid, json, timestamptz, boolean, integer, json)"),)
