"""Coupons in files: what comes back is what went out, and every bad row is told by line and column with nothing written."""

from __future__ import annotations

import io
import json
import os
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError
from psycopg.errors import UndefinedColumn

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7
from coupons import services
from coupons.files import CouponSheet
from coupons.models import Coupon, CouponPlan, CouponProduct, CouponService
from tests.builders import (
    NOON,
    TESTER,
    make_booking,
    make_coupon,
    make_organization,
    make_plan,
    make_product,
    make_service,
    make_use,
)
from tests.coupons.bad_files import CSV_FAULTS, JSON_FAULTS
from tests.datafiles import Desk

pytestmark = pytest.mark.django_db
VARIANTS = {"type": "absolute", "restrictions": [], "value": [{"value": 10}, {"value": Decimal("25.50")}]}


@pytest.fixture
def desk(tmp_path) -> Desk:
    organization = make_organization(currency="EUR", timezone="Europe/Amsterdam")
    return Desk("coupons", organization, tmp_path)


def kept(desk: Desk, code: str) -> Any:
    with tenant_scope(desk.organization.pk):
        return Coupon.objects.get(code=code)


def codes(desk: Desk) -> list[str]:
    with tenant_scope(desk.organization.pk):
        return list(Coupon.objects.order_by("code").values_list("code", flat=True))


def copy_references(desk: Desk, rows: list[Any]) -> None:
    """The same product, service and plan in another organization, under the same ids."""
    with tenant_scope(desk.organization.pk):
        for row in rows:
            row.organization_id = desk.organization.pk
            row.save(force_insert=True)


def one_of_every_kind(desk: Desk) -> list[Any]:
    organization = desk.organization
    product, service, plan = make_product(organization), make_service(organization), make_plan(organization)
    make_coupon(organization, "PLAIN")
    make_coupon(organization, "zwölf, “halb”\u2014½", kind="percent", percent=Decimal("12.5"), description="")
    make_coupon(organization, 'say "hi"', kind="amount", amount_minor=1250, currency="EUR", description="two\nlines")
    make_coupon(organization, "=1+1", name="'=HYPERLINK(x)", description="@\ttab\rreturn\x01_x0041_ 'quoted'")
    make_coupon(organization, "+31", name="'", description="'", metadata={"=": "-1"}, limit_currency="JPY")
    make_coupon(organization, "DINAR", kind="amount", amount_minor=1234, currency="KWD")
    make_coupon(organization, "YEN", kind="amount", amount_minor=3000, currency="JPY")
    make_coupon(organization, "VARIANTS", definition=VARIANTS)
    make_coupon(organization, "SPLIT", definition={"type": "split", "of": [1, Decimal("2.50")]}, metadata={"a": [None]})
    make_coupon(organization, "LIMITED", quota=40, max_per_customer=2, budget_minor=2**62, max_discount_minor=0,
        limit_currency="CHF", hot=True, repeat="limited", repeat_count=3, repeat_unit="months", priority=-4)  # fmt: skip
    make_coupon(organization, "STAY", min_nights=2, max_nights=14, stay_from=date(2027, 1, 1), season_ids=[uuid7()],
        stay_until=date(2027, 12, 31), blackout_dates=[date(2027, 12, 24), date(2027, 12, 25)],
        arrival_weekdays=[1, 5, 7], min_lead_days=1, max_lead_days=90, min_spend_minor=100)  # fmt: skip
    make_coupon(organization, "TIMED", valid_from=NOON, expires_at=datetime(2027, 8, 31, 22, tzinfo=UTC),
        expires_text="2027-08-31", scope="rent", stackable=False, auto_apply=True, invitee_mode="new_users",
        renewal_constraint="renewals", plan_scope="specific", code_generated=True)  # fmt: skip
    make_coupon(organization, "ARCHIVED", archived_at=NOON)
    make_coupon(organization, "GONE", deleted_at=NOON)
    make_coupon(organization, "gone", name="a second one")
    aimed = make_coupon(organization, "AIMED", scope="product")
    with tenant_scope(organization.pk):
        services.set_targets(organization, aimed.pk, "product", [product.pk], actor=TESTER, moment=NOON)
        services.set_targets(organization, aimed.pk, "plan", [plan.pk], actor=TESTER, moment=NOON)
        services.set_targets(organization, aimed.pk, "service", [], excluded=[service.pk], actor=TESTER, moment=NOON)
    return [product, service, plan]


