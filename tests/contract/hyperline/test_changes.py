"""PUT merges, locks what guests were promised, and keeps the words it was given."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db.models import F

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.references.models import Product
from coupons import services
from coupons.models import Coupon, CouponProduct
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_use
from tests.contract.hyperline.conftest import HARBOUR, OPENING, make_public_products


def made(api, sent):
    return api("POST", "/v1/coupons", sent).json()


def put(api, coupon, body):
    return api("PUT", f"/v1/coupons/{coupon['id']}", body)


def kept(organization, coupon):
    with tenant_scope(organization.pk):
        return Coupon.objects.get(public_id=coupon["id"])


def change(organization, coupon, **columns):
    with tenant_scope(organization.pk):
        services.change_coupons(organization, [coupon.pk], columns, actor=TESTER, moment=NOON)


def link(organization, coupon, names, *, excluded=False):
    with tenant_scope(organization.pk):
        ids = Product.objects.filter(public_id__in=names).values_list("id", flat=True)
        rows = [{"coupon_id": coupon.pk, "product_id": product, "excluded": excluded} for product in ids]
        services.add_targets(organization, "product", rows, actor=TESTER, moment=NOON)


CHANGES = [
    (HARBOUR, {"name": ""}, {}),
    (HARBOUR, {"description": "for the fair"}, {}),
    (HARBOUR, {"expiration_date": None}, {}),
    (HARBOUR, {"expiration_date": "2028-01-31T18:00:00+02:00"}, {}),
    (HARBOUR, {"redemption_limit": None}, {}),
    (HARBOUR, {"redemption_limit": 0}, {}),
    (HARBOUR, {"discount_amount": 2000.0}, {}),
    (HARBOUR, {"currency": "EUR"}, {}),
    (HARBOUR, {"discount_percent": None, "discount_amount": 7}, {"discount_percent": ...}),
    (HARBOUR, {"type": "percent", "discount_percent": 7.5}, {"discount_amount": ..., "currency": ...}),
    (OPENING, {"type": "amount", "discount_amount": 5, "currency": "JPY"}, {"discount_percent": ...}),
    (OPENING, {"discount_percent": 0}, {}),
    (OPENING, {"discount_percent": 33.3333}, {}),
    (OPENING, {"repeat": "once"}, {"repeat": ..., "duration": ...}),
    (OPENING, {"repeat": "forever"}, {"duration": ...}),
    (OPENING, {"duration": {"count": 9, "period": "years"}}, {}),
    (HARBOUR, {"repeat": "duration", "duration": {"count": 1, "period": "weeks"}}, {}),
    (OPENING, {}, {}),
    (OPENING, {"colour": "red", "properties": {"a": 1}, "id": "x"}, {"colour": ..., "properties": ..., "id": None}),
]


@pytest.mark.parametrize(("before", "body", "otherwise"), CHANGES)
def test_what_is_named_changes_and_nothing_else(api, before, body, otherwise):
    coupon = made(api, before)

    answer = put(api, coupon, body)

    expected = {**coupon, **body, **{name: coupon["id"] for name, value in otherwise.items() if value is None}}
    expected = {name: value for name, value in expected.items() if otherwise.get(name) is not ...}
    assert answer.status_code == 200, answer.content
    assert answer.json() == expected
    assert api("GET", f"/v1/coupons/{coupon['id']}").json() == {**expected, "deletedAt": None}


@pytest.mark.parametrize(
    ("before", "body", "paths"),
    [
        (HARBOUR, {"type": "percent"}, ["discount_percent"]),
        (OPENING, {"type": "amount", "currency": "EUR"}, ["discount_amount"]),
        (OPENING, {"type": "amount"}, ["discount_amount", "currency"]),
        (HARBOUR, {"discount_percent": 10}, ["discount_percent"]),
        (OPENING, {"discount_amount": 10, "currency": "EUR"}, ["discount_amount", "currency"]),
        (HARBOUR, {"discount_amount": None}, ["discount_amount"]),
        (OPENING, {"duration": None}, ["duration"]),
        (HARBOUR, {"duration": {"count": 1, "period": "days"}}, ["duration"]),
        (HARBOUR, {"name": None, "redemption_limit": "x"}, ["name", "redemption_limit"]),
    ],
)
def test_a_change_that_contradicts_the_coupon(api, before, body, paths):
    coupon = made(api, before)

    answer = put(api, coupon, body)

    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error"
    assert [fault["path"] for fault in answer.json()["errors"]] == [[path] for path in paths]
    assert api("GET", f"/v1/coupons/{coupon['id']}").json() == {**coupon, "deletedAt": None}


@pytest.mark.parametrize("held", [False, True])
def test_a_used_coupon_keeps_its_value(api, organization, held):
    coupon = made(api, HARBOUR)
    booking = make_booking(organization, currency="NOK")
    if held:
        with tenant_scope(organization.pk):
            until, now = datetime(2099, 1, 1, tzinfo=UTC), datetime.now(UTC)
            pk = kept(organization, coupon).pk
            services.reserve(organization, pk, booking.pk, until=until, actor=TESTER, moment=now)
    else:
        make_use(organization, kept(organization, coupon), booking, moment=datetime(2026, 12, 1, tzinfo=UTC))

    refused = put(api, coupon, {"name": "No", "type": "percent", "discount_percent": 10})
    same = put(api, coupon, {**coupon, "name": "Still the harbour fair", "redemption_limit": 1})
    too_low = put(api, coupon, {"redemption_limit": 0})

    assert refused.status_code == 400
    assert refused.json()["type"] == "locked_field"
    assert [fault["path"] for fault in refused.json()["errors"]] == [["type"], ["discount_percent"]]
    assert (same.status_code, same.json()["name"]) == (200, "Still the harbour fair")
    assert too_low.status_code == 400
    assert too_low.json() == {
        "statusCode": 400,
        "type": "validation_error",
        "message": "redemption_limit: A limit cannot be lower than the uses there are: 1.",
        "errors": [
            {
                "code": "quota_below_uses",
                "expected": "1 or more",
                "received": "0",
                "path": ["redemption_limit"],
                "message": "A limit cannot be lower than the uses there are: 1.",
            }
        ],
    }


def test_a_released_use_unlocks_the_value(api, organization):
    coupon, booking = made(api, HARBOUR), make_booking(organization, currency="NOK")
    make_use(organization, kept(organization, coupon), booking, moment=datetime(2026, 12, 1, tzinfo=UTC))
    assert put(api, coupon, {"currency": "EUR"}).json()["type"] == "locked_field"

    with tenant_scope(organization.pk):
        services.release(organization, kept(organization, coupon).pk, booking.pk, actor=TESTER, moment=NOON)

    assert put(api, coupon, {"currency": "EUR"}).status_code == 200


def test_all_faults_of_a_used_coupon_come_together(api, organization):
    coupon = made(api, HARBOUR)
    make_use(
        organization,
        kept(organization, coupon),
        make_booking(organization, currency="NOK"),
        moment=datetime(2026, 12, 1, tzinfo=UTC),
    )

    answer = put(api, coupon, {"redemption_limit": 0, "discount_amount": 1, "name": 5})

    assert [fault["code"] for fault in answer.json()["errors"]] == ["invalid_type", "quota_below_uses", "locked_field"]
    assert answer.json()["type"] == "validation_error"


def test_a_bare_date_lasts_until_its_end_where_the_organization_is(api, organization):
    coupon = kept(organization, made(api, HARBOUR))

    assert coupon.expires_at == datetime(2027, 10, 31, 23, tzinfo=UTC)  # Oslo went back to winter time that night


def test_a_text_does_not_outlive_its_instant(api, organization):
    coupon = made(api, HARBOUR)

    change(organization, kept(organization, coupon), expires_at="2027-12-01T08:30:00.123456+01:00")

    answered = api("GET", f"/v1/coupons/{coupon['id']}").json()
    assert answered["expiration_date"] == "2027-12-01T07:30:00.123Z"


def test_an_echo_of_the_whole_coupon_changes_nothing(api, organization):
    """Not even what is printed more coarsely than it is kept."""
    coupon = made(api, {**OPENING, "expiration_date": "2027-10-31"})
    names = make_public_products(organization, 2)
    row = kept(organization, coupon)
    link(organization, row, names)
    change(organization, row, expires_at="2027-12-01T08:30:00.123456+01:00", repeat_unit="billing_period", scope="rent")
    before = kept(organization, coupon)
    with tenant_scope(organization.pk):
        entries = AuditEntry.objects.of(organization.pk).count()
    told = api("GET", f"/v1/coupons/{coupon['id']}").json()

    answer = put(api, coupon, told)

    after = kept(organization, coupon)
    del told["deletedAt"]
    assert answer.json() == told
    assert told["duration"] == {"count": 2, "period": "months"}
    assert {f.attname: getattr(before, f.attname) for f in Coupon._meta.concrete_fields} == {
        f.attname: getattr(after, f.attname) for f in Coupon._meta.concrete_fields
    }
    with tenant_scope(organization.pk):
        assert AuditEntry.objects.of(organization.pk).count() == entries


def test_another_count_keeps_billing_periods(api, organization):
    coupon = made(api, OPENING)
    change(organization, kept(organization, coupon), repeat_unit="billing_period")

    put(api, coupon, {"duration": {"count": 7, "period": "months"}})
    assert (kept(organization, coupon).repeat_count, kept(organization, coupon).repeat_unit) == (7, "billing_period")

    put(api, coupon, {"duration": {"count": 7, "period": "days"}})
    assert kept(organization, coupon).repeat_unit == "days"


@pytest.mark.parametrize(
    ("scope", "linked", "sent", "becomes"),
    [
        ("global", 0, 2, "product"),
        ("product", 2, 0, "global"),
        ("product", 2, 1, "product"),
        ("rent", 0, 1, "rent"),
        ("service", 2, 0, "service"),
        ("global", 2, 2, "global"),
        ("product", 0, 0, "product"),
    ],
)
def test_the_scope_follows_the_products_between_global_and_product(api, organization, scope, linked, sent, becomes):
    names = make_public_products(organization, 2)
    coupon = made(api, HARBOUR)
    row = kept(organization, coupon)
    change(organization, row, scope=scope)
    link(organization, row, names[:linked])

    answer = put(api, coupon, {"product_ids": names[:sent]})

    assert answer.json().get("product_ids", []) == names[:sent]
    assert kept(organization, coupon).scope == becomes


def test_excluded_products_stay_excluded(api, organization):
    included, excluded = make_public_products(organization, 2)
    coupon = made(api, {**HARBOUR, "product_ids": [included]})
    link(organization, kept(organization, coupon), [excluded], excluded=True)

    refused = put(api, coupon, {"product_ids": [included, excluded]})
    emptied = put(api, coupon, {"product_ids": None})

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["path"] == ["product_ids", 1]
    assert refused.json()["errors"][0]["code"] == "excluded_product"
    assert emptied.json().keys() == coupon.keys() - {"product_ids"}
    with tenant_scope(organization.pk):
        links = CouponProduct.objects.filter(coupon_id=F("coupon_id")).values_list("product__public_id", "excluded")
        assert list(links) == [(excluded, True)]


def test_a_product_named_twice_is_linked_once(api, organization):
    [name] = make_public_products(organization, 1)

    assert made(api, {**HARBOUR, "product_ids": [name, name]})["product_ids"] == [name]


def test_history_names_the_key(api, organization):
    coupon = made(api, HARBOUR)
    put(api, coupon, {"name": "Renamed"})
    api("DELETE", f"/v1/coupons/{coupon['id']}")

    with tenant_scope(organization.pk):
        lines = AuditEntry.objects.of(organization.pk).filter(table_name="coupons").order_by("created_at", "id")
        assert [(line.actor_kind, line.action) for line in lines] == [
            ("key", "created"),
            ("key", "changed"),
            ("key", "changed"),
        ]
        assert set(lines[1].changes) - {"updated_at"} == {"name"}


def test_uses_keep_a_deleted_coupon(api, organization):
    coupon = made(api, HARBOUR)
    make_use(
        organization,
        kept(organization, coupon),
        make_booking(organization, currency="NOK"),
        moment=datetime(2026, 12, 1, tzinfo=UTC),
    )

    assert api("DELETE", f"/v1/coupons/{coupon['id']}").status_code == 204
    assert kept(organization, coupon).deleted_at is not None
    with tenant_scope(organization.pk):
        assert kept(organization, coupon).uses.count() == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_coupons_that_cannot_be_told_are_not_there(api, organization, method):
    strange = make_coupon(organization, definition={"type": "tiered", "steps": [1, 2]})
    unlisted = make_coupon(organization, "MINSK", kind="amount", amount_minor=50, currency="BYN")

    for coupon in (strange, unlisted):
        for name in (coupon.pk, coupon.public_id):
            answer = api(method, f"/v1/coupons/{name}", {"name": "Mine now"})
            assert answer.status_code == 404
            assert answer.json() == {"statusCode": 404, "type": "not_found", "message": "Coupon not found"}
    assert kept(organization, {"id": strange.public_id}).name == strange.name
