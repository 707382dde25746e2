"""The few questions that are asked before an organization is known. Each runs as the owner and answers with the organization."""

from __future__ import annotations

KEY_CALLER = """
CREATE FUNCTION public.api_key_caller(p_digest bytea)
RETURNS TABLE (organization_id uuid, api_key_id uuid, scopes text[], expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT keys.organization_id, keys.id, keys.scopes, keys.expires_at, keys.revoked_at, keys.last_used_at
    FROM public.api_keys AS keys WHERE keys.digest = p_digest
$$
"""

KEY_USED = """
CREATE FUNCTION public.api_key_used(p_organization uuid, p_key uuid, p_moment timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    -- Waits for nobody: another request of the same key writes the same minute
    UPDATE public.api_keys SET last_used_at = p_moment WHERE (organization_id, id) IN (
        SELECT organization_id, id FROM public.api_keys WHERE organization_id = p_organization AND id = p_key FOR NO KEY UPDATE SKIP LOCKED)
$$
"""

STAFF_ORGANIZATIONS = """
CREATE FUNCTION public.staff_organizations(p_user integer) RETURNS TABLE (organization_id uuid, role text, name jsonb, default_language text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    -- Where a staff user works; a superuser works everywhere as an owner
    SELECT organizations.id, CASE WHEN users.is_superuser THEN 'owner' ELSE members.role::text END, organizations.name, organizations.default_language
    FROM public.auth_user AS users
    CROSS JOIN public.organizations
    LEFT JOIN public.members ON members.organization_id = organizations.id AND members.user_id = users.id
    WHERE users.id = p_user AND users.is_active AND organizations.deleted_at IS NULL AND (users.is_superuser OR members.id IS NOT NULL)
    ORDER BY organizations.created_at, organizations.id
$$
"""

ALL_ORGANIZATIONS = """
CREATE FUNCTION public.all_organization_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    -- For named jobs that visit every organization, one transaction each
    SELECT id FROM public.organizations ORDER BY created_at, id
$$
"""

FUNCTIONS = (
    (KEY_CALLER, "public.api_key_caller(bytea)"),
    (KEY_USED, "public.api_key_used(uuid, uuid, timestamptz)"),
    (STAFF_ORGANIZATIONS, "public.staff_organizations(integer)"),
    (ALL_ORGANIZATIONS, "public.all_organization_ids()"),
)

# A join of the members of one organization with the users they are; the policy of `members` holds for whoever looks through it.
USER_PROFILES = """
CREATE VIEW public.user_profiles WITH (security_invoker = true) AS
    SELECT members.organization_id, users.id AS user_id, users.email::text AS email,
        btrim(concat_ws(' ', users.first_name, users.last_name)) AS full_name
    FROM public.members JOIN public.auth_user AS users ON users.id = members.user_id
"""

INVITATION_PLACE = """
CREATE FUNCTION public.invitation_place(p_digest bytea) RETURNS TABLE (organization_id uuid, invitation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT invitations.organization_id, invitations.id FROM public.invitations AS invitations WHERE invitations.digest = p_digest
$$
"""