def link_pairs(desk: Desk) -> list[set[tuple[Any, ...]]]:
    with tenant_scope(desk.organization.pk):
        return [
            set(CouponProduct.objects.values_list("coupon_id", "product_id", "excluded")),
            set(CouponService.objects.values_list("coupon_id", "service_id", "excluded")),
            set(CouponPlan.objects.values_list("coupon_id", "plan_id", "excluded")),
        ]


def everything(desk: Desk) -> list[dict[str, Any]]:
    """Every column of every coupon but the organization."""
    with tenant_scope(desk.organization.pk):
        return [
            {name: value for name, value in row.items() if name != "organization_id"}
            for row in Coupon.objects.order_by("id").values()
        ]


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_a_file_put_back_changes_nothing(desk, ending):
    one_of_every_kind(desk)
    rows, links = everything(desk), link_pairs(desk)
    first = desk.take_out(f"first.{ending}")

    assert desk.put_in(first, f"rows.{ending}") == "0 coupons made, 0 changed, 16 as they were."

    assert ending == "xlsx" or desk.take_out(f"second.{ending}") == first
    assert (everything(desk), link_pairs(desk)) == (rows, links)
    with tenant_scope(desk.organization.pk):
        assert set(AuditEntry.objects.values_list("action", flat=True)) == {"created"}


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_a_file_fills_an_empty_organization_with_the_same_coupons(desk, ending):
    owned = one_of_every_kind(desk)
    rows, links = everything(desk), link_pairs(desk)
    first = desk.take_out(f"first.{ending}")
    # The days and times of a workbook are by the clock of the house.
    clock = "Europe/Amsterdam" if ending == "xlsx" else "Asia/Tokyo"
    elsewhere = desk.of(make_organization("Elsewhere", currency="USD", timezone=clock))
    copy_references(elsewhere, owned)

    assert elsewhere.put_in(first, f"rows.{ending}") == "16 coupons made, 0 changed."

    assert ending == "xlsx" or elsewhere.take_out(f"second.{ending}") == first
    assert everything(elsewhere) == rows
    assert link_pairs(elsewhere) == links


def test_an_empty_organization_has_a_header_and_an_empty_array(desk):
    assert desk.take_out().startswith(b"id,code,name,")
    assert desk.take_out().count(b"\n") == 1
    assert json.loads(desk.take_out("out.json")) == []
    assert desk.put_in("[]", "rows.json") == desk.put_in("code\n") == "0 coupons made, 0 changed."


def test_a_short_file_makes_coupons_with_the_usual_rest(desk):
    printed = desk.put_in("code,percent,amount_minor,quota,expires_at\nSUMMER,15,,40,2027-08-31\nTenner,,1000,,\n")

    assert printed == "2 coupons made, 0 changed."
    summer, tenner = kept(desk, "SUMMER"), kept(desk, "Tenner")
    assert (summer.kind, summer.percent, summer.quota, summer.name) == ("percent", 15, 40, "SUMMER")
    assert summer.expires_at == datetime(2027, 8, 31, 22, tzinfo=UTC)
    assert summer.definition == {"type": "relative", "value": -15, "restrictions": []}
    assert (tenner.kind, tenner.amount_minor, tenner.currency, tenner.stackable) == ("amount", 1000, "EUR", True)


def test_a_row_changes_the_coupon_of_its_code_in_any_spelling_and_nothing_else(desk):
    make_coupon(desk.organization, "Quiet-Week", description="for friends", quota=10)

    assert desk.put_in("code,quota\nQUIETWEEK,12\n") == "0 coupons made, 1 changed."

    coupon = kept(desk, "QUIETWEEK")
    assert (coupon.quota, coupon.description, coupon.percent) == (12, "for friends", 15)


