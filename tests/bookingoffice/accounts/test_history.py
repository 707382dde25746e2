"""Who changed this coupon: on its page, in its history, and among all changes of the organization."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookingoffice.accounts.inviting import invite
from bookingoffice.accounts.services import add_member, issue_key
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.scope import tenant_scope
from bookingoffice.webhooks.services import create_webhooks
from coupons import services
from coupons.models import Coupon
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, make_desk, make_user

pytestmark = pytest.mark.django_db

LIST = "audit_auditentry_changelist"


def text_of(response: Any) -> str:
    assert response.status_code == 200
    body = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", response.content.decode())
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)).replace("\N{NO-BREAK SPACE}", " "))


def shown(desk: Desk, **query: Any) -> list[str]:
    """The deeds in the list of changes."""
    return [entry.line.told.deed for entry in desk.get(LIST, **query).context["cl"].result_list]


def change(desk: Desk, coupon: Any, values: dict[str, Any], actor: Actor | None = None) -> None:
    with desk.scope():
        act = {**desk.act, **({"actor": actor} if actor else {})}
        services.change_coupons(desk.organization, [coupon.pk], values, **act)


def test_the_page_of_a_coupon_ends_with_its_last_changes():
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, code="SUN", expires_at="2027-08-31T22:00:00Z", quota=40)
    change(desk, coupon, {"expires_at": "2027-09-15T22:00:00Z", "max_discount_minor": 12550})

    page = text_of(desk.get("coupons_coupon_change", coupon.pk)).partition("Last changes")[2]

    assert "Expires: 31 Aug 2027 → 15 Sep 2027" in page
    assert "Most taken off by one use: no limit → 125.50 EUR" in page
    assert desk.user.username in page
    assert "in the admin" in page


def test_the_history_of_a_coupon_tells_of_its_targets_by_name():
    desk = make_desk()
    coupon, product = builders.make_coupon(desk.organization, code="SUN"), builders.make_product(desk.organization)
    with desk.scope():
        services.add_targets(
            desk.organization, "product", [{"coupon_id": coupon.pk, "product_id": product.pk}], **desk.act
        )

    page = text_of(desk.get("coupons_coupon_history", coupon.pk))

    assert "Added Boathouse to coupon SUN" in page


def test_uses_are_told_by_code_and_booking_and_so_are_released_ones():
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, code="SUN")
    booking = builders.make_booking(desk.organization, reference="B-7")
    with desk.scope():
        services.redeem(desk.organization, coupon.pk, booking.pk, **desk.act)
        services.release(desk.organization, coupon.pk, booking.pk, **desk.act)

    assert shown(desk, table="coupon_uses") == [
        "Released coupon SUN from booking B-7",
        "Redeemed coupon SUN on booking B-7",
    ]


def test_what_is_gone_keeps_its_name_and_has_no_link():
    desk = make_desk()
    product = builders.make_product(desk.organization, "Old barn")
    desk.post("references_product_delete", product.pk, post="yes")

    response = desk.get(LIST, table="products")

    assert shown(desk, table="products") == ["Deleted product Old barn"]
    assert response.context["cl"].result_list[0].line.page is None


def test_changes_are_found_by_a_code_in_any_spelling():
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, code="SUMMER-21")
    builders.make_coupon(desk.organization, code="OTHER")
    change(desk, coupon, {"quota": 3})

    assert sorted(shown(desk, q="summer 21")) == ["Changed coupon SUMMER-21", "Made coupon SUMMER-21"]
    assert sorted(shown(desk, q=str(coupon.pk))) == ["Changed coupon SUMMER-21", "Made coupon SUMMER-21"]
    assert shown(desk, q="nothing like it") == []


def test_changes_are_narrowed_to_a_person_a_key_or_commands():
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, code="SUN")
    with desk.scope():
        key, _ = issue_key(desk.organization.pk, label="till", **desk.act)
    change(desk, coupon, {"quota": 3}, Actor.key(key.pk, str(key)))
    change(desk, coupon, {"quota": 4})

    assert shown(desk, who=f"key:{key.pk}") == ["Changed coupon SUN"]
    assert shown(desk, who=f"staff:{desk.user.pk}", table="coupons") == ["Changed coupon SUN"]
    assert shown(desk, who="command:", table="coupons") == ["Made coupon SUN"]
    assert shown(desk, who="staff:", table="coupons") == ["Changed coupon SUN"]


@pytest.mark.parametrize(("when", "count"), [("today", 1), ("week", 2), ("30", 3), ("", 3), ("no-such", 3)])
def test_changes_are_narrowed_to_a_time(when: str, count: int):
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, code="SUN")
    now = timezone.now()
    for quota, ago in enumerate((0, 5, 20)):
        with desk.scope():
            act = {"actor": Actor.staff(desk.user), "moment": now - timedelta(days=ago)}
            services.change_coupons(desk.organization, [coupon.pk], {"quota": quota + 1}, **act)
    day = timezone.localtime(now - timedelta(days=5), ZoneInfo("Europe/Amsterdam"))

    assert shown(desk, when=when, who="staff:", table="coupons") == ["Changed coupon SUN"] * count
    assert len(shown(desk, when=f"{day:%Y-%m-%d}", who="staff:", table="coupons")) == 1
    assert len(shown(desk, when=f"{day:%Y-%m}", who="staff:", table="coupons")) >= 1


def test_a_reason_is_told():
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, code="SUN")

    with desk.scope(), witnessed(Coupon, desk.organization.pk, [coupon.pk], **desk.act, reason="The guest <called>"):
        Coupon.objects.of(desk.organization.pk).filter(pk=coupon.pk).update(name="x")

    assert "Reason: The guest <called>" in text_of(desk.get("coupons_coupon_history", coupon.pk))
    assert "Reason: The guest <called>" in text_of(desk.get(LIST))


def test_only_owners_see_what_was_done_to_what_only_they_may_open():
    owner = make_desk()
    editor = make_desk("editor", organization=owner.organization)
    hook = {"endpoint": "https://example.com/secret", "events": ["coupons.created"]}
    with owner.scope():
        issue_key(owner.organization.pk, label="till", **owner.act)
        create_webhooks(owner.organization.pk, [hook], **owner.act)
        invite(owner.organization.pk, email="ada@example.com", role="owner", **owner.act)

    for name in ("API key till", "invitation ada@example.com", "webhook https://example.com/secret"):
        assert any(name in deed for deed in shown(owner))
    assert [deed for deed in shown(owner) if "member" in deed]
    assert shown(editor) == []


def test_a_member_is_told_by_the_persons_name():
    desk = make_desk()
    person = make_user(first_name="Ada", last_name="Lovelace")
    with desk.scope():
        add_member(desk.organization.pk, person, role="viewer", **desk.act)
        add_member(desk.organization.pk, person, role="editor", **desk.act)

    [changed, made, *_] = desk.get(LIST, table="members").context["cl"].result_list
    assert (made.line.told.deed, made.line.told.lines) == ("Made member Ada Lovelace", ("Role: Viewer",))
    assert (changed.line.told.deed, changed.line.told.lines) == (
        "Changed member Ada Lovelace",
        ("Role: Viewer → Editor",),
    )


def test_another_organizations_history_stays_there():
    mine, theirs = make_desk(), make_desk()
    coupon = builders.make_coupon(theirs.organization, code="SECRET")

    assert not [deed for deed in shown(mine) if "SECRET" in deed]
    assert shown(mine, q="SECRET") == []
    assert shown(mine, q=str(coupon.pk)) == []
    assert mine.get("coupons_coupon_history", coupon.pk).status_code == 302


def test_a_history_is_read_page_by_page():
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, code="SUN")
    for quota in range(1, 55):
        change(desk, coupon, {"quota": quota})

    history = reverse("admin:coupons_coupon_history", args=[coupon.pk])
    first, second = (text_of(desk.client.get(history, {"page": page})) for page in (1, 2))

    assert "Page 1 of 2" in first
    assert "Uses in all: 53 → 54" in first
    assert "Uses in all: 1 → 2" in second


def test_the_booking_form_keeps_what_it_did_to_lines():
    desk = make_desk()
    booking = builders.make_booking(desk.organization, reference="B-7", currency="USD")
    line = builders.make_line_item(booking, 10000)
    posted = {
        "reference": "B-7", "method": "book", "currency": "USD", "display_currency": "USD", "exchange_rate": "1",
        "line_items-TOTAL_FORMS": "1", "line_items-INITIAL_FORMS": "1", "line_items-0-id": str(line.pk),
        "line_items-0-booking": str(booking.pk), "line_items-0-title": "Rent", "line_items-0-item_type": "rent",
        "line_items-0-quantity": "1", "line_items-0-amount": "120",
    }  # fmt: skip

    assert desk.post("references_booking_change", booking.pk, **posted).status_code == 302

    assert "Amount: 100.00 USD → 120.00 USD" in text_of(desk.get("references_booking_history", booking.pk))


@pytest.mark.parametrize("page", ["list", "change"])
def test_the_number_of_queries_does_not_grow_with_the_history(page: str):
    desk = make_desk()
    coupon = builders.make_coupon(desk.organization, code="SUN")
    product = builders.make_product(desk.organization)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(LIST) if page == "list" else desk.get("coupons_coupon_change", coupon.pk)
        return len(captured)

    with tenant_scope(desk.organization.pk):
        services.add_targets(
            desk.organization, "product", [{"coupon_id": coupon.pk, "product_id": product.pk}], **desk.act
        )
    before = asked()
    for quota in range(1, 12):
        change(desk, coupon, {"quota": quota})
        if page == "list":
            builders.make_use(desk.organization, coupon)

    assert asked() <= before + 1  # names of rows that are gone


def test_the_organization_has_a_history_too():
    desk = make_desk()
    posted = {"name": "New name", "default_language": "nl", "currency": "EUR", "timezone": "Europe/Amsterdam"}

    assert desk.post("accounts_organization_change", desk.organization.pk, **posted).status_code == 302

    assert "Name: Business" in text_of(desk.get("accounts_organization_history", desk.organization.pk))
