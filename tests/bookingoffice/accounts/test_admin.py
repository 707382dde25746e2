"""Every page of the admin: who gets in, which organization they are in, what their role allows."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookingoffice.accounts.desk import organization_of
from bookingoffice.accounts.inviting import invite
from bookingoffice.accounts.middleware import StaffOrganization
from bookingoffice.accounts.models import Member
from bookingoffice.audit.actors import Actor
from bookingoffice.database.scope import current_organization_id, tenant_scope
from bookingoffice.references.models import Product
from tests import builders
from tests.bookingoffice.accounts.desks import PASSWORD, errors_of, make_desk, make_user

pytestmark = pytest.mark.django_db

OWNER_PAGES = ("accounts_member", "accounts_invitation", "accounts_apikey")
EDITED = (
    "coupons_coupon",
    "coupons_couponuse",
    "seasons_season",
    "references_booking",
    "references_product",
    "references_service",
    "references_plan",
)
ALL_PAGES = (*EDITED, *OWNER_PAGES, "audit_auditentry", "coupons_couponbatch")
WEBHOOK_PAGES = ("webhooks_webhook", "webhooks_notification")
"""Tried where webhooks are."""


def fill(organization):
    coupon = builders.make_coupon(organization, "ONE")
    booking = builders.make_booking(organization, reference="B-1")
    builders.make_line_item(booking)
    return {
        "coupons_coupon": coupon.pk,
        "coupons_couponuse": builders.make_use(organization, coupon, booking),
        "seasons_season": builders.make_season(organization).pk,
        "references_booking": booking.pk,
        "references_product": builders.make_product(organization).pk,
        "references_service": builders.make_service(organization).pk,
        "references_plan": builders.make_plan(organization).pk,
    }


def test_every_table_with_a_page_is_tried_here():
    registered = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}

    assert registered == {*ALL_PAGES, *WEBHOOK_PAGES, "accounts_organization", "auth_user"}


def test_a_member_logs_in_and_lands_in_their_organization():
    organization = builders.make_organization("Lakeside")
    user = make_user(username="mia")
    make_desk("viewer", organization, user)
    browser = Client()

    response = browser.post("/admin/login/?next=/admin/", {"username": "mia", "password": PASSWORD}, follow=True)

    assert response.status_code == 200
    assert "Lakeside" in response.content.decode()


def test_who_is_not_on_the_staff_does_not_get_in():
    user = User.objects.create_user("guest", password=PASSWORD)
    desk = make_desk("owner", user=user)

    assert desk.get("index").status_code == 302


def test_staff_of_no_organization_see_a_kind_page_and_can_leave():
    browser = Client()
    browser.force_login(make_user())

    page = browser.get("/admin/coupons/coupon/")

    assert page.status_code == 403
    assert "nobody has made you a member" in page.content.decode()
    assert browser.get("/admin/password_change/").status_code == 200
    assert browser.post("/admin/logout/").status_code == 200


def test_a_member_who_was_removed_is_out_at_once():
    desk = make_desk("editor")
    with desk.scope():
        Member.objects.all()._raw_delete("default")

    assert desk.get("coupons_coupon_changelist").status_code == 403


@pytest.mark.parametrize("role", ["owner", "editor", "viewer"])
def test_every_page_answers_by_role(role):
    desk = make_desk(role)
    rows = fill(desk.organization)

    assert desk.get("index").status_code == 200
    for page in ALL_PAGES:
        expected = 403 if page in OWNER_PAGES and role != "owner" else 200
        assert desk.get(f"{page}_changelist").status_code == expected, page
    for page, key in rows.items():
        assert desk.get(f"{page}_change", key).status_code == 200, page
        assert desk.get(f"{page}_history", key).status_code == 200, page
        assert desk.get(f"{page}_add").status_code == (403 if role == "viewer" else 200), page
    assert desk.get("accounts_organization_changelist").status_code == 302
    assert desk.get("accounts_organization_change", desk.organization.pk).status_code == 200
    assert desk.get("auth_user_changelist").status_code == 403
    assert desk.get("audit_auditentry_add").status_code == 403


def test_a_superuser_is_an_owner_everywhere():
    organization = builders.make_organization("Lakeside")
    browser = Client()
    browser.force_login(User.objects.create_superuser("root", password=PASSWORD))

    for page in (*ALL_PAGES, "auth_user"):
        assert browser.get(reverse(f"admin:{page}_changelist")).status_code == 200
    assert browser.get(reverse("admin:auth_user_add")).status_code == 200
    for page in ("change", "history"):
        assert browser.get(reverse(f"admin:auth_user_{page}", args=[User.objects.get().pk])).status_code == 200
    assert browser.get(reverse("admin:auth_user_password_change", args=[User.objects.get().pk])).status_code == 200
    assert browser.get(reverse("admin:accounts_organization_change", args=[organization.pk])).status_code == 200


def test_another_organizations_rows_are_not_there():
    desk, rows = make_desk(), fill(builders.make_organization("Elsewhere"))

    for page, key in rows.items():
        assert desk.get(f"{page}_change", key).status_code == 302, page
        assert desk.get(f"{page}_history", key).status_code == 302, page
        assert not desk.get(f"{page}_changelist").context["cl"].result_list, page
    for name in ("coupon", "booking"):
        query = {"app_label": "coupons", "model_name": "couponuse", "field_name": name}
        assert desk.get("autocomplete", **query).json()["results"] == []


def test_staff_of_two_organizations_switch_between_them():
    user = make_user()
    first, second = builders.make_organization("First"), builders.make_organization("Second")
    desk = make_desk("viewer", first, user)
    make_desk("owner", second, user)
    builders.make_product(second, "Only there")

    before = desk.get("references_product_changelist")
    switched = desk.client.post("/admin/organization/", {"organization": str(second.pk)})
    after = desk.get("references_product_changelist")

    assert not before.context["cl"].result_list
    assert switched.status_code == 302
    assert [str(product) for product in after.context["cl"].result_list] == ["Only there"]
    assert desk.get("references_product_add").status_code == 200


def test_nobody_switches_to_where_they_do_not_work():
    user, foreign = make_user(), builders.make_organization("Foreign")
    make_desk(user=user)
    desk = make_desk(user=user)
    desk.client.post("/admin/organization/", {"organization": str(desk.organization.pk)})

    desk.client.post("/admin/organization/", {"organization": str(foreign.pk)})

    assert desk.get("index").wsgi_request.organization == desk.organization
    assert desk.client.get("/admin/organization/").status_code == 405


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (302, 1), (403, 1), (500, 0), (503, 0)])
def test_an_answer_of_500_and_above_leaves_nothing_behind(status, kept):
    desk = make_desk()

    def page(request):
        builders.make_product(organization_of(request))
        return HttpResponse(status=status)

    StaffOrganization(page)(request_of(desk, "/admin/"))

    with desk.scope():
        assert Product.objects.count() == kept


def test_a_page_of_the_api_gets_no_organization_from_a_session():
    desk = make_desk()

    seen = []

    def page(request):
        seen.append(current_organization_id())
        return HttpResponse()

    StaffOrganization(page)(request_of(desk, "/v1/coupons"))
    StaffOrganization(page)(request_of(desk, "/admin/"))

    assert seen == [None, desk.organization.pk]


def request_of(desk, path):
    request = RequestFactory().get(path)
    request.user, request.session = desk.user, SessionBase()
    return request


def test_what_people_type_is_shown_as_text():
    desk = make_desk()
    nasty = "<script>alert(1)</script>"
    coupon = builders.make_coupon(desk.organization, "<script>A</script>", name=nasty, description=nasty)
    product = builders.make_product(desk.organization, nasty)
    builders.make_plan(desk.organization, product=product)
    builders.make_season(desk.organization, nasty)

    pages = [desk.get(f"{page}_changelist") for page in ALL_PAGES]
    pages += [desk.get("coupons_coupon_change", coupon.pk), desk.get("coupons_coupon_history", coupon.pk)]
    pages += [desk.get("coupons_coupon_delete", coupon.pk), desk.get("references_product_change", product.pk)]
    pages += [desk.client.post(f"/admin/references/product/{product.pk}/delete/", {"post": "yes"}, follow=True)]

    for page in pages:
        assert "<script>a" not in page.content.decode().lower()


def test_a_nul_character_in_an_address_is_a_bad_request():
    assert make_desk().client.get("/admin/coupons/coupon/?q=%00").status_code == 400
    assert make_desk().client.get("/admin/coupons/coupon/?kind__exact=%00").status_code == 400


@pytest.mark.parametrize("query", ["kind__exact=nonsense", "state=nonsense", "p=99999", "o=99", "nothing=1", "all="])
def test_a_strange_query_is_no_error(query):
    desk = make_desk()

    assert desk.client.get(f"/admin/coupons/coupon/?{query}").status_code in (200, 302)
    assert desk.client.get("/admin/coupons/coupon/not-an-id/change/").status_code == 302
    assert desk.client.get("/admin/references/product/not-an-id/change/?_to_field=").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "references/booking/?method=fax",
        "references/product/?rent_period__exact=weekly",
        "accounts/member/?role__in=king,owner",
    ],
)
def test_a_label_that_no_type_has_narrows_nothing(address):
    desk = make_desk()

    answer = desk.client.get(f"/admin/{address}")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/admin/{address.partition('?')[0]}?e=1")
    assert desk.client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(("page", "column"), [("references_service", "parent"), ("references_plan", "product")])
def test_what_is_no_key_chooses_no_row(page, column):
    desk = make_desk()

    proposed = desk.get(f"{page}_add", **{column: "abc"})
    sent = desk.post(f"{page}_add", label="x", name="x", code="x", type="x", order="0", **{column: "abc"})

    assert proposed.status_code == 200
    assert list(errors_of(sent)) == [column]


@pytest.mark.parametrize(
    ("moment", "zone"), [("9999-12-31T23:59:59Z", "Pacific/Auckland"), ("0001-01-01T00:00:00Z", "America/New_York")]
)
def test_the_ends_of_the_calendar_are_shown_by_any_clock(moment, zone):
    desk = make_desk(organization=builders.make_organization(timezone=zone))
    coupon = builders.make_coupon(desk.organization, expires_at=moment)
    booking = builders.make_booking(desk.organization, confirmed_at=moment)
    builders.make_key(desk.organization, expires_at=moment)

    for page in ("coupons_coupon", "references_booking", "accounts_apikey"):
        assert desk.get(f"{page}_changelist").status_code == 200, page
    assert desk.get("coupons_coupon_change", coupon.pk).status_code == 200
    assert desk.get("coupons_coupon_print", coupon.pk).status_code == 200
    assert desk.get("references_booking_change", booking.pk).status_code == 200
    assert desk.get("coupons_coupon_files_export", **{"as": "xlsx"}).status_code == 200


def test_no_list_runs_a_query_per_row():
    desk = make_desk()
    fill(desk.organization)
    few = {page: _queries(desk, f"{page}_changelist") for page in ALL_PAGES}
    for number in range(5):
        fill_more(desk.organization, number)

    assert {page: _queries(desk, f"{page}_changelist") for page in ALL_PAGES} == few


def fill_more(organization, number):
    coupon = builders.make_coupon(organization, f"MORE{number}")
    booking = builders.make_booking(organization, reference=f"B-{number}")
    builders.make_line_item(booking)
    builders.make_use(organization, coupon, booking)
    builders.make_season(organization)
    product = builders.make_product(organization)
    builders.make_service(organization, parent=builders.make_service(organization))
    builders.make_plan(organization, product=product)
    make_desk("viewer", organization)
    builders.make_key(organization)
    with tenant_scope(organization.pk):
        invite(
            organization.pk,
            email=f"person{number}@example.com",
            role="viewer",
            actor=Actor.command("test"),
            moment=timezone.now(),
        )


def _queries(desk, page):
    desk.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(page).status_code == 200
    return len(captured)


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_the_page_of_a_booking_runs_no_query_per_line(role):
    desk = make_desk(role)
    booking = builders.make_booking(desk.organization)
    product, service = builders.make_product(desk.organization), builders.make_service(desk.organization)
    builders.make_line_item(booking, product=product)
    few = _page_queries(desk, booking)
    for _ in range(8):
        builders.make_line_item(booking, product=product, service=service)

    assert _page_queries(desk, booking) == few


def _page_queries(desk, booking):
    desk.get("references_booking_change", booking.pk)
    with CaptureQueriesContext(connection) as captured:
        assert desk.get("references_booking_change", booking.pk).status_code == 200
    return len(captured)