def test_a_deleted_coupon_is_not_found_by_its_code(desk):
    gone = make_coupon(desk.organization, "SUMMER", deleted_at=NOON)

    assert desk.put_in("code,percent\nSUMMER,20\n") == "1 coupon made, 0 changed."

    with tenant_scope(desk.organization.pk):
        assert Coupon.objects.get(pk=gone.pk).percent == 15


def test_empty_is_null_and_quoted_empty_is_an_empty_text(desk):
    desk.put_in('code,percent,description\nA1,5,\nA2,5,""\n')

    assert (kept(desk, "A1").description, kept(desk, "A2").description) == (None, "")


def test_an_empty_cell_leaves_what_cannot_be_null(desk):
    make_coupon(desk.organization, "A1", stackable=False)

    desk.put_in("code,stackable,quota\nA1,,7\n")

    assert (kept(desk, "A1").stackable, kept(desk, "A1").quota) == (False, 7)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfcode,percent\r\nA1,5\r\n",
        b"code;percent\nA1;5\n",
        b"code\tpercent\nA1\t5",
        b"code,percent\n\nA1,5\n\n,\n",
        b'"code" ,"percent"\n"A1","5"\n'.replace(b'" ,', b'",'),
    ],
)
def test_csv_as_spreadsheets_save_it(desk, content):
    assert desk.put_in(content) == "1 coupon made, 0 changed."

    assert kept(desk, "A1").percent == 5


def test_json_takes_what_is_given_and_leaves_the_rest(desk):
    make_coupon(desk.organization, "A1", quota=3, description="x")
    rows = [{"code": "A1", "description": None}, {"code": "A2", "percent": 7.25, "arrival_weekdays": [1, 2]}]

    desk.put_in(json.dumps(rows, indent=2), "rows.json")

    assert (kept(desk, "A1").description, kept(desk, "A1").quota) == (None, 3)
    assert (kept(desk, "A2").percent, kept(desk, "A2").arrival_weekdays) == (Decimal("7.25"), [1, 2])


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(desk):
    make_coupon(desk.organization, "A1")

    printed = desk.put_in("code,percent\nA1,20\nA2,20\n", dry_run=True)

    assert printed == "1 coupon made, 1 changed; taken back, as it was a dry run."
    assert codes(desk) == ["A1"]
    assert kept(desk, "A1").percent == 15


@pytest.mark.parametrize(("content", "lines"), CSV_FAULTS.values(), ids=CSV_FAULTS.keys())
def test_every_bad_row_of_a_csv_file_is_told_and_nothing_written(desk, content, lines):
    assert desk.refused(content) == lines

    assert codes(desk) == []


@pytest.mark.parametrize(("content", "lines"), JSON_FAULTS.values(), ids=JSON_FAULTS.keys())
def test_every_bad_row_of_a_json_file_is_told_and_nothing_written(desk, content, lines):
    assert desk.refused(content, "rows.json") == lines

    assert codes(desk) == []


def test_json_may_be_wide_and_brackets_of_its_texts_are_none(desk):
    wide = {"lists": [[] for _ in range(300)], "text": '"[{\\' * 300}

    quoted = json.dumps(wide).replace('"', '""')
    desk.put_in(f'code,percent,metadata\nWIDE,5,"{quoted}"\n')

    assert kept(desk, "WIDE").metadata == wide


def test_good_rows_beside_bad_ones_are_not_kept_and_both_kinds_of_fault_are_told(desk):
    make_coupon(desk.organization, "TAKEN")
    content = f"id,code,percent\n,GOOD,5\n{uuid7()},taken,5\n,,5\nx,A1,5\n"

    assert desk.refused(content) == [
        "3: code: Another coupon has this code, in this or another spelling. [duplicate_code]",
        "4: code: A new coupon needs a code. [required]",
        "5: id: “x” is not an id (UUID). [not_a_uuid]",
    ]

    assert codes(desk) == ["TAKEN"]


