"""A dry run and the check of an uploaded file ask the table's rules of plain new rows, and say what the import would."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.datafiles import making
from coupons.models import Coupon
from tests.builders import make_coupon, make_organization
from tests.coupons.bad_files import CSV_FAULTS
from tests.datafiles import Desk

pytestmark = pytest.mark.django_db

TAKEN_CODE = "id,code,percent\n01234567-89ab-7def-8123-456789abcdef,taken,5\n,FREE,5\n"
TOO_LONG = f"code,percent\nA1,5\n{'L' * 65},5\nA3,5\n"


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk("coupons", make_organization(currency="CHF", timezone="Europe/Amsterdam"), tmp_path)


def everything(desk: Desk) -> tuple[int, int]:
    with tenant_scope(desk.organization.pk):
        return Coupon.objects.count(), AuditEntry.objects.count()


@pytest.mark.parametrize("content", [content for content, _ in CSV_FAULTS.values()], ids=CSV_FAULTS.keys())
def test_what_the_import_refuses_is_refused_in_the_same_words(desk, content):
    assert desk.refused(content, dry_run=True) == desk.refused(content)


def test_plain_rows_are_only_held_against_the_rules(desk):
    with CaptureQueriesContext(connection) as asked:
        printed = desk.put_in("code,percent\nA1,20\nA2,20\n", dry_run=True)

    assert printed == "2 coupons made, 0 changed; taken back, as it was a dry run."
    assert everything(desk) == (0, 0)
    statements = [query["sql"] for query in asked.captured_queries]
    assert any('INSERT INTO "pg_temp"."rehearsed_rows"' in statement for statement in statements)
    assert not any('INSERT INTO "coupons"' in statement or "audit_entries" in statement for statement in statements)


def test_a_rule_that_only_the_table_knows_is_asked(desk, monkeypatch):
    told = desk.refused(TOO_LONG, dry_run=True)

    assert told == desk.refused(TOO_LONG)
    assert [line.partition(":")[0] for line in told] == ["3"]
    without = making.AS_THE_TABLE.replace(" INCLUDING CONSTRAINTS", "")
    monkeypatch.setattr(making, "AS_THE_TABLE", without)
    assert desk.put_in(TOO_LONG, dry_run=True).startswith("3 coupons made")


def test_rows_that_bring_names_are_held_against_what_is_there(desk):
    taken = make_coupon(desk.organization, "TAKEN")
    for content in (TAKEN_CODE, f"code,percent,public_id\nA1,5,{taken.public_id}\n"):
        told = desk.refused(content, dry_run=True)

        assert told == desk.refused(content)
        assert "duplicate_" in told[0]


def test_new_rows_among_known_ones(desk):
    make_coupon(desk.organization, "B1", description="old")
    content = "code,percent,description\nB1,,new\nC1,5,\nC2,6,x\n"

    assert desk.put_in(content, dry_run=True) == "2 coupons made, 1 changed; taken back, as it was a dry run."
    assert everything(desk)[0] == 1
    assert desk.put_in(content) == "2 coupons made, 1 changed."


def test_several_portions_leave_nothing_behind(desk, monkeypatch):
    monkeypatch.setattr("bookingoffice.datafiles.importing.PORTION", 2)
    content = "code,percent\n" + "".join(f"N{number},5\n" for number in range(7))

    assert desk.put_in(content, dry_run=True).startswith("7 coupons made")
    assert everything(desk) == (0, 0)


def test_coupons_made_one_after_another_sort_so(desk):
    made = [make_coupon(desk.organization, f"C{number}").pk for number in range(30)]

    assert made == sorted(made)
    assert len({str(each)[-11:] for each in made}) == 30


def test_ids_that_one_statement_draws(desk):
    desk.put_in("code,percent\n" + "".join(f"N{number:04},5\n" for number in range(4_200)))

    with tenant_scope(desk.organization.pk):
        made = list(Coupon.objects.order_by("code").values_list("id", "public_id"))
    assert {each.version for each, _ in made} == {7}
    assert {each.variant for each, _ in made} == {"specified in RFC 4122"}
    assert [each for each, _ in made] == sorted(each for each, _ in made)
    assert len({str(each)[-11:] for each, _ in made}) == len(made) == len({public for _, public in made})
    assert all(re.fullmatch(r"cou_[0-9A-Za-z]{14}", public) for _, public in made)
