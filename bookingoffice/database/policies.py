"""Row-level security and grants: the serving role owns nothing and sees one organization at a time.

The policy is the second lock; every statement of ours names the organization itself.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.migrations import RunSQL

SETTING = "(SELECT nullif(current_setting('bookingoffice.organization_id', true), '')::uuid)"


def serving_role() -> str:
    """The login the product serves under; migrations grant to it."""
    return str(settings.DATABASES["default"]["USER"])


def tenant_policy(table: str, column: str = "organization_id") -> RunSQL:
    """Forced for the owner too: a function of the owner sees no more than its caller's organization."""
    forward: list[Any] = [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY tenant ON "{table}" USING ("{column}" = {SETTING}) WITH CHECK ("{column}" = {SETTING})',
    ]
    backward: list[Any] = [
        f'DROP POLICY tenant ON "{table}"',
        f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
    ]
    return RunSQL(forward, backward)


def owner_policy(table: str) -> RunSQL:
    """Lets the owner's `SECURITY DEFINER` look-ups (a key's digest, a user's memberships) find the organization itself."""
    return RunSQL(
        f'CREATE POLICY owner ON "{table}" TO CURRENT_USER USING (true) WITH CHECK (true)',
        f'DROP POLICY owner ON "{table}"',
    )


def read_only(table: str) -> RunSQL:
    """The serving role may look; a function of the owner is the only way to write."""
    role = serving_role()
    return RunSQL(
        f'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{role}"',
        f'GRANT INSERT, UPDATE, DELETE ON "{table}" TO "{role}"',
    )


def function(create: str, signature: str, *, serving: bool = False) -> RunSQL:
    """A function and its removal; `serving` opens a `SECURITY DEFINER` function to the serving role and to nobody else."""
    forward: list[Any] = [create]
    if serving:
        forward += [
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f'GRANT EXECUTE ON FUNCTION {signature} TO "{serving_role()}"',
        ]
    return RunSQL(forward, f"DROP FUNCTION {signature}")


def replaced(create: str, signature: str, *, serving: bool = False) -> RunSQL:
    """A function whose text has changed since an earlier migration made it. Going back leaves it as it is."""
    forward = function(create, signature, serving=serving).sql
    return RunSQL(forward, RunSQL.noop)


def append_only(table: str) -> RunSQL:
    """Rows may be added and read, never changed or removed, under the serving role."""
    role = serving_role()
    return RunSQL(
        f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{role}"', f'GRANT UPDATE, DELETE ON "{table}" TO "{role}"'
    )


def protect_columns(table: str, columns: tuple[str, ...]) -> RunSQL:
    """UPDATE of every other column only. A column added later needs a grant of its own."""
    role, protected = serving_role(), ", ".join(f"'{column}'" for column in columns)
    forward = f"""
    REVOKE UPDATE ON "{table}" FROM "{role}";
    DO $grant$ BEGIN EXECUTE (
        SELECT format('GRANT UPDATE (%s) ON {table} TO %I', string_agg(quote_ident(attname), ', '), '{role}')
        FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT IN ({protected})
    ); END $grant$
    """
    return RunSQL(forward, f'GRANT UPDATE ON "{table}" TO "{role}"')