def test_one_bad_row_among_thousands_is_found(desk):
    make_coupon(desk.organization, "TAKEN")
    rows = [f",A{number},5" for number in range(2_500)]
    rows[1_700] = f"{uuid7()},TAKEN,5"

    lines = desk.refused("id,code,percent\n" + "\n".join(rows))

    assert lines == ["1702: code: Another coupon has this code, in this or another spelling. [duplicate_code]"]


def test_only_so_many_faults_are_told(desk):
    content = "code,percent\n" + "A,x\n" * 50

    assert len(desk.refused(content, most_faults=7)) == 7


def test_an_id_named_twice_or_beside_its_code_is_a_fault(desk):
    coupon = make_coupon(desk.organization, "A1")
    content = f"id,code,quota\n{coupon.pk},,1\n{coupon.pk},,2\n,A1,3\n"

    assert desk.refused(content) == [
        "3: The same coupon stands on line 2. [duplicate_coupon]",
        "4: The same coupon stands on line 2. [duplicate_coupon]",
    ]


def test_a_quota_below_the_uses_is_refused(desk):
    coupon = make_coupon(desk.organization, "A1", quota=5)
    make_use(desk.organization, coupon)
    make_use(desk.organization, coupon)

    assert desk.refused("code,quota\nA1,1\nB1,7\n") == [
        "2: quota: A limit cannot be lower than the uses there are: 2. [quota_below_uses]",
        "3: kind: Give a percent, or an amount_minor, or a definition. [required]",
    ]

    assert kept(desk, "A1").quota == 5
    desk.put_in("code,quota\nA1,2\n")
    assert kept(desk, "A1").quota == 2


def test_a_redeemed_coupon_keeps_its_code_and_value(desk):
    coupon = make_coupon(desk.organization, "A1")
    make_use(desk.organization, coupon)
    row = f"{coupon.pk},A2,20,x"

    assert desk.refused(f"id,code,percent,description\n{row}\n") == [
        "2: code: A coupon that has been redeemed keeps this. [kept_once_redeemed]",
        "2: percent: A coupon that has been redeemed keeps this. [kept_once_redeemed]",
    ]

    desk.put_in("code,percent,description\nA1,15,still the same\n")
    assert kept(desk, "A1").description == "still the same"


def test_a_held_coupon_may_still_change(desk):
    coupon = make_coupon(desk.organization, "A1")
    booking = make_booking(desk.organization)
    with tenant_scope(desk.organization.pk):
        until = NOON + timedelta(days=1)
        services.reserve(desk.organization, coupon.pk, booking.pk, until=until, actor=TESTER, moment=NOON)

    desk.put_in("code,percent\nA1,20\n")

    assert kept(desk, "A1").percent == 20


def test_targets_that_are_not_there_are_named(desk):
    product, foreign = make_product(desk.organization), make_product(make_organization("Elsewhere"))
    both = f"{product.pk} {foreign.pk}"

    lines = desk.refused(f"code,percent,product_ids,excluded_product_ids\nA1,5,{both},{product.pk}\n")

    assert lines == [
        f"2: product_ids: The organization has no product {foreign.pk}. [product_not_found]",
        f"2: excluded_product_ids: The product {product.pk} is named twice, or is included and excluded at once. [target_twice]",
    ]
    assert codes(desk) == []


def test_targets_become_what_the_file_says_and_lists_not_given_stay(desk):
    one, two, three = (make_product(desk.organization) for _ in range(3))
    coupon = make_coupon(desk.organization, "A1")
    with tenant_scope(desk.organization.pk):
        services.set_targets(
            desk.organization, coupon.pk, "product", [one.pk], excluded=[three.pk], actor=TESTER, moment=NOON
        )

    desk.put_in(f"code,product_ids\nA1,{two.pk}\n")

    assert link_pairs(desk)[0] == {(coupon.pk, two.pk, False), (coupon.pk, three.pk, True)}
    desk.put_in("code,product_ids,excluded_product_ids\nA1,,\n")
    assert link_pairs(desk)[0] == set()


