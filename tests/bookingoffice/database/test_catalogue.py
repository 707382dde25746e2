"""The rules of tenancy, held against the real catalogue; each is shown to notice a table that breaks it."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from bookingoffice.database.catalogue import RULES, offenders

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

OFFENCES = {
    "database.E001": "ALTER TABLE season_years ALTER organization_id DROP NOT NULL",
    "database.E002": "ALTER TABLE plans ADD CONSTRAINT odd UNIQUE (code)",
    "database.E003": "ALTER TABLE plans ADD CONSTRAINT odd FOREIGN KEY (organization_id, product_id)"
    " REFERENCES products (organization_id, id) ON DELETE SET NULL",
    "database.E004": "CREATE TABLE odd (o uuid, p uuid, FOREIGN KEY (o, p) REFERENCES products (organization_id, id))",
    "database.E005": "CREATE INDEX odd ON plans (code)",
    "database.E006": "CREATE RULE odd AS ON INSERT TO plans DO NOTHING",
    "database.E007": "ALTER TABLE plans ADD odd serial",
    "database.E008": "ALTER TABLE plans NO FORCE ROW LEVEL SECURITY",
    "database.E009": "CREATE FUNCTION odd() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
}


def test_our_own_catalogue_breaks_no_rule():
    assert {rule.id: found for rule in RULES if (found := offenders(rule))} == {}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.id in OFFENCES], ids=lambda rule: rule.id)
def test_a_broken_rule_is_noticed(rule):
    with transaction.atomic(using="owner"):
        if rule.id == "database.E001":
            connections["owner"].cursor().execute("ALTER TABLE season_years DROP CONSTRAINT season_years_pkey")
            connections["owner"].cursor().execute(
                "ALTER TABLE season_years DROP CONSTRAINT season_years_organization_id_season_id_year_key"
            )
        connections["owner"].cursor().execute(OFFENCES[rule.id])
        assert offenders(rule, using="owner") != []
        transaction.set_rollback(True, using="owner")


def test_a_role_that_owns_tables_may_not_serve():
    [rule] = [rule for rule in RULES if rule.id == "database.E010"]

    assert "coupons" in offenders(rule, using="owner")


def test_the_command_looks_at_the_database():
    call_command("check")
