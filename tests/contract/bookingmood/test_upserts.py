"""Upserts of rows that have rules: which unique rule is meant, and what a key that comes twice is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import make_booking, make_coupon, make_product

MERGE, IGNORE = "resolution=merge-duplicates", "resolution=ignore-duplicates"
DEFINITION = {"type": "relative", "value": -10}
HOOK = {"endpoint": "https://hooks.example.com/in", "events": ["coupons.created"]}


def rows_of(organization):
    """For every table a row that may be created."""
    coupon, product, booking = make_coupon(organization), make_product(organization), make_booking(organization)
    return {
        "coupons": {"code": "NEW", "definition": DEFINITION},
        "coupon_products": {"coupon_id": str(coupon.pk), "product_id": str(product.pk)},
        "coupon_uses": {"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)},
        "seasons": {"name": {"default": "High"}},
        "webhooks": HOOK,
    }


@pytest.mark.parametrize("prefer", [MERGE, IGNORE])
@pytest.mark.parametrize(
    ("place", "status", "code"),
    [
        ("coupons?on_conflict=quota", 400, "42P10"),
        ("coupons?on_conflict=id,code", 400, "42P10"),
        ("coupons?on_conflict=batch_id", 400, "42703"),
        ("coupons?on_conflict=code", 201, None),
        ("coupons?on_conflict=organization_id,code", 201, None),
        ("coupons?on_conflict=organization_id", 400, "42P10"),
        ("coupon_products?on_conflict=id", 400, "42P10"),
        ("coupon_products?on_conflict=product_id,coupon_id", 201, None),
        ("coupon_uses?on_conflict=coupon_id", 400, "42P10"),
        ("coupon_uses?on_conflict=coupon_id,booking_id", 201, None),
        ("seasons?on_conflict=nope", 400, "42703"),
        ("seasons?on_conflict=name", 400, "42P10"),
        ("webhooks?on_conflict=endpoint", 400, "42P10"),
        ("webhooks?on_conflict=id", 201, None),
    ],
)
def test_the_target_is_a_unique_rule(api, organization, place, status, code, prefer):
    table = place.partition("?")[0]

    answer = api("POST", f"/{place}", rows_of(organization)[table], Prefer=prefer)

    told = answer.json()
    assert (answer.status_code, None if isinstance(told, list) else told["code"]) == (status, code), told


ID = "019bd1a6-3c1e-7000-8000-000000000001"
PRODUCT = {"name": {"default": "Hut"}}


def test_what_a_merge_leaves_out_takes_its_default(api):
    kept = {"code": "NEW", "definition": DEFINITION, "description": "kept", "quota": 5, "scope": "rent"}
    [before] = api("POST", "/coupons", {**kept, "created_at": "2026-01-01T00:00:00Z"}).json()
    fresh = {"code": "FRESH", "definition": DEFINITION, "quota": 7}
    rows, place = [{**kept, "id": before["id"]}, fresh], "/coupons?columns=id,code,definition,description,quota,scope"
    rows[0].pop("description"), rows[0].pop("quota"), rows[0].pop("scope")

    merged, made = api("POST", place, rows, Prefer=f"{MERGE}, missing=default").json()

    unsent = {"description": "", "quota": None, "scope": "global", "created_at": before["created_at"]}
    assert merged == {**before, **unsent, "updated_at": merged["updated_at"]}
    assert (made["description"], made["quota"], made["scope"]) == ("", 7, "global")
    assert made["id"] != merged["id"]


@pytest.mark.parametrize(
    ("table", "sent", "unsent"),
    [
        (
            "coupons",
            {"stackable": False, "quota": 3, "description": "x"},
            {"stackable": True, "quota": None, "description": ""},
        ),
        ("seasons", {"value": {"type": "recurring-date-range", "intervals": []}}, {"value": None}),
        ("webhooks", {"source": "zapier", "description": "x"}, {"source": "api", "description": ""}),
    ],
)
def test_what_a_change_leaves_out_takes_its_default(api, organization, table, sent, unsent):
    [row] = api("POST", f"/{table}", {**rows_of(organization)[table], **sent}).json()
    place, rows = f"/{table}?id=eq.{row['id']}&columns={','.join(sent)}", "return=representation"

    [changed] = api("PATCH", place, {}, Prefer=f"{rows}, missing=default").json()

    assert {name: changed[name] for name in unsent} == unsent


@pytest.mark.parametrize("table", ["coupons", "seasons", "webhooks"])
def test_a_column_without_a_default_is_null_where_it_may_not_be(api, organization, table):
    [row] = api("POST", f"/{table}", rows_of(organization)[table]).json()
    column = {"coupons": "code", "seasons": "name", "webhooks": "endpoint"}[table]

    answer = api("PATCH", f"/{table}?id=eq.{row['id']}&columns={column}", {}, Prefer="missing=default")

    assert (answer.status_code, answer.json()["code"]) == (400, "23502")


def test_the_owner_need_not_be_sent(api, organization):
    [row] = api("POST", "/seasons", rows_of(organization)["seasons"]).json()
    place, changes = f"/seasons?id=eq.{row['id']}&columns=name,organization_id", {"name": {"default": "Low"}}

    assert api("PATCH", place, changes, Prefer="missing=default").status_code == 204
    assert api("GET", "/seasons").json()[0]["name"] == {"default": "Low"}


def twice(organization, table):
    """The same new key two times, spelled in two ways where it can be."""
    row: Any = PRODUCT if table == "products" else rows_of(organization)[table]
    if table == "coupon_products":
        return [row, {name: value.upper() for name, value in row.items()}]
    return [{**row, "id": ID, "code": code} if "code" in row else {**row, "id": ID} for code in ("NEW", "n e w")]


@pytest.mark.parametrize("table", ["coupons", "coupons?on_conflict=code", "coupon_products", "seasons", "webhooks"])
def test_a_merge_takes_a_key_once(api, organization, table):
    plain = api("POST", "/products", twice(organization, "products"), Prefer=MERGE)
    rows = twice(organization, table.partition("?")[0])

    answer = api("POST", f"/{table}", rows, Prefer=MERGE)

    assert (answer.status_code, answer.json()["code"]) == (400, "21000")
    assert (answer.status_code, answer.json()) == (plain.status_code, plain.json())

    assert api("POST", f"/{table}", rows[:1], Prefer=MERGE).status_code == 201
    again = api("POST", f"/{table}", rows, Prefer=MERGE)
    assert (again.status_code, again.json()) == (plain.status_code, plain.json())


@pytest.mark.parametrize("table", ["coupons", "coupons?on_conflict=code", "coupon_products", "seasons", "webhooks"])
def test_of_two_rows_with_one_key_the_first_is_kept(api, organization, table):
    rows = twice(organization, table.partition("?")[0])

    answer = api("POST", f"/{table}", rows, Prefer=IGNORE)

    assert (answer.status_code, len(answer.json())) == (201, 1), answer.json()
    assert rows[0].items() <= answer.json()[0].items()
    assert api("POST", f"/{table}", rows, Prefer=IGNORE).json() == []


def test_rows_without_a_key_are_all_new(api):
    rows = [{"name": {"default": name}} for name in ("Low", "High")]

    assert [row["name"] for row in api("POST", "/seasons", rows, Prefer=MERGE).json()] == [row["name"] for row in rows]


def test_a_code_is_free_beside_a_deleted_coupon(api):
    gone = {"code": "NEW", "definition": DEFINITION, "deleted_at": "2026-01-01T00:00:00Z"}

    answer = api("POST", "/coupons?on_conflict=code", [gone, gone, {**gone, "deleted_at": None}], Prefer=MERGE)

    assert (answer.status_code, len(answer.json())) == (201, 3), answer.json()


def test_a_use_that_comes_twice_is_checked_twice(api, organization):
    use = rows_of(organization)["coupon_uses"]

    answer = api("POST", "/coupon_uses", [use, use], Prefer=MERGE)

    assert (answer.status_code, answer.json()["code"]) == (409, "23505")
    assert api("GET", "/coupon_uses").json() == []


def test_a_merge_gives_a_link_the_id_and_the_moment_that_were_sent(api, organization):
    link = rows_of(organization)["coupon_products"]
    api("POST", "/coupon_products", link)
    new = {"id": ID, "created_at": "2026-01-02T00:00:00+00:00"}

    [merged] = api("POST", "/coupon_products", link | new, Prefer=MERGE).json()

    assert {name: merged[name] for name in new} == new
