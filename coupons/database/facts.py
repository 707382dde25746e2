"""The function that gathers everything a judgement needs, however many coupons and bookings it is about.

Each answered row is a word and a JSON text: `pair` (what was asked: a coupon, and a booking where there is one), `coupon` and
`booking`, each once. It is a function because a session then plans it once; planning took ten times as long as answering.

With `p_lock` it first locks the bookings, then the budgets that the ledger's door would lock: what it reads after that stays
true until the transaction ends. `p_automatic` is how many automatic coupons may come along, counted
for the customer in `p_customer`. Counting the uses of a coupon takes longer the more there are, so the counter that moves with the
ledger answers while it stands below the limit: it is never less than the live uses. At the limit they are counted. So is what is
spent of a budget where a hold of the coupon has expired and is not forgotten yet.
"""

from __future__ import annotations

COUPON_COLUMNS = (
    "id", "created_at", "code", "kind", "amount_minor", "currency", "percent", "scope", "stackable", "priority", "auto_apply",
    "deleted_at", "archived_at", "valid_from", "expires_at", "quota", "max_per_customer", "max_discount_minor", "budget_minor",
    "min_spend_minor", "limit_currency", "repeat", "repeat_count", "repeat_unit", "plan_scope", "invitee_mode",
    "renewal_constraint", "min_nights", "max_nights", "season_ids", "stay_from", "stay_until", "blackout_dates",
    "arrival_weekdays", "min_lead_days", "max_lead_days",
)  # fmt: skip

_COLUMNS = ", ".join(f"coupons.{name}" for name in COUPON_COLUMNS)

_LINKS = ", ".join(
    f"(SELECT json_object_agg(links.{target}_id, links.excluded) FROM public.coupon_{target}s AS links"
    f" WHERE links.organization_id = p_organization AND links.coupon_id = coupons.id) AS {target}s"
    for target in ("product", "service", "plan")
)

