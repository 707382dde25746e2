"""SQL functions that columns of every app default to. They are created before the first table."""

from __future__ import annotations

from django.db.models import Func, TextField, UUIDField

from bookingoffice.localized import TAG_PATTERN

UUID7 = """
CREATE FUNCTION public.uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    -- RFC 9562 version 7: 48 bits of milliseconds, 12 bits of their fraction so that one statement's rows stay in order, then chance
    SELECT (lpad(to_hex(micros / 1000), 12, '0') || '7' || lpad(to_hex((micros % 1000) * 4096 / 1000), 3, '0')
            || right(replace(gen_random_uuid()::text, '-', ''), 16))::uuid
    FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros) AS clock
$$
"""

PUBLIC_ID = """
CREATE FUNCTION public.public_id(prefix text) RETURNS text LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    -- Fourteen of a random UUID's sixteen bytes; the other two carry its version
    SELECT prefix || string_agg(
        substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 1 + get_byte(chance, place) % 62, 1), '')
    FROM (SELECT uuid_send(gen_random_uuid()) AS chance) AS bytes, unnest('{0,1,2,3,4,5,7,9,10,11,12,13,14,15}'::int[]) AS place
$$
"""

NAME_IS_VALID = f"""
CREATE FUNCTION public.name_is_valid(name jsonb) returns boolean
language sql immutable parallel safe
return case when jsonb_typeof(name) is distinct from 'object' then false else
    name ? 'default'
    and (
        select bool_and(jsonb_typeof(entry.value) = 'string' and entry.key collate "C" ~ '^{TAG_PATTERN}$')
            and count(*) = count(distinct lower(entry.key collate "C"))
        from jsonb_each(name) as entry
    )
end
"""

CREATED = (
    (UUID7, "DROP FUNCTION public.uuid7()"),
    (PUBLIC_ID, "DROP FUNCTION public.public_id(text)"),
    (NAME_IS_VALID, "DROP FUNCTION public.name_is_valid(jsonb)"),
)


class NewUUID(Func):
    function = "public.uuid7"
    arity = 0
    output_field = UUIDField()


class NewPublicId(Func):
    """`cou_` or `itm_` and fourteen characters of [0-9A-Za-z]."""

    function = "public.public_id"
    arity = 1
    output_field = TextField()
