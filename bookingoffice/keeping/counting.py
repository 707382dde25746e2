"""What a database holds, in numbers that two databases can be compared by: rows, their content, and the rules over them."""

from __future__ import annotations

import hashlib

from psycopg import sql

from bookingoffice.keeping.keeper import Link

# One way to write a moment, a number and bytes, whatever a role or a server is set to
ONE_WRITING = (
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';"
    " SET extra_float_digits = 1; SET search_path = ''; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"
)

TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname COLLATE \"C\""

# The sum does not mind the order in which rows lie.
CONTENT = sql.SQL("""
SELECT count(*), coalesce(sum(number), 0)::text FROM (
    SELECT ('x' || left(encode(sha256(convert_to("the row"::text, 'UTF8')), 'hex'), 15))::bit(60)::bigint AS number
    FROM ONLY public.{} AS "the row") AS numbers
""")

RULES = """
WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'v')),
routines AS (SELECT * FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
SELECT format('%s %s of %s, secured %s, forced %s',
    relkind, relname, pg_get_userbyid(relowner), relrowsecurity, relforcerowsecurity) FROM ours
UNION ALL SELECT format('%s: %s to %s by %s', relname, privilege_type, grantee::regrole, grantor::regrole)
    FROM ours, aclexplode(coalesce(relacl, acldefault('r', relowner))) WHERE relkind <> 'S'
UNION ALL SELECT format('%s.%s %s %s %s',
    relname, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
    FROM ours JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
UNION ALL SELECT format('%s.%s: %s to %s', relname, attname, privilege_type, grantee::regrole)
    FROM ours JOIN pg_attribute ON attrelid = ours.oid, aclexplode(attacl)
UNION ALL SELECT format('%s %s %s %s %s', polrelid::regclass, polname, polcmd, polroles::regrole[],
    concat(pg_get_expr(polqual, polrelid), ' / ', pg_get_expr(polwithcheck, polrelid))) FROM pg_policy
UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(pg_constraint.oid)) FROM pg_constraint
    JOIN ours ON ours.oid = conrelid WHERE contype <> 'n'
UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN ours ON ours.oid = indrelid
UNION ALL SELECT concat(pg_get_userbyid(proowner), ' ', pg_get_functiondef(oid)) FROM routines WHERE prokind IN ('f', 'p')
UNION ALL SELECT format('%s: %s to %s', oid::regprocedure, privilege_type, grantee::regrole)
    FROM routines, aclexplode(coalesce(proacl, acldefault('f', proowner)))
UNION ALL SELECT format('schema: %s to %s', privilege_type, grantee::regrole)
    FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) WHERE nspname = 'public'
UNION ALL SELECT format('%s by default: %s to %s', defaclobjtype, privilege_type, grantee::regrole)
    FROM pg_default_acl, aclexplode(defaclacl)
"""

# PostgreSQL writes `x BETWEEN a AND b` out with a pair of them, and without when it reads that again.
PARENTHESES = str.maketrans("", "", "()")
Contents = dict[str, tuple[int, str]]


def contents(link: Link) -> Contents:
    """Of every table, how many rows and a number that changes with any of them."""
    link.execute(ONE_WRITING)
    found: Contents = {}
    for (table,) in link.execute(TABLES).fetchall():
        row = link.execute(CONTENT.format(sql.Identifier(str(table)))).fetchone()
        assert row is not None
        found[str(table)] = (int(str(row[0])), str(row[1]))
    return found


def rules(link: Link) -> str:
    """A digest of tables, columns, constraints, indexes, functions, policies and grants, in PostgreSQL's own words."""
    link.execute(ONE_WRITING)
    lines = sorted(str(line).translate(PARENTHESES) for (line,) in link.execute(RULES).fetchall())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def rows_in(found: Contents) -> int:
    return sum(rows for rows, _ in found.values())


def differing(one: Contents, other: Contents) -> list[str]:
    """The tables that are not the same."""
    return sorted(table for table in one.keys() | other.keys() if one.get(table) != other.get(table))
