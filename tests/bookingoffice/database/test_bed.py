"""The test bed itself: whose hands the tests work with, and that nothing of one test reaches the next."""

from __future__ import annotations

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections
from django.db.utils import ProgrammingError

from tests import databases


@pytest.mark.django_db
def test_tests_work_as_the_serving_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("bookingoffice", False, False)


@pytest.mark.django_db
def test_the_serving_role_changes_no_table() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.mine (x int)")


def test_commits_are_seen_by_others_and_cleared_away(committed_db: None, kept_tables: frozenset[str]) -> None:
    Group.objects.create(name="night shift")
    owner = connections["owner"].settings_dict
    with psycopg.connect(host=owner["HOST"], user=owner["USER"], dbname=owner["NAME"]) as other:
        assert other.execute("SELECT count(*) FROM auth_group").fetchone() == (1,)

    databases.clear(keep=kept_tables)

    assert not Group.objects.exists()


def test_what_migrations_filled_is_kept(committed_db: None, kept_tables: frozenset[str]) -> None:
    assert {"django_migrations", "django_content_type", "auth_permission"} <= kept_tables
