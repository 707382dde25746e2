"""Which organizations have something to do, asked before one is known. It runs as the owner and answers organizations alone:
what happened there is read, and sent, in the organization's own scope, so that no role sees two of them at once."""

from __future__ import annotations

# The number of a transaction of 64 bits, of which a row keeps the lower 32; it is below the end of the snapshot that shows it.
FULL_XID = """
CREATE FUNCTION public.full_xid(p_xmin xid, p_end bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN p_end - ((p_end - p_xmin::text::bigint) & 4294967295)
"""

# The smallest id of version 7 that can have been made at a moment
FIRST_ID = """
CREATE FUNCTION public.first_id_at(p_moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rpad(lpad(to_hex((extract(epoch FROM p_moment) * 1000)::bigint), 12, '0'), 32, '0')::uuid
"""

WORK = """
CREATE FUNCTION public.webhook_work(p_moment timestamptz) RETURNS TABLE (organization_id uuid, unread boolean, due boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH news AS (
        SELECT cursors.organization_id, EXISTS (
            SELECT FROM public.audit_entries AS entries
            WHERE entries.organization_id = cursors.organization_id
            AND entries.id >= public.first_id_at(least(cursors.since, clock_timestamp()) - interval '10 seconds')
            AND public.full_xid(entries.xmin, pg_snapshot_xmax(pg_current_snapshot())::text::bigint) >= cursors.horizon
        ) OR coalesce(cursors.next_deadline <= p_moment, false)
        OR cursors.read_at NOT BETWEEN p_moment - interval '1 minute' AND p_moment + interval '1 minute' AS unread
        FROM public.webhook_cursors AS cursors
        WHERE EXISTS (SELECT FROM public.webhooks WHERE webhooks.organization_id = cursors.organization_id)
    ), open AS (
        SELECT news.*, EXISTS (
            SELECT FROM public.webhooks WHERE webhooks.organization_id = news.organization_id
            AND (webhooks.resting_until IS NULL OR webhooks.resting_until <= p_moment)
            AND EXISTS (
                SELECT FROM public.webhook_notifications AS notes
                WHERE notes.organization_id = webhooks.organization_id AND notes.webhook_id = webhooks.id
                AND notes.status = 'pending')
        ) AS due FROM news
    )
    SELECT organization_id, unread, due FROM open WHERE unread OR due
$$
"""

# Of all organizations together, which is no secret of any of them. `read_at` is of the one whose history was read longest ago.
BACKLOG = """
CREATE FUNCTION public.webhook_backlog() RETURNS TABLE (pending bigint, oldest timestamptz, read_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*), min(queued_at), (
        SELECT min(cursors.read_at) FROM public.webhook_cursors AS cursors
        WHERE EXISTS (SELECT FROM public.webhooks WHERE webhooks.organization_id = cursors.organization_id)
    ) FROM public.webhook_notifications WHERE status = 'pending'
$$
"""
