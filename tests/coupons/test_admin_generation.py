"""The page that makes a batch of codes, and what a coupon's page says of its uses."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bookingoffice.accounts.models import Role
from coupons import services
from coupons.models import Coupon, CouponBatch
from tests.bookingoffice.accounts.desks import errors_of, make_desk
from tests.builders import make_booking

pytestmark = pytest.mark.django_db

ADD, CHANGE, LIST = "coupons_couponbatch_add", "coupons_couponbatch_change", "coupons_couponbatch_changelist"
FILLED = {"label": "Mailing", "count": "12", "prefix": "SPRING-", "pattern": "??####", "kind": "percent", "percent": "12.5",
          "currency": "EUR", "uses": "1", "quota": "9", "expires_at_0": "2027-06-30"}  # fmt: skip


def made(desk, **values):
    response = desk.post(ADD, **{**FILLED, **values})
    assert response.status_code == 302, errors_of(response)
    with desk.scope():
        return CouponBatch.objects.get()


def test_a_batch_is_made_and_its_codes_are_downloaded():
    desk = make_desk()

    batch = made(desk)

    assert (batch.label, batch.count, batch.quota) == ("Mailing", 12, 9)
    with desk.scope():
        coupons = list(Coupon.objects.filter(batch_id=batch.pk))
        assert len(coupons) == 12
        assert {(coupon.percent, coupon.quota, coupon.expires_at.isoformat()) for coupon in coupons} == {
            (12.5, 1, "2027-06-30T21:59:59+00:00")
        }
    page = desk.get(CHANGE, batch.pk).content.decode()
    address = reverse("admin:coupons_couponbatch_download", args=[batch.pk])
    assert address in page
    file = desk.client.get(address)
    codes = [line.split(",")[0] for line in b"".join(file.streaming_content).decode().splitlines()[1:]]
    assert sorted(codes) == sorted(coupon.code for coupon in coupons)
    assert file.headers["Content-Disposition"].startswith(f'attachment; filename="codes-{batch.pk}-')
    assert desk.get("coupons_coupon_generate_codes").headers["Location"] == reverse(f"admin:{ADD}")
    assert "0 of 9" in desk.get(LIST).content.decode()


def test_a_batch_of_one_code_is_told_as_one():
    desk = make_desk()

    batch = made(desk, count="1")

    assert "1 code is made. Download or print it here" in desk.get(CHANGE, batch.pk).content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"count": "0"}, "count"),
        ({"count": "9999999"}, "count"),
        ({"pattern": "##"}, "pattern"),
        ({"pattern": "ABC"}, "pattern"),
        ({"pattern": ""}, "pattern"),
        ({"percent": ""}, "percent"),
        ({"kind": "amount"}, "amount"),
        ({"kind": "amount", "amount": "1.234"}, "amount"),
        ({"uses": "-1"}, "uses"),
        ({"quota": "-1"}, "quota"),
    ],
)
def test_a_faulty_value_is_told_beside_its_field(values, field):
    desk = make_desk()

    response = desk.post(ADD, **{**FILLED, **values})

    assert list(errors_of(response)) == [field]
    with desk.scope():
        assert not CouponBatch.objects.exists()


def test_the_shared_limit_changes_but_never_below_the_uses():
    desk = make_desk()
    batch = made(desk)
    with desk.scope():
        for coupon in Coupon.objects.all()[:3]:
            services.redeem(desk.organization, coupon.pk, make_booking(desk.organization).pk, **desk.act)

    refused = desk.post(CHANGE, batch.pk, quota="2")
    assert list(errors_of(refused)) == ["quota"]
    assert desk.post(CHANGE, batch.pk, quota="3").status_code == 302
    with desk.scope():
        assert CouponBatch.objects.get().quota == 3


def test_who_may_only_look_makes_no_codes_and_nobody_sees_those_of_others():
    desk, other = make_desk(), make_desk()
    batch = made(desk)
    viewer = make_desk(Role.VIEWER, organization=desk.organization)

    assert viewer.get(LIST).status_code == 200
    assert viewer.post(ADD, **FILLED).status_code == 403
    assert other.get("coupons_couponbatch_download", batch.pk).status_code == 404
