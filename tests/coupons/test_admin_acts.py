"""What the list of coupons does with many of them: a page in between says what will change, and nothing else does."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from bookingoffice.audit.models import AuditEntry
from coupons import services
from coupons.admin.extending import later
from coupons.admin.filters import window
from coupons.models import Coupon, CouponProduct
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, make_desk
from tests.coupons.choosing import carry_out, previewed

pytestmark = pytest.mark.django_db

LIST = "coupons_coupon_changelist"
EXTENDED = datetime(2031, 1, 31, 22, 59, 59, tzinfo=UTC)
"""The end of 31 January by the clock of Amsterdam."""


def make_coupon(desk: Desk, code: str = "SUMMER", **values: Any) -> Coupon:
    coupon: Coupon = builders.make_coupon(desk.organization, code, **values)
    return coupon


def use(desk: Desk, coupon: Coupon) -> UUID:
    return builders.make_use(desk.organization, coupon, None, timezone.now())


def kept(desk: Desk) -> dict[str, Coupon]:
    with desk.scope():
        return {coupon.code: coupon for coupon in Coupon.objects.all()}


def soon() -> str:
    """Still in this month, by the clock of Amsterdam."""
    zone = ZoneInfo("Europe/Amsterdam")
    with timezone.override(zone):
        return (window("month", timezone.localtime())[1] - timedelta(seconds=1)).isoformat()


def test_nothing_is_written_before_it_was_looked_at():
    desk = make_desk()
    coupon = make_coupon(desk)

    page = desk.post(LIST, action="archive", _selected_action=[str(coupon.pk)])

    assert [(step.label, step.now, step.then) for step in page.context["steps"]] == [
        ("SUMMER", "Active", "Archived: not given any more; can be restored")
    ]
    assert kept(desk)["SUMMER"].archived_at is None


def test_all_that_the_list_was_narrowed_to_is_extended():
    desk = make_desk()
    for number in range(60):
        make_coupon(desk, f"SOON{number}", expires_at=soon(), expires_text="soon")
    make_coupon(desk, "NEVER")
    make_coupon(desk, "FAR", expires_at="2040-01-01T00:00:00Z")

    asked = desk.client.post(
        "/admin/coupons/coupon/?expiring=month", {"action": "extend", "_selected_action": "all", "select_across": "1"}
    )
    done = carry_out(desk, "coupon", "extend", query="?expiring=month", how="until", until="2031-01-31")

    assert "When shall they expire?" in asked.content.decode()
    assert "Extended: 60." in done.content.decode()
    coupons = kept(desk)
    assert {coupons[f"SOON{number}"].expires_at for number in range(60)} == {EXTENDED}
    assert coupons["SOON1"].expires_text is None
    assert (coupons["NEVER"].expires_at, coupons["FAR"].expires_at) == (None, datetime(2040, 1, 1, tzinfo=UTC))
    with desk.scope():
        entries = AuditEntry.objects.filter(table_name="coupons", action="changed", actor_id=str(desk.user.pk))
        assert entries.count() == 60


def test_each_moves_by_the_same_time_and_what_cannot_is_left_out():
    desk = make_desk()
    january = make_coupon(desk, "JANUARY", expires_at="2031-01-31T22:59:59Z")
    never = make_coupon(desk, "NEVER")
    gone = make_coupon(desk, "GONE", deleted_at="2020-01-01T00:00:00Z")
    act: Any = (desk, "coupon", "extend", january.pk, never.pk, gone.pk)
    options = {"how": "by", "number": "1", "unit": "months", "query": "?state=deleted"}

    page = previewed(desk, "coupon", "extend", january.pk, never.pk, **options | {"query": ""})
    carry_out(*act, **options)
    deleted_only = kept(desk)["JANUARY"].expires_at
    carry_out(desk, "coupon", "extend", january.pk, never.pk, **options | {"query": ""})

    assert [(one.label, one.why) for one in page.context["refused"]] == [("NEVER", "It never expires.")]
    assert deleted_only == EXTENDED
    assert kept(desk)["JANUARY"].expires_at == datetime(2031, 2, 28, 22, 59, 59, tzinfo=UTC)
    assert kept(desk)["NEVER"].expires_at is None


@pytest.mark.parametrize(
    ("number", "unit", "then"),
    [(1, "days", (2028, 2, 1)), (1, "weeks", (2028, 2, 7)), (1, "months", (2028, 2, 29)), (13, "months", (2029, 2, 28)),
     (2, "years", (2030, 1, 31))],
)  # fmt: skip
def test_later_is_by_the_calendar(number, unit, then):
    assert later(datetime(2028, 1, 31, 23, 59, 59), number, unit) == datetime.combine(date(*then), time(23, 59, 59))


@pytest.mark.parametrize(
    "options",
    [{}, {"how": "until"}, {"how": "until", "until": "2031-02-30"}, {"how": "by", "number": "0", "unit": "days"},
     {"how": "by", "number": "", "unit": "days"}, {"how": "by", "number": "1", "unit": "moons"},
     {"how": "until", "until": "9999-01-01"}],
)  # fmt: skip
def test_what_was_not_said_well_is_asked_again(options):
    desk = make_desk()
    coupon = make_coupon(desk, expires_at="2031-01-31T22:59:59Z")

    page = previewed(desk, "coupon", "extend", coupon.pk, **options)
    carry_out(desk, "coupon", "extend", coupon.pk, **options)

    assert page.context["form"].errors
    assert kept(desk)["SUMMER"].expires_at == EXTENDED


def test_an_expiry_before_the_beginning_is_left_out_and_a_sooner_one_is_warned_of():
    desk = make_desk()
    begins = make_coupon(desk, "BEGINS", valid_from="2032-06-01T00:00:00Z")
    long = make_coupon(desk, "LONG", expires_at="2035-01-01T00:00:00Z")

    page = previewed(desk, "coupon", "extend", begins.pk, long.pk, how="until", until="2031-01-31")

    [refused] = page.context["refused"]
    assert (refused.label, refused.why[:20]) == ("BEGINS", "It begins only on 1 ")
    assert "1 of them would expire sooner" in page.context["plan"].note


def test_what_changed_between_looking_and_confirming_is_shown_again():
    desk = make_desk()
    make_coupon(desk, "ONE")
    seen = previewed(desk, "coupon", "archive").context["plan"].seal
    sent = {"action": "archive", "_selected_action": "all", "select_across": "1", "step": "confirm", "expected": seen}
    make_coupon(desk, "TWO")

    page = desk.client.post("/admin/coupons/coupon/", sent)

    assert "changed meanwhile" in page.content.decode()
    assert {coupon.archived_at for coupon in kept(desk).values()} == {None}


def test_what_was_confirmed_twice_is_done_once():
    desk = make_desk()
    coupon = make_coupon(desk, "ONE", expires_at="2031-01-31T22:59:59Z")
    how = {"how": "by", "number": "1", "unit": "months"}
    seen = previewed(desk, "coupon", "extend", coupon.pk, **how).context["plan"].seal
    sent = {"action": "extend", "_selected_action": str(coupon.pk), "step": "confirm", "expected": seen, **how}

    desk.client.post("/admin/coupons/coupon/", sent)
    again = desk.client.post("/admin/coupons/coupon/", sent)

    assert "changed meanwhile" in again.content.decode()
    assert kept(desk)["ONE"].expires_at == datetime(2031, 2, 28, 22, 59, 59, tzinfo=UTC)


def test_used_coupons_are_left_out_of_deletion_with_the_reason():
    desk = make_desk()
    used, unused = make_coupon(desk, "USED"), make_coupon(desk, "UNUSED", quota=3)
    use(desk, used)

    page = previewed(desk, "coupon", "delete_selected", used.pk, unused.pk)
    carry_out(desk, "coupon", "delete_selected", used.pk, unused.pk)

    [refused] = page.context["refused"]
    assert refused.label == "USED"
    assert "1 use, and its history has to stay" in refused.why
    assert set(kept(desk)) == {"USED"}


def test_archiving_and_restoring():
    desk = make_desk()
    coupon = make_coupon(desk)

    carry_out(desk, "coupon", "archive", coupon.pk)
    archived = kept(desk)["SUMMER"].archived_at
    again = previewed(desk, "coupon", "archive", coupon.pk)
    carry_out(desk, "coupon", "restore", coupon.pk)

    assert archived is not None
    assert again.context["refused"][0].why == "It is archived already."
    assert kept(desk)["SUMMER"].archived_at is None


def test_a_coupon_whose_code_is_taken_again_is_not_restored():
    desk = make_desk()
    gone = make_coupon(desk, deleted_at="2020-01-01T00:00:00Z")
    make_coupon(desk)

    page = previewed(desk, "coupon", "restore", gone.pk, query="?state=deleted")
    carry_out(desk, "coupon", "restore", gone.pk, query="?state=deleted")

    assert "Another coupon has this code already" in page.context["refused"][0].why
    with desk.scope():
        assert Coupon.objects.get(pk=gone.pk).deleted_at is not None


def test_of_two_deleted_coupons_with_one_code_one_comes_back():
    desk = make_desk()
    ids = [make_coupon(desk, "TWICE", deleted_at="2020-01-01T00:00:00Z").pk for _ in range(2)]

    carry_out(desk, "coupon", "restore", *ids, query="?state=deleted")

    with desk.scope():
        assert Coupon.objects.filter(deleted_at=None).count() == 1


def test_a_copy_gives_what_its_original_gives():
    desk = make_desk()
    product = builders.make_product(desk.organization)
    original = make_coupon(desk, kind="percent", percent="12.5", scope="product", quota=9, min_nights=3)
    with desk.scope():
        links = [{"coupon_id": original.pk, "product_id": product.pk}]
        services.add_targets(desk.organization, "product", links, **desk.act)
    use(desk, make_coupon(desk, "OTHER"))

    asked = desk.post(LIST, action="duplicate", _selected_action=[str(original.pk)])
    carry_out(desk, "coupon", "duplicate", original.pk, **{f"code-{original.pk}": "AUTUMN"})

    assert 'value="SUMMER-COPY"' in asked.content.decode()
    copy = kept(desk)["AUTUMN"]
    assert (copy.name, str(copy.percent), copy.quota, copy.min_nights) == ("AUTUMN", "12.5000", 9, 3)
    assert copy.scope == "product"
    assert copy.public_id != original.public_id
    with desk.scope():
        assert CouponProduct.objects.get(coupon_id=copy.pk).product_id == product.pk


@pytest.mark.parametrize(
    ("code", "why"),
    [("", "No code was given"), ("sum-mer", "is taken already"), ("  -", "A code"), ("A\u202eB", "code")],
)
def test_a_copy_needs_a_code_of_its_own(code, why):
    desk = make_desk()
    coupon = make_coupon(desk)

    page = previewed(desk, "coupon", "duplicate", coupon.pk, **{f"code-{coupon.pk}": code})
    carry_out(desk, "coupon", "duplicate", coupon.pk, **{f"code-{coupon.pk}": code})

    assert why in page.context["refused"][0].why
    assert set(kept(desk)) == {"SUMMER"}


def test_what_is_narrowed_to_is_exported():
    desk = make_desk()
    make_coupon(desk, "OLD", expires_at="2020-01-01T00:00:00Z")
    make_coupon(desk, "NEW")

    file = desk.client.post(
        "/admin/coupons/coupon/?state=expired&q=ol",
        {"action": "export_csv", "_selected_action": "x", "select_across": "1"},
    )

    rows = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode())))
    assert [row["code"] for row in rows] == ["OLD"]
    assert file.headers["Content-Disposition"].startswith('attachment; filename="coupons-')


@pytest.mark.parametrize("act", ["extend", "archive", "restore", "duplicate", "mark_as_deleted", "delete_selected"])
def test_who_may_only_look_changes_nothing_and_nobody_reaches_other_organizations(act):
    desk, other = make_desk("viewer"), make_desk()
    mine, theirs = make_coupon(desk, "MINE"), make_coupon(other, "THEIRS")
    how = {"how": "until", "until": "2031-01-31", f"code-{mine.pk}": "COPY"}
    seen = previewed(make_desk("owner", desk.organization), "coupon", act, mine.pk, **how)
    options = {**how, "step": "confirm", "expected": seen.context["plan"].seal}

    desk.post(LIST, action=act, _selected_action=[str(mine.pk)], **options)
    other.post(LIST, action=act, _selected_action=[str(mine.pk)], **options)

    coupon = kept(desk)["MINE"]
    assert (coupon.archived_at, coupon.deleted_at, coupon.expires_at) == (None, None, None)
    assert set(kept(desk)) == {"MINE"}
    assert set(kept(other)) == {theirs.code}
