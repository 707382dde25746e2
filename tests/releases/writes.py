"""The statements by which release 0.1.0 writes, as it sends them, with the values of one small story.

A release that sends others replaces this file when it is made, not before: it stands for processes that run already.
"""

from __future__ import annotations

LAKESIDE = "01a21992-159b-7f78-8d73-d1fdb5e2a3d1"
KEY, PRODUCT, SERVICE = (f"01a21992-15bc-729b-86ca-00000000000{n}" for n in range(3))
BOOKING, SECOND, LINE, COUPON = (f"01a21992-15bc-729b-86cb-00000000000{n}" for n in range(4))
USE, SEASON, WEBHOOK, RELEASED = (f"01a21992-15bc-729b-86cc-00000000000{n}" for n in range(4))

WRITES = [
    f"SET LOCAL bookingoffice.organization_id = '{LAKESIDE}'",
    f"""
INSERT INTO "organizations" ("id", "created_at", "updated_at", "deleted_at", "name", "active", "languages", "default_language",
    "currency", "timezone", "two_factor_required")
VALUES ('{LAKESIDE}'::uuid, DEFAULT, DEFAULT, NULL, '{{"default": "Lakeside"}}'::jsonb, true, '{{}}'::text[], 'en-US', 'EUR', 'UTC', false)
RETURNING "organizations"."id", "organizations"."created_at", "organizations"."two_factor_required"
""",
    f"""
INSERT INTO "api_keys" ("id", "organization_id", "created_at", "label", "prefix", "digest", "scopes", "expires_at", "revoked_at", "last_used_at")
VALUES ('{KEY}'::uuid, '{LAKESIDE}'::uuid, DEFAULT, '', '7245b97a',
    '\\xec038a314b93b4c9509cf7cf390119137658b8b72907ede48369d1d558158c8b'::bytea, '{{read,write,write_uses}}'::text[], NULL, NULL, NULL)
RETURNING "api_keys"."id", "api_keys"."created_at", "api_keys"."label"
""",
    f"SELECT public.api_key_used('{LAKESIDE}'::uuid, '{KEY}'::uuid, '2027-06-15 12:00+00'::timestamptz)",
    f"""
INSERT INTO "products" ("id", "organization_id", "created_at", "updated_at", "deleted_at", "name", "description", "currency", "timezone",
    "rent_period", "public_id", "code")
VALUES ('{PRODUCT}'::uuid, '{LAKESIDE}'::uuid, DEFAULT, DEFAULT, NULL, '{{"default": "Boathouse"}}'::jsonb, '{{"default": ""}}'::jsonb,
    'EUR', 'UTC', 'nightly', DEFAULT, '') RETURNING "products"."public_id"
""",
    *(
        f"""
INSERT INTO "bookings" ("id", "organization_id", "created_at", "updated_at", "confirmed_at", "currency", "display_currency",
    "exchange_rate", "method", "occupancy", "reference", "silent", "check_in", "check_out", "customer_id", "customer_email",
    "customer_bookings_before")
VALUES ('{booking}'::uuid, '{LAKESIDE}'::uuid, DEFAULT, DEFAULT, NULL, 'EUR', 'EUR', 1.0, 'request', '{{}}'::jsonb, '', false, NULL,
    NULL, NULL, NULL, NULL) RETURNING "bookings"."id"
"""
        for booking in (BOOKING, SECOND)
    ),
    f"""
INSERT INTO "line_items" ("id", "organization_id", "created_at", "updated_at", "booking_id", "product_id", "service_id", "plan_id",
    "item_type", "name", "quantity", "amount_minor", "tax_minor", "tax_included")
VALUES ('{LINE}'::uuid, '{LAKESIDE}'::uuid, DEFAULT, DEFAULT, '{BOOKING}'::uuid, NULL, NULL, NULL, 'rent',
    '{{"default": "Rent"}}'::jsonb, 1, 10000, 0, false) RETURNING "line_items"."id"
""",
    f"""
INSERT INTO "coupons" (organization_id, "amount_minor", "code", "currency", "definition", "id", "kind", "name", "percent", "quota")
SELECT '{LAKESIDE}'::uuid, given."amount_minor", given."code", given."currency", given."definition", given."id", given."kind",
    given."name", given."percent", given."quota"
FROM ROWS FROM (json_to_recordset('[{{"id":"{COUPON}","name":"QUIET_WEEK","code":"QUIET_WEEK",
    "definition":{{"type":"relative","restrictions":[],"value":-15}},"quota":2,"kind":"percent","percent":15}}]'::json)
    AS ("amount_minor" bigint, "code" text, "currency" text, "definition" jsonb, "id" uuid, "kind" text, "name" text,
    "percent" numeric(7, 4), "quota" integer))
    WITH ORDINALITY AS given("amount_minor", "code", "currency", "definition", "id", "kind", "name", "percent", "quota", place)
""",
    f"""INSERT INTO "coupon_products" (organization_id, coupon_id, product_id) VALUES ('{LAKESIDE}', '{COUPON}', '{PRODUCT}')""",
    f"""
INSERT INTO audit_entries (organization_id, id, created_at, actor_kind, actor_id, actor_label,
    action, table_name, row_id, row_label, subject_id, reason, changes)
SELECT '{LAKESIDE}'::uuid, public.uuid7(), '2027-06-15 12:00+00'::timestamptz, 'command', '', 'test', 'created', 'coupons', id, code, NULL::uuid,
    '', public.audit_difference(NULL, to_jsonb(rows)) FROM "coupons" AS rows WHERE organization_id = '{LAKESIDE}'
""",
    f"""SELECT public.ledger_hold('{LAKESIDE}', ARRAY['{COUPON}']::uuid[], '2027-06-15 12:00+00'::timestamptz)""",
    f"""
SELECT public.ledger_take('{LAKESIDE}'::uuid, given.coupon_id, given.booking_id, 'redeemed', given.until, '2027-06-15 12:00+00'::timestamptz,
    given.id, given.created_at, given.customer, given.amount_minor, given.currency, given.terms)
FROM ROWS FROM (json_to_recordset('[{{"coupon_id":"{COUPON}","booking_id":"{BOOKING}","id":"{USE}","amount_minor":1500,"currency":"EUR"}},
    {{"coupon_id":"{COUPON}","booking_id":"{SECOND}","id":"{RELEASED}"}}]'::json) AS (
    coupon_id uuid, booking_id uuid, until timestamptz, id uuid, created_at timestamptz,
    customer text, amount_minor bigint, currency text, terms jsonb))
    WITH ORDINALITY AS given(coupon_id, booking_id, until, id, created_at, customer, amount_minor, currency, terms, place)
ORDER BY place
""",
    f"SELECT public.ledger_release('{LAKESIDE}'::uuid, '{COUPON}'::uuid, '{SECOND}'::uuid)",
    f"""UPDATE "coupons" SET description = 'On the shelf', archived_at = '2027-06-15 12:00+00', updated_at = clock_timestamp()
WHERE organization_id = '{LAKESIDE}' AND id = '{COUPON}'""",
    f"""
INSERT INTO "seasons" (organization_id, "id", "name", "value")
SELECT '{LAKESIDE}'::uuid, given."id", given."name", given."value"
FROM ROWS FROM (json_to_recordset('[{{"id":"{SEASON}","name":{{"default":"Summer"}},"value":null}}]'::json)
    AS ("id" uuid, "name" jsonb, "value" jsonb)) WITH ORDINALITY AS given("id", "name", "value", place)
""",
    f"""
INSERT INTO "webhooks" (organization_id, id, endpoint, events, signing_secret)
VALUES ('{LAKESIDE}', '{WEBHOOK}', 'https://example.com/hooks', ARRAY['coupons.created'], 'whsec_AAAA')
""",
    f"INSERT INTO webhook_cursors (organization_id) VALUES ('{LAKESIDE}') ON CONFLICT (organization_id) DO NOTHING",
    f"""
INSERT INTO webhook_notifications (organization_id, id, webhook_id, event_type, payload, happened_at, subject, cause)
SELECT '{LAKESIDE}', public.uuid7(), webhooks.id, 'coupons.created', '{{}}'::jsonb, clock_timestamp(), '{COUPON}', 'x'
FROM webhooks WHERE webhooks.organization_id = '{LAKESIDE}'
ON CONFLICT (organization_id, webhook_id, event_type, cause) DO NOTHING RETURNING id
""",
]

EXPECTED: dict[str, list[tuple[object, ...]]] = {
    f"SELECT count(*)::int FROM coupon_uses WHERE organization_id = '{LAKESIDE}'": [(1,)],
    f"SELECT sum(used)::int FROM coupon_counters WHERE organization_id = '{LAKESIDE}'": [(1,)],
    f"SELECT code, description, quota FROM coupons WHERE organization_id = '{LAKESIDE}'": [
        ("QUIET_WEEK", "On the shelf", 2)
    ],
    f"SELECT count(*)::int FROM webhook_notifications WHERE organization_id = '{LAKESIDE}'": [(1,)],
    f"SELECT count(*)::int FROM audit_entries WHERE organization_id = '{LAKESIDE}'": [(1,)],
}
