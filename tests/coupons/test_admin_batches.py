"""The page of a batch: what came of it, its cards and its QR codes."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coupons.models import Coupon
from coupons.services.generation import Wanted, generate_coupons
from coupons.standing import batch_uses
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, make_desk

pytestmark = pytest.mark.django_db

LIST, CHANGE, PRINT, QR = (f"coupons_couponbatch_{page}" for page in ("changelist", "change", "print", "qr"))


def make_batch(desk: Desk, count: int = 3, **values: Any) -> Any:
    template = {"kind": "percent", "percent": 10, "quota": 1, "expires_at": "2031-01-31T22:59:59Z"}
    with desk.scope():
        return generate_coupons(desk.organization, Wanted(count=count, template=template, **values), **desk.act)


def coupons_of(desk: Desk, batch_id: Any) -> list[Coupon]:
    with desk.scope():
        return list(Coupon.objects.filter(batch_id=batch_id).order_by("id"))


def use(desk: Desk, coupon: Coupon) -> None:
    booking = builders.make_booking(desk.organization, customer_id="7")
    builders.make_line_item(booking, 20000)
    builders.make_use(desk.organization, coupon, booking, timezone.now())


def test_the_page_tells_what_came_of_the_batch():
    desk = make_desk()
    batch_id = make_batch(desk, quota=2, label="Mailing")
    use(desk, coupons_of(desk, batch_id)[0])

    text = desk.get(CHANGE, batch_id).content.decode()

    assert "1 of 3 codes were used." in text
    assert 'aria-label="1 of 2, 1 left"' in text
    assert "20.00\N{NO-BREAK SPACE}EUR" in text
    assert f"?batch={batch_id}" in text


def test_the_list_counts_the_uses_of_each_batch_in_the_same_queries():
    desk = make_desk()
    limited, free = make_batch(desk, quota=5), make_batch(desk)
    for batch_id in (limited, free):
        use(desk, coupons_of(desk, batch_id)[0])
    desk.get(LIST)
    few = queries(desk, LIST), queries(desk, PRINT, limited)
    for number in range(12):
        use(desk, coupons_of(desk, make_batch(desk, quota=number % 2 or None))[0])
    long = make_batch(desk, 40)

    with desk.scope():
        counted = batch_uses(desk.organization.pk, [limited, free], timezone.now())
    assert counted == {limited: 1, free: 1}
    assert (queries(desk, LIST), queries(desk, PRINT, long)) == few
    assert "1 use, no limit" in desk.get(LIST).content.decode()


def queries(desk: Desk, page: str, *args: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(page, *args).status_code == 200
    return len(captured)


def test_a_card_has_code_picture_sentence_and_expiry_in_the_language_that_was_asked():
    desk = make_desk()
    batch_id = make_batch(desk)
    codes = [coupon.code for coupon in coupons_of(desk, batch_id)]

    page = desk.get(PRINT, batch_id)
    dutch = desk.get(PRINT, batch_id, language="nl", address="https://example.com/{code}")
    wrong = desk.get(PRINT, batch_id, address="example")

    assert [card.code for card in page.context["cards"]] == codes
    assert "10\N{NO-BREAK SPACE}% off the whole booking" in page.context["cards"][0].sentence
    assert page.context["cards"][0].expiry == "Valid until 31 Jan 2031"
    assert page.content.decode().count("<svg") == 3
    assert dutch.context["language"] == "nl"
    assert dutch.context["cards"][0].picture != page.context["cards"][0].picture
    assert "Give a web address" in wrong.content.decode()


def test_a_card_that_ends_at_midnight_promises_no_day_more():
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, expires_at="2027-05-01T00:00:00+02:00")

    [card] = desk.get("coupons_coupon_print", coupon.pk).context["cards"]

    assert card.expiry == "Valid until 1 May 2027, 00:00"
    assert "valid until 1 May 2027, 00:00" in card.sentence


def test_deleted_codes_are_not_printed():
    desk = make_desk()
    batch_id = make_batch(desk)
    first = coupons_of(desk, batch_id)[0]
    with desk.scope():
        Coupon.objects.of(desk.organization.pk).filter(pk=first.pk).update(deleted_at=timezone.now())

    assert len(desk.get(PRINT, batch_id).context["cards"]) == 2


def test_qr_codes_come_as_files():
    desk = make_desk()
    batch_id = make_batch(desk)
    codes = {coupon.code for coupon in coupons_of(desk, batch_id)}

    archive = zipfile.ZipFile(io.BytesIO(b"".join(desk.get(QR, batch_id).streaming_content)))
    rest = zipfile.ZipFile(io.BytesIO(b"".join(desk.get(QR, batch_id, **{"from": "2"}).streaming_content)))

    assert {name[7:-4] for name in archive.namelist()} == codes
    assert [name[:6] for name in rest.namelist()] == ["000002", "000003"]
    assert archive.read(archive.namelist()[0]).startswith(b"<?xml")


def test_one_coupon_has_a_card_and_a_picture():
    desk = make_desk("viewer")
    coupon = builders.make_coupon(desk.organization, "SUMMER")

    page = desk.get("coupons_coupon_print", coupon.pk)
    picture = desk.get("coupons_coupon_qr", coupon.pk)

    assert [card.code for card in page.context["cards"]] == ["SUMMER"]
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert desk.get("coupons_coupon_print_card", coupon.pk).headers["Location"].endswith(f"{coupon.pk}/print/")


@pytest.mark.parametrize("page", [PRINT, QR, "coupons_coupon_print", "coupons_coupon_qr"])
def test_other_organizations_codes_are_not_there(page):
    desk, other = make_desk(), make_desk()
    batch_id = make_batch(other)
    key = (
        coupons_of(other, batch_id)[0].pk if "coupon_coupon" in page or page.startswith("coupons_coupon_") else batch_id
    )

    assert desk.get(page, key).status_code == 404
    assert other.get(page, key).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999", "²"])
def test_an_odd_beginning_is_the_first_or_nothing(number):
    desk = make_desk()
    batch_id = make_batch(desk, 1)

    assert desk.get(PRINT, batch_id, **{"from": number}).status_code == 200
    assert desk.get(PRINT, batch_id, **{"from": "5"}).context["cards"] == []


@pytest.mark.parametrize(
    "page", ["couponbatch/x/download", "couponbatch/x/print_cards", "coupon/x/print_card", "couponuse/x/release_one"]
)
@pytest.mark.parametrize("key", ["abc", "a/b", "00000000-0000-7000-8000-000000000000"])
def test_an_address_that_was_made_up_leads_nowhere(page: str, key: str):
    assert make_desk().client.get(f"/admin/coupons/{page.replace('x', key)}/").status_code == 404
