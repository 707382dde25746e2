"""Row-level security stands on the serving role having no way around it. Looked at before every start."""

from __future__ import annotations

from django.db import connections

OLDEST = 17


class UnfitDatabase(Exception):
    """The named server or role cannot carry the product. The sentence says what to change."""


def refuse_unfit_server() -> None:
    """The server's age, and what the serving role may do that it must not. Needs no table yet."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, rolname, rolsuper, rolbypassrls, rolcreaterole,"
            " pg_has_role(oid, %s, 'MEMBER') FROM pg_roles WHERE rolname = current_user",
            [connections["owner"].settings_dict["USER"]],
        )
        version, role, superuser, bypasses, makes_roles, owner = cursor.fetchone()
    if version < OLDEST:
        raise UnfitDatabase(f"The server is PostgreSQL {version}; {OLDEST} or newer is needed.")
    if superuser or bypasses or makes_roles:
        raise UnfitDatabase(
            f'The serving role "{role}" could bypass row-level security. '
            f'As a superuser: ALTER ROLE "{role}" NOSUPERUSER NOBYPASSRLS NOCREATEROLE;'
        )
    if owner:
        raise UnfitDatabase(
            f'The serving role "{role}" acts as the owner of the tables, whom no policy binds. '
            "Give DATABASE_URL and DATABASE_OWNER_URL two roles, neither a member of the other."
        )


def refuse_owned_tables() -> None:
    """After migrating: a table made under the serving role would be open to it across organizations."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT current_user, c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p', 'v', 'm') AND pg_has_role(current_user, c.relowner, 'MEMBER') ORDER BY 2 LIMIT 1"
        )
        found = cursor.fetchone()
    if found is not None:
        raise UnfitDatabase(f'The serving role "{found[0]}" owns the table "{found[1]}". Give it to the owner role.')
