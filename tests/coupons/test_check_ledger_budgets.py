"""`check_ledger` and budgets: past the door, as the owner, something was changed."""

from __future__ import annotations

from django.db import connections

from bookingoffice.database.scope import tenant_scope
from coupons.services.checking import drift, repair
from tests.builders import NOON, make_booking, make_coupon, make_line_item, make_organization, make_use


def test_check_ledger_finds_and_mends_a_wrong_budget(committed_db):
    organization = make_organization()
    booking = make_booking(organization)
    make_line_item(booking, 10000)
    make_use(organization, make_coupon(organization, budget_minor=5000), booking)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('bookingoffice.organization_id', %s, false)", [str(organization.pk)])
        cursor.execute("UPDATE coupon_budgets SET spent_minor = 4999, budget_minor = 4")

    with tenant_scope(organization.pk):
        wrong = drift(organization, NOON)
        repair(organization, wrong, NOON)

        assert sorted(one.what for one in wrong) == ["budget", "spent"]
        assert drift(organization, NOON) == []
