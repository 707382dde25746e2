"""No role may serve that has a way around row-level security."""

from __future__ import annotations

from contextlib import closing

import pytest
from django.db import connections

from bookingoffice.database import roles
from bookingoffice.database.backend.base import DatabaseWrapper
from tests import databases
from tests.cluster import EXTERNAL


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_roles_of_the_embedded_server_are_fit() -> None:
    roles.refuse_unfit_server()
    roles.refuse_owned_tables()


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_may_not_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "connections", {"default": connections["owner"], "owner": connections["owner"]})

    with pytest.raises(roles.UnfitDatabase, match="acts as the owner"):
        roles.refuse_unfit_server()


@pytest.mark.parametrize("power", ["BYPASSRLS", "CREATEROLE", "SUPERUSER"])
def test_a_role_that_can_bypass_may_not_serve(committed_db: None, power: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if EXTERNAL:
        pytest.skip("a given server may not let us make a superuser")
    role = f"{databases.worker_database()}_{power.lower()}"
    with closing(databases.administrator()) as administrator:
        administrator.execute(f"CREATE ROLE {role} LOGIN {power}")
        administrator.execute(f"GRANT CONNECT ON DATABASE {databases.worker_database()} TO {role}")
        served = DatabaseWrapper({**connections["default"].settings_dict, "USER": role}, "default")
        monkeypatch.setattr(roles, "connections", {"default": served, "owner": connections["owner"]})
        try:
            with pytest.raises(roles.UnfitDatabase, match="could bypass row-level security"):
                roles.refuse_unfit_server()
        finally:
            served.close()
            administrator.execute(f"DROP OWNED BY {role}")
            administrator.execute(f"REVOKE ALL ON DATABASE {databases.worker_database()} FROM {role}")
            administrator.execute(f"DROP ROLE {role}")


def test_a_table_of_the_serving_role_is_refused(committed_db: None) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE stray (x int)")
        cursor.execute("GRANT CREATE ON SCHEMA public TO bookingoffice")
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE mine (x int)")
        with pytest.raises(roles.UnfitDatabase, match='owns the table "mine"'):
            roles.refuse_owned_tables()
    finally:
        with connections["default"].cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS mine")
        with connections["owner"].cursor() as cursor:
            cursor.execute("REVOKE CREATE ON SCHEMA public FROM bookingoffice")
            cursor.execute("DROP TABLE stray")
