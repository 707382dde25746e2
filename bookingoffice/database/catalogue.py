"""What PostgreSQL's own catalogue says of our tables, held against the rules of tenancy. Each question answers with its offenders."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections

GLOBAL_UNIQUE = ("api_keys_digest_key", "season_feeds_digest_key", "invitations_digest_key")
"""Digests are random and looked up before an organization is known."""

TENANT_TABLES = """
tenant AS (
    SELECT classes.oid, classes.relname FROM pg_class AS classes
    JOIN pg_attribute AS columns ON columns.attrelid = classes.oid AND columns.attname = 'organization_id' AND NOT columns.attisdropped
    WHERE classes.relnamespace = 'public'::regnamespace AND classes.relkind IN ('r', 'p')
)
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """`question` selects the offenders' names; `id` is the system check's."""

    id: str
    sentence: str
    hint: str
    question: str


RULES = (
    Rule(
        "database.E001",
        "The organization of {offender} may be null.",
        "Every tenant table has `organization_id uuid not null`.",
        "SELECT relname FROM tenant JOIN pg_attribute ON attrelid = tenant.oid AND attname = 'organization_id' WHERE NOT attnotnull",
    ),
    Rule(
        "database.E002",
        "{offender} does not begin with the organization.",
        "Primary keys, unique rules and exclusions of tenant tables begin with organization_id.",
        "SELECT conname FROM tenant JOIN pg_constraint ON conrelid = tenant.oid WHERE contype IN ('p', 'u', 'x') AND conname <> ALL (%(global)s)"
        " AND (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) IS DISTINCT FROM 'organization_id'",
    ),
    Rule(
        "database.E003",
        "The foreign key {offender} does not carry the organization.",
        "A key between tenant tables is (organization_id, x_id) to (organization_id, id), not deferrable, NO ACTION or CASCADE.",
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid IN (SELECT oid FROM tenant)"
        " AND confrelid IN (SELECT oid FROM tenant) AND (condeferrable OR confdeltype NOT IN ('a', 'c') OR cardinality(conkey) <> 2"
        " OR (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) IS DISTINCT FROM 'organization_id'"
        " OR (SELECT attname FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1]) IS DISTINCT FROM 'organization_id')",
    ),
    Rule(
        "database.E004",
        "The global table behind {offender} points at a tenant table.",
        "Keys lead from tenant tables to a few global ones, never back.",
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confrelid IN (SELECT oid FROM tenant)"
        " AND conrelid NOT IN (SELECT oid FROM tenant)",
    ),
    Rule(
        "database.E005",
        "The index {offender} does not begin with the organization.",
        "Indexes of tenant tables begin with organization_id, and a unique one is on columns, not on an expression.",
        "SELECT indexrelid::regclass::text FROM tenant JOIN pg_index ON indrelid = tenant.oid WHERE indexrelid::regclass::text <> ALL (%(global)s)"
        " AND ((SELECT attname FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0]) IS DISTINCT FROM 'organization_id'"
        " OR (indisunique AND indexprs IS NOT NULL))",
    ),
    Rule(
        "database.E006",
        "{offender} has a trigger or a rule.",
        "What must happen is written by the services; a trigger cannot be distributed.",
        "SELECT relname FROM tenant WHERE EXISTS (SELECT FROM pg_trigger WHERE tgrelid = tenant.oid AND NOT tgisinternal)"
        " OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = tenant.oid)",
    ),
    Rule(
        "database.E007",
        "{offender} has a serial or identity column.",
        "Ids are UUIDs of the application.",
        "SELECT relname FROM tenant JOIN pg_attribute ON attrelid = tenant.oid WHERE attnum > 0 AND attidentity <> ''"
        " UNION SELECT tenant.relname FROM tenant JOIN pg_depend ON refobjid = tenant.oid AND deptype = 'a'"
        " JOIN pg_class AS sequences ON sequences.oid = objid AND sequences.relkind = 'S'",
    ),
    Rule(
        "database.E008",
        "{offender} has no forced row-level security.",
        "Add policies.tenant_policy to its migration.",
        "SELECT relname FROM pg_class WHERE (oid IN (SELECT oid FROM tenant) OR oid = to_regclass('public.organizations'))"
        " AND NOT (relrowsecurity AND relforcerowsecurity"
        " AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'tenant'))",
    ),
    Rule(
        "database.E009",
        "The function {offender} may be called by everyone, or its search path is open.",
        "SECURITY DEFINER functions fix their search path and are revoked from PUBLIC.",
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        " AND (proconfig IS NULL OR NOT EXISTS (SELECT FROM unnest(proconfig) AS setting WHERE setting LIKE 'search_path=%%')"
        " OR EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0))",
    ),
    Rule(
        "database.E010",
        "The serving role owns {offender} or stands above the policies.",
        "DATABASE_URL names a role that owns nothing and has no BYPASSRLS; DATABASE_OWNER_URL names the owner.",
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) = current_user"
        " UNION SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)",
    ),
)


def offenders(rule: Rule, *, using: str = "default") -> list[str]:
    with connections[using].cursor() as cursor:
        cursor.execute(f"WITH {TENANT_TABLES} {rule.question}", {"global": list(GLOBAL_UNIQUE)})
        return [name for (name,) in cursor.fetchall()]