GATHER = f"""
CREATE OR REPLACE FUNCTION public.coupon_facts(
    p_organization uuid, p_rows json, p_moment timestamptz, p_lock boolean, p_automatic integer, p_customer json)
RETURNS TABLE (word text, fact text) LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
-- What is asked for is few rows by their keys, which the planner cannot know: left alone, it reads every booking there is.
-- The counting that is hardly ever done makes the plan look dear: compiling it would take longer than running it.
#variable_conflict use_column
DECLARE
    automatic uuid[];
BEGIN
    IF p_lock THEN
        PERFORM 1 FROM public.bookings
        WHERE organization_id = p_organization
        AND id IN (SELECT booking_id FROM json_to_recordset(p_rows) AS given(booking_id uuid))
        ORDER BY id FOR NO KEY UPDATE;
        IF EXISTS (
            SELECT FROM public.coupons WHERE organization_id = p_organization AND budget_minor IS NOT NULL
            AND id IN (SELECT coupon_id FROM json_to_recordset(p_rows) AS given(coupon_id uuid))
        ) THEN
            PERFORM public.ledger_hold_budgets_for(
                p_organization, ARRAY (SELECT coupon_id FROM json_to_recordset(p_rows) AS given(coupon_id uuid)), p_moment);
        END IF;
    END IF;
    IF p_automatic > 0 THEN
        SELECT array_agg(found.id) INTO automatic FROM (
            SELECT id FROM public.coupons
            WHERE organization_id = p_organization AND auto_apply AND deleted_at IS NULL AND archived_at IS NULL
            AND (expires_at IS NULL OR expires_at > p_moment) AND (valid_from IS NULL OR valid_from <= p_moment)
            ORDER BY created_at, id LIMIT p_automatic) AS found;
    END IF;
    RETURN QUERY
    WITH typed AS MATERIALIZED (
        SELECT place, coupon_id, public.coupon_code_key(code) AS code_key, booking_id,
            coalesce(customer, 'id:' || customer_id, 'email:' || lower(btrim(customer_email))) AS customer
        FROM ROWS FROM (json_to_recordset(p_rows) AS (
            coupon_id uuid, code text, booking_id uuid, customer text, customer_id text, customer_email text))
            WITH ORDINALITY AS given(coupon_id, code, booking_id, customer, customer_id, customer_email, place)
    ), pairs AS MATERIALIZED (
        SELECT typed.place, coalesce(named.id, coded.id) AS coupon_id, bookings.id AS booking_id,
            coalesce(typed.customer, 'id:' || bookings.customer_id, 'email:' || lower(btrim(bookings.customer_email))) AS customer
        FROM typed
        LEFT JOIN public.coupons AS named ON named.organization_id = p_organization AND named.id = typed.coupon_id
        LEFT JOIN public.coupons AS coded ON coded.organization_id = p_organization AND coded.code_key = typed.code_key
            AND coded.deleted_at IS NULL
        LEFT JOIN public.bookings ON bookings.organization_id = p_organization AND bookings.id = typed.booking_id
        UNION ALL
        SELECT NULL, chosen.id, NULL,
            coalesce(p_customer ->> 'customer', 'id:' || (p_customer ->> 'customer_id'), 'email:' || lower(btrim(p_customer ->> 'customer_email')))
        FROM unnest(automatic) AS chosen(id)
    ), answers AS (
        SELECT pairs.place, pairs.coupon_id, pairs.booking_id, pairs.customer,
            CASE WHEN own.state = 'redeemed' THEN 'redeemed' WHEN own.expires_at > p_moment THEN 'reserved' END AS own_use,
            to_jsonb(own) AS image,
            CASE WHEN coupons.max_per_customer IS NULL OR pairs.customer IS NULL THEN 0
                WHEN customers.used < coupons.max_per_customer THEN customers.used
                ELSE (
                    SELECT count(*) FROM public.coupon_uses AS uses
                    WHERE uses.organization_id = p_organization AND uses.coupon_id = pairs.coupon_id
                    AND uses.customer_key = pairs.customer AND uses.booking_id IS DISTINCT FROM pairs.booking_id
                    AND (uses.state = 'redeemed' OR uses.expires_at > p_moment)
                ) END AS customer_uses
        FROM pairs
        LEFT JOIN public.coupons ON coupons.organization_id = p_organization AND coupons.id = pairs.coupon_id
        LEFT JOIN public.coupon_uses AS own ON own.organization_id = p_organization AND own.coupon_id = pairs.coupon_id
            AND own.booking_id = pairs.booking_id
        LEFT JOIN public.coupon_customers AS customers ON customers.organization_id = p_organization
            AND customers.coupon_id = pairs.coupon_id AND customers.customer_key = pairs.customer
    ), chosen AS (
        SELECT {_COLUMNS}, {_LINKS},
            CASE WHEN coupons.quota IS NULL THEN 0
                WHEN counted.used < coupons.quota THEN counted.used
                ELSE (
                    SELECT count(*) FROM public.coupon_uses AS uses
                    WHERE uses.organization_id = p_organization AND uses.coupon_id = coupons.id
                    AND (uses.state = 'redeemed' OR uses.expires_at > p_moment)
                ) END AS live_uses,
            batches.quota AS batch_quota,
            CASE WHEN batches.quota IS NULL THEN 0
                WHEN shared.used < batches.quota THEN shared.used
                ELSE (
                    SELECT count(*) FROM public.coupon_uses AS uses
                    WHERE uses.organization_id = p_organization AND uses.batch_id = coupons.batch_id
                    AND (uses.state = 'redeemed' OR uses.expires_at > p_moment)
                ) END AS batch_uses,
            CASE WHEN coupons.budget_minor IS NULL THEN 0
                WHEN budgets.spent_minor IS NOT NULL AND NOT EXISTS (
                    SELECT FROM public.coupon_uses AS uses
                    WHERE uses.organization_id = p_organization AND uses.coupon_id = coupons.id
                    AND uses.state = 'reserved' AND uses.expires_at <= p_moment
                ) THEN budgets.spent_minor
                ELSE (
                    SELECT coalesce(sum(uses.amount_minor), 0) FROM public.coupon_uses AS uses
                    WHERE uses.organization_id = p_organization AND uses.coupon_id = coupons.id
                    AND (uses.state = 'redeemed' OR uses.expires_at > p_moment)
                ) END AS budget_spent_minor
        FROM public.coupons
        LEFT JOIN LATERAL (
            SELECT sum(counters.used) AS used FROM public.coupon_counters AS counters
            WHERE counters.organization_id = p_organization AND counters.coupon_id = coupons.id
        ) AS counted ON true
        LEFT JOIN public.coupon_batches AS batches ON batches.organization_id = p_organization AND batches.id = coupons.batch_id
        LEFT JOIN public.coupon_batch_counters AS shared ON shared.organization_id = p_organization AND shared.batch_id = coupons.batch_id
        LEFT JOIN public.coupon_budgets AS budgets ON budgets.organization_id = p_organization AND budgets.coupon_id = coupons.id
        WHERE coupons.organization_id = p_organization AND coupons.id IN (SELECT coupon_id FROM pairs)
    ), judged AS (
        SELECT bookings.id, bookings.created_at, bookings.currency, bookings.check_in, bookings.check_out,
            bookings.customer_bookings_before,
            (
                SELECT json_agg(json_build_object(
                    'id', lines.id, 'amount_minor', lines.amount_minor, 'type', lines.item_type, 'product_id', lines.product_id,
                    'service_id', lines.service_id, 'plan_id', lines.plan_id, 'quantity', lines.quantity,
                    'tax_minor', lines.tax_minor, 'tax_included', lines.tax_included) ORDER BY lines.created_at, lines.id)
                FROM public.line_items AS lines
                WHERE lines.organization_id = p_organization AND lines.booking_id = bookings.id
            ) AS lines,
            (
                SELECT json_agg(json_build_object(
                    'coupon_id', uses.coupon_id, 'stackable', others.stackable, 'amount_minor', uses.amount_minor,
                    'currency', uses.currency, 'scope', uses.terms ->> 'scope', 'by_line', uses.terms -> 'by_line')
                    ORDER BY uses.created_at, uses.id)
                FROM public.coupon_uses AS uses
                JOIN public.coupons AS others ON others.organization_id = p_organization AND others.id = uses.coupon_id
                WHERE uses.organization_id = p_organization AND uses.booking_id = bookings.id
                AND (uses.state = 'redeemed' OR uses.expires_at > p_moment)
            ) AS held
        FROM public.bookings
        WHERE bookings.organization_id = p_organization AND bookings.id IN (SELECT booking_id FROM pairs)
    )
    SELECT 'pair', row_to_json(answers)::text FROM answers
    UNION ALL SELECT 'coupon', row_to_json(chosen)::text FROM chosen
    UNION ALL SELECT 'booking', row_to_json(judged)::text FROM judged;
END $$
"""

FUNCTIONS = ((GATHER, "public.coupon_facts(uuid, json, timestamptz, boolean, integer, json)"),)
