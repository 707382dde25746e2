"""The one question about feeds that is asked before an organization is known. It runs as the owner."""

from __future__ import annotations

from typing import Final

FEED_ORGANIZATION: Final = """
CREATE FUNCTION public.season_feed_organization(p_digest bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT feeds.organization_id FROM public.season_feeds AS feeds
    JOIN public.organizations ON organizations.id = feeds.organization_id
    WHERE feeds.digest = p_digest AND organizations.deleted_at IS NULL
$$
"""
SIGNATURE: Final = "public.season_feed_organization(bytea)"
