"""Days come and go as partitions, each guarded like the table itself."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connections

from bookingoffice.database.catalogue import RULES, offenders
from bookingoffice.database.scope import tenant_scope
from bookingoffice.request_log import partitions
from tests.builders import make_organization

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
TODAY = date(2027, 3, 1)


def test_a_week_ahead_is_made_once():
    assert partitions.make(TODAY) == [TODAY + timedelta(days=number) for number in range(8)]
    assert partitions.make(TODAY) == []


def test_only_what_is_past_keeping_is_dropped():
    partitions.make(TODAY)

    dropped = partitions.prune(TODAY + timedelta(days=33), keep_days=30)

    assert dropped == [TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
    assert partitions.existing() == [TODAY + timedelta(days=number) for number in range(3, 8)]


def test_a_partition_breaks_no_rule_of_tenancy_and_is_no_side_door():
    partitions.make(TODAY)

    assert {
        rule.id: found for rule in RULES if (found := offenders(rule, using="owner")) and rule.id != "database.E010"
    } == {}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('bookingoffice', %s, 'SELECT')", [partitions.partition_of(TODAY)])
        assert cursor.fetchone() == (False,)


def test_a_partition_without_a_policy_is_noticed():
    partitions.make(TODAY)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {partitions.partition_of(TODAY)} NO FORCE ROW LEVEL SECURITY")

    [rule] = [rule for rule in RULES if rule.id == "database.E008"]
    assert offenders(rule, using="owner") == [partitions.partition_of(TODAY)]


def test_the_serving_role_may_add_and_read_but_not_change():
    organization = make_organization()
    with pytest.raises(ProgrammingError, match="permission denied"), tenant_scope(organization.pk):
        connections["default"].cursor().execute(
            "DELETE FROM api_requests WHERE organization_id = %s", [organization.pk]
        )


def test_the_command_says_what_it_did():
    out = StringIO()

    call_command("prune_requests", stdout=out)

    assert out.getvalue() == "8 days made, 0 dropped, 8 there.\n"


@pytest.mark.parametrize("days", ["-5", "800000"])
def test_days_that_have_not_been_are_never_dropped(days):
    with pytest.raises(CommandError, match="is not a whole number from 0 to"):
        call_command("prune_requests", f"--keep-days={days}")

    assert partitions.existing() == []
