"""Which files wait for a worker, asked before an organization is known. It runs as the owner and answers ids alone."""

from __future__ import annotations

WORK = """
CREATE FUNCTION public.file_import_work(p_moment timestamptz) RETURNS TABLE (organization_id uuid, id uuid, expired boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT organization_id, id, created_at <= p_moment - interval '1 day' FROM public.file_imports
    WHERE state IN ('to_check', 'to_import') OR created_at <= p_moment - interval '1 day'
    OR (state IN ('checking', 'importing') AND seen_at <= p_moment - interval '60 seconds')
    ORDER BY created_at
$$
"""

WORK_SIGNATURE = "public.file_import_work(timestamptz)"
