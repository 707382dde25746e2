"""SQL functions that columns of every app default to. They are created before the first table."""

from __future__ import annotations

from django.db.models import Func, TextField, UUIDField

from bookingoffice.localized import TAG_PATTERN

UUID7 = """
CREATE OR REPLACE FUNCTION public.uuid7() RETURNS uuid LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$
-- RFC 9562 version 7: 48 bits of milliseconds, 12 bits of their fraction so that one statement's rows stay in order, then chance
DECLARE
    micros bigint := (date_part('epoch', clock_timestamp()) * 1000000)::bigint;
BEGIN
    RETURN encode(overlay(uuid_send(gen_random_uuid())
        PLACING int8send(((micros / 1000) << 16) | (7 << 12) | ((micros % 1000) * 4096 / 1000)) FROM 1 FOR 8), 'hex')::uuid;
END $$
"""

PUBLIC_ID = """
CREATE OR REPLACE FUNCTION public.public_id(prefix text) RETURNS text LANGUAGE sql VOLATILE PARALLEL SAFE
-- Six random bytes and four and a half more; the UUID's version lies between. Of 64 characters two are not wanted.
RETURN prefix || translate(left(overlay(encode(uuid_send(gen_random_uuid()), 'base64') PLACING '' FROM 9 FOR 4), 14), '+/', 'Aa')
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