def test_columns_can_be_left_out(desk):
    content = f"code,percent,product_ids\nA1,5,{uuid7()}\n"

    assert desk.put_in(content, leave_out="product_ids") == "1 coupon made, 0 changed."

    with pytest.raises(CommandError, match="was “product_ids” meant"):
        desk.put_in(content, leave_out="product_id")


def test_the_text_of_a_deadline_goes_when_the_deadline_moves(desk):
    make_coupon(desk.organization, "A1", expires_at=datetime(2027, 8, 31, 22, tzinfo=UTC), expires_text="2027-08-31")

    desk.put_in("code,expires_at,expires_text\nA1,2027-09-30,2027-08-31\n")

    assert kept(desk, "A1").expires_at == datetime(2027, 9, 30, 22, tzinfo=UTC)
    assert kept(desk, "A1").expires_text is None


def test_an_amount_of_a_coupon_that_is_there_needs_its_currency(desk):
    make_coupon(desk.organization, "A1", kind="amount", amount_minor=500, currency="CHF")

    [line] = desk.refused("code,amount_minor\nA1,700\n")

    assert line.startswith("2: currency: Say the currency beside the amount")
    desk.put_in("code,amount_minor,currency\nA1,700,CHF\n")
    assert kept(desk, "A1").definition["value"][0]["value"] == 7


def test_another_organizations_rows_are_neither_written_nor_read(desk):
    theirs = make_coupon(make_organization("Elsewhere"), "THEIRS")

    assert desk.put_in(f"id,code,percent\n{theirs.pk},MINE,5\n") == "1 coupon made, 0 changed."

    with tenant_scope(theirs.organization_id):
        assert Coupon.objects.get().code == "THEIRS"
    assert b"THEIRS" not in desk.take_out()


def test_the_format_must_be_known(desk):
    with pytest.raises(CommandError, match="say which it is"):
        desk.put_in("code,percent\nA1,5\n", "rows.txt")

    assert desk.put_in("code,percent\nA1,5\n", "rows.txt", format="csv") == "1 coupon made, 0 changed."


def test_a_file_that_cannot_be_read_or_written_is_a_sentence(desk):
    with pytest.raises(CommandError, match="No such file"):
        desk._call("import_coupons", desk.folder / "nowhere.csv")
    with pytest.raises(CommandError, match="No such file"):
        desk.take_out("nowhere/out.csv")


def test_a_pipe_is_read_and_written_as_it_is(desk):
    desk.put_in("code,percent\nA1,5\n")
    pipe, heard = desk.folder / "pipe.csv", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()), daemon=True)
    reader.start()
    desk._call("export_coupons", pipe)
    reader.join(10)

    assert heard == [desk.take_out()]
    assert pipe.is_fifo()

    writer = threading.Thread(target=pipe.write_bytes, args=heard, daemon=True)
    writer.start()
    desk._call("import_coupons", pipe, stdout=(printed := io.StringIO()))
    writer.join(10)

    assert printed.getvalue() == "0 coupons made, 0 changed, 1 as they were.\n"


def test_an_export_goes_where_a_link_leads_and_the_link_stays(desk):
    link = desk.folder / "link.csv"
    link.symlink_to(desk.folder / "kept.csv")

    desk.take_out("link.csv")

    assert link.is_symlink()
    assert (desk.folder / "kept.csv").read_bytes() == desk.take_out()


def test_an_export_that_fails_leaves_the_old_file(desk, monkeypatch):
    (desk.folder / "out.csv").write_text("old")
    monkeypatch.setattr(CouponSheet, "expressions", {"definition": "no_such_column"})

    with pytest.raises(UndefinedColumn):
        desk.take_out()

    assert (desk.folder / "out.csv").read_text() == "old"


def test_a_new_coupon_is_in_the_history_by_the_commands_name(desk):
    desk.put_in("code,percent\nA1,5\n")

    with tenant_scope(desk.organization.pk):
        entry = AuditEntry.objects.get(table_name="coupons")
    assert (entry.action, entry.actor_label) == ("created", "manage.py import_coupons")
