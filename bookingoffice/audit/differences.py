"""What changed between two images of a row, as a SQL function."""

from __future__ import annotations

AUDIT_DIFFERENCE = """
CREATE FUNCTION public.audit_difference(earlier jsonb, later jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(jsonb_object_agg(key, jsonb_build_array(earlier -> key, later -> key)), '{}')
    FROM jsonb_object_keys(coalesce(earlier, '{}') || coalesce(later, '{}')) AS keys(key)
    WHERE nullif(earlier -> key, 'null') IS DISTINCT FROM nullif(later -> key, 'null')
    -- Who owns a row never changes; the others follow from what did
    AND key NOT IN ('id', 'organization_id', 'created_at', 'updated_at', 'fts', 'code_key', 'slots', 'digest');
END
"""
