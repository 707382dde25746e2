"""However many rows an organization has, each list asks the database as often."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingoffice.accounts.inviting import invite
from bookingoffice.records import uuid7
from bookingoffice.webhooks.models import Notification, Webhook
from coupons import services
from coupons.models import CouponBatch
from tests import builders
from tests.bookingoffice.accounts.desks import make_desk, make_user

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 5
"""So that no list, history included, goes over its first page: from there on one statement more counts it."""
NARROWED = (
    "coupons_coupon?uses=nearly",
    "coupons_coupon?state=exhausted",
    "coupons_couponuse?q=one",
    "audit_auditentry?q=one",
)

ALONE = "accounts_organization"
"""No list: it leads to the one organization there is."""


@pytest.fixture
def desk():
    """A superuser, who sees every list there is."""
    return make_desk(user=make_user(is_superuser=True))


def furnish(desk, numbers):
    """Rows of every list, each different from the others where a list shows what it refers to."""
    organization = desk.organization
    for number in numbers:
        product = builders.make_product(organization, f"House {number}")
        builders.make_service(organization, f"Cleaning {number}")
        builders.make_plan(organization, f"plan-{number}")
        builders.make_season(organization, f"Season {number}")
        builders.make_key(organization, label=f"Key {number}")
        booking = builders.make_booking(
            organization, reference=f"B-{number}", customer_email=f"one{number}@example.com"
        )
        builders.make_line_item(booking, product_id=product.pk)
        hook(desk, number)
        spend(desk, number, product, booking)


def spend(desk, number, product, booking):
    with desk.scope():
        batch = CouponBatch.objects.create(organization=desk.organization, count=1, label=f"Mailing {number}")
        invite(desk.organization.pk, email=f"one{number}@example.com", role="viewer", **desk.act)
    coupon = builders.make_coupon(desk.organization, f"ONE{number}", quota=1, scope="product", batch_id=batch.pk)
    with desk.scope():
        pair = {"coupon_id": coupon.pk, "product_id": product.pk}
        services.add_targets(desk.organization, "product", [pair], **desk.act)
    builders.make_use(desk.organization, coupon, booking, moment=timezone.now())


def hook(desk, number):
    with desk.scope():
        made = Webhook.objects.create(
            organization=desk.organization, endpoint=f"https://example.com/{number}", events=["coupon.created"]
        )
        Notification.objects.create(
            organization=desk.organization,
            webhook=made,
            event_type="coupon.created",
            payload={},
            happened_at=timezone.now(),
            subject=uuid7(),
            cause=str(number),
        )


def asked(desk, page):
    name, _, query = page.partition("?")
    address = f"/admin/{name.replace('_', '/', 1)}/?{query}"
    desk.client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = desk.client.get(address)
    assert answer.status_code == 200, page
    return len(captured), len(answer.context["cl"].result_list)


def test_no_list_asks_more_where_there_is_more(desk):
    names = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    pages = [name for name in names if name != ALONE] + list(NARROWED)
    furnish(desk, range(FEW))
    few = {page: asked(desk, page) for page in pages}
    furnish(desk, range(FEW, MANY))
    many = {page: asked(desk, page) for page in pages}

    same = {page for page in pages if many[page][1] == few[page][1]}
    assert same <= {"accounts_member", "auth_user", "coupons_coupon?uses=nearly"}, "a list has got no longer"
    assert {page: number for page, (number, _) in many.items()} == {page: number for page, (number, _) in few.items()}
