"""Every write that the Python client's documentation shows, sent by it to the running server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from postgrest import CountMethod, ReturnMethod

from bookingoffice.accounts.models import DEFAULT_SCOPES, Scope
from tests.clients.python_caller import FORMS, Caller
from tests.clients.python_calls import coded, codes
from tests.clients.scene import Business, furnish, open_business

PERCENT = {"type": "relative", "restrictions": [], "value": -10}
FRESH = {"code": "FRESH", "definition": PERCENT, "quota": 3}


@pytest.fixture(scope="module", params=FORMS)
def open_client(request: pytest.FixtureRequest, address: str) -> Iterator[Caller]:
    with FORMS[request.param](address) as caller:
        yield caller


@pytest.fixture
def call(open_client: Caller, business: Business) -> Caller:
    return open_client.for_key(business.token, business.ids)


def kept(call: Caller, *wanted: str) -> list[str]:
    return [row["code"] for row in call.data(lambda c, ids: codes(c).in_("code", wanted).order("code"))]


def test_insert(call: Caller) -> None:
    [row] = call.data(lambda c, ids: c.from_("coupons").insert(FRESH))

    assert (row["code"], row["quota"], row["definition"], row["description"]) == ("FRESH", 3, PERCENT, "")
    assert row["organization_id"] == call.ids["organization"]


def test_insert_answers_what_is_selected(call: Caller) -> None:
    made = call.data(lambda c, ids: c.from_("coupons").insert(FRESH).select("code", "coupon_uses(id)"))

    assert made == [{"code": "FRESH", "coupon_uses": []}]


def test_insert_of_many_with_differing_keys(call: Caller) -> None:
    rows = [FRESH, {"code": "SECOND", "definition": PERCENT, "stackable": False}]

    answer = call(
        lambda c, ids: (
            c.from_("coupons")
            .insert(rows, count=CountMethod.exact, default_to_null=False)
            .select("code, quota, stackable")
        )
    )

    assert answer.count == 2
    assert answer.data == [
        {"code": "FRESH", "quota": 3, "stackable": True},
        {"code": "SECOND", "quota": None, "stackable": False},
    ]


def test_insert_fills_absent_keys_with_nulls(call: Caller) -> None:
    rows = [FRESH, {"code": "SECOND", "definition": PERCENT, "stackable": False}]

    assert call.refusal(lambda c, ids: c.from_("coupons").insert(rows)).code == "23502"
    assert kept(call, "FRESH", "SECOND") == []


def test_insert_without_an_answer(call: Caller) -> None:
    answer = call(lambda c, ids: c.from_("coupons").insert(FRESH, returning=ReturnMethod.minimal))

    assert answer.data == []
    assert kept(call, "FRESH") == ["FRESH"]


def test_insert_of_python_s_own_types(call: Caller) -> None:
    coupon_id = uuid4()
    row = {**FRESH, "id": coupon_id, "deleted_at": datetime(2027, 5, 1, 12, tzinfo=UTC)}

    [made] = call.data(lambda c, ids: c.from_("coupons").insert(row))

    assert (UUID(made["id"]), made["deleted_at"]) == (coupon_id, "2027-05-01T12:00:00+00:00")


def test_a_use_is_redeemed_and_released(call: Caller) -> None:
    pair = {"coupon_id": call.ids["quiet"], "booking_id": call.ids["third"]}

    made = call.data(
        lambda c, ids: c.from_("coupon_uses").insert(pair).select("coupons(code), bookings(reference)").single()
    )
    again = call.refusal(lambda c, ids: c.from_("coupon_uses").insert(pair))
    spent = call.refusal(lambda c, ids: c.from_("coupon_uses").insert({**pair, "coupon_id": ids["old"]}))
    released = call.data(lambda c, ids: c.from_("coupon_uses").delete().match(pair))

    assert made == {"coupons": {"code": "QUIET_WEEK"}, "bookings": {"reference": "third"}}
    assert again.code == "23505"
    assert spent.code == "coupon_deleted"
    assert [(row["coupon_id"], row["booking_id"]) for row in released] == [tuple(pair.values())]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("products", {"name": {"default": "Loft"}}),
        ("bookings", {"reference": "fourth", "occupancy": {"adults": 2}}),
        ("services", {"label": {"default": "Towels"}, "type": "linen", "order": 3}),
        ("seasons", {"name": {"default": "Spring", "nl-NL": "Lente"}}),
    ],
)
def test_insert_into_a_neighbour_table(call: Caller, table: str, row: dict[str, Any]) -> None:
    [made] = call.data(lambda c, ids: c.from_(table).insert(row))

    assert {name: made[name] for name in row} == row


def test_upsert_inserts_and_merges(call: Caller) -> None:
    rows = [
        {"id": call.ids["quiet"], "code": "QUIET_WEEK", "definition": PERCENT, "quota": 41},
        {"id": str(uuid4()), **FRESH},
    ]

    answer = call(
        lambda c, ids: c.from_("coupons").upsert(rows, count=CountMethod.exact).select("code, quota, description")
    )

    assert answer.count == 2
    assert answer.data == [
        {"code": "QUIET_WEEK", "quota": 41, "description": "October, quiet weeks"},
        {"code": "FRESH", "quota": 3, "description": ""},
    ]


@pytest.mark.parametrize("target", ["code", "organization_id,code"])
def test_upsert_on_the_code(call: Caller, target: str) -> None:
    row = {"code": "quiet_week", "definition": PERCENT}

    [merged] = call.data(lambda c, ids: c.from_("coupons").upsert(row, on_conflict=target))

    assert (merged["id"], merged["code"], merged["quota"]) == (call.ids["quiet"], "quiet_week", 40)


def test_upsert_that_leaves_duplicates_alone(call: Caller) -> None:
    rows = [{**FRESH, "code": "SPA_DAY"}, FRESH]

    made = call.data(
        lambda c, ids: c.from_("coupons").upsert(rows, ignore_duplicates=True, on_conflict="code").select("code, quota")
    )

    assert made == [{"code": "FRESH", "quota": 3}]


@pytest.mark.parametrize("table", ["seasons", "products", "services"])
def test_upsert_of_a_row_by_its_key(call: Caller, table: str) -> None:
    column, name = {"seasons": ("name", "summer"), "products": ("name", "cabin"), "services": ("label", "windows")}[
        table
    ]
    row = {"id": call.ids[name], column: {"default": "Changed"}} | ({"type": "linen"} if table == "services" else {})

    [merged] = call.data(lambda c, ids: c.from_(table).upsert(row))

    assert (merged["id"], merged[column]) == (row["id"], {"default": "Changed"})


def test_upsert_of_a_link_that_is_there(call: Caller) -> None:
    link = {"coupon_id": call.ids["late"], "product_id": call.ids["cabin"]}

    merged = call.data(lambda c, ids: c.from_("coupon_products").upsert(link))
    ignored = call.data(lambda c, ids: c.from_("coupon_products").upsert(link, ignore_duplicates=True))

    assert [row["product_id"] for row in merged] == [call.ids["cabin"]]
    assert ignored == []


def test_upsert_on_what_is_not_unique(call: Caller) -> None:
    refusal = call.refusal(
        lambda c, ids: c.from_("products").upsert({"name": {"default": "x"}}, on_conflict="currency")
    )

    assert refusal.code == "42P10"


def test_update(call: Caller) -> None:
    changed = call.data(
        lambda c, ids: c.from_("coupons").update({"quota": None, "description": "now"}).eq("code", "QUIET_WEEK")
    )

    assert [(row["id"], row["quota"], row["description"]) for row in changed] == [(call.ids["quiet"], None, "now")]


def test_update_answers_what_is_selected(call: Caller) -> None:
    changed = call.data(
        lambda c, ids: (
            c.from_("coupons")
            .update({"stackable": True})
            .in_("code", ["QUIET_WEEK", "LATE_SUMMER"])
            .select("code, bookings(reference)")
            .order("code")
        )
    )

    assert changed == [
        {"code": "LATE_SUMMER", "bookings": []},
        {"code": "QUIET_WEEK", "bookings": [{"reference": "first"}, {"reference": "second"}]},
    ]


def test_update_counts(call: Caller) -> None:
    answer = call(
        lambda c, ids: (
            c.from_("products")
            .update({"timezone": "Europe/Lisbon"}, count=CountMethod.exact, returning=ReturnMethod.minimal)
            .eq("currency", "EUR")
        )
    )

    assert (answer.count, answer.data) == (2, [])


def test_update_by_a_json_path(call: Caller) -> None:
    changed = call.data(
        lambda c, ids: c.from_("seasons").update({"value": None}).eq("name->>default", "Summer").select("value")
    )

    assert changed == [{"value": None}]


def test_update_of_nothing(call: Caller) -> None:
    assert call.data(lambda c, ids: c.from_("coupons").update({"quota": 1}).eq("code", "NOPE")) == []


def test_an_update_that_would_touch_too_many_rows(call: Caller) -> None:
    refusal = call.refusal(
        lambda c, ids: c.from_("products").update({"timezone": "Asia/Tokyo"}).eq("currency", "EUR").max_affected(1)
    )

    assert refusal.code == "PGRST124"
    assert call.data(lambda c, ids: c.from_("products").select("id").eq("timezone", "Asia/Tokyo")) == []


def test_an_update_of_every_row_needs_a_filter(call: Caller) -> None:
    assert call.refusal(lambda c, ids: c.from_("coupons").update({"quota": 1})).code == "21000"


def test_delete(call: Caller) -> None:
    deleted = call.data(lambda c, ids: c.from_("coupons").delete().eq("code", "OLD_OFFER"))

    assert [row["id"] for row in deleted] == [call.ids["old"]]
    assert kept(call, "OLD_OFFER") == []


def test_delete_of_several_counts(call: Caller) -> None:
    answer = call(
        lambda c, ids: (
            c.from_("seasons")
            .delete(count=CountMethod.exact, returning=ReturnMethod.minimal)
            .in_("id", [ids["summer"], ids["open"]])
        )
    )

    assert (answer.count, answer.data) == (2, [])
    assert call.data(lambda c, ids: c.from_("seasons").select("*")) == []


def test_delete_answers_what_is_selected(call: Caller) -> None:
    deleted = call.data(
        lambda c, ids: c.from_("line_items").delete().eq("item_type", "fee").select("quantity, services(type)")
    )

    assert deleted == [{"quantity": 2, "services": {"type": "cleaning"}}]


def test_a_used_coupon_is_not_deleted(call: Caller) -> None:
    refusal = call.refusal(lambda c, ids: c.from_("coupons").delete().eq("id", ids["quiet"]))

    assert refusal.code == "23503"
    assert "deleted_at" in (refusal.hint or "")
    assert kept(call, "QUIET_WEEK") == ["QUIET_WEEK"]


def test_a_singular_write_that_hits_several_rows_is_undone(call: Caller) -> None:
    refusal = call.refusal(
        lambda c, ids: c.from_("coupons").update({"description": "all"}).eq("scope", "global").select("code").single()
    )

    assert refusal.code == "PGRST116"
    assert call.data(lambda c, ids: codes(c).eq("description", "all")) == []


def test_a_written_answer_as_csv(call: Caller) -> None:
    text = call.data(lambda c, ids: c.from_("coupons").insert(FRESH).select("code,quota").csv())

    assert text == "code,quota\nFRESH,3"


def test_a_key_that_only_reads(open_client: Caller) -> None:
    business = furnish(open_business("Reader", scopes=[Scope.READ]))
    reader = open_client.for_key(business.token, business.ids)

    assert reader.data(lambda c, ids: codes(c).limit(1)) == coded("QUIET_WEEK")
    assert reader.refusal(lambda c, ids: c.from_("coupons").insert(FRESH)).code == "42501"
    assert reader.refusal(lambda c, ids: c.from_("coupons").delete().eq("code", "OLD_OFFER")).code == "42501"


def test_a_key_that_may_leave_the_filter_out(open_client: Caller) -> None:
    business = furnish(open_business("Bold", scopes=[*DEFAULT_SCOPES, Scope.UNFILTERED_WRITES]))
    bold = open_client.for_key(business.token, business.ids)

    assert len(bold.data(lambda c, ids: c.from_("seasons").delete())) == 2
