"""Every read that the Python client's documentation shows, sent by it to the running server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from postgrest import CountMethod

from tests.clients.python_caller import FORMS, Caller
from tests.clients.python_calls import READS, Call, coded, codes
from tests.clients.scene import Business


@pytest.fixture(scope="module", params=FORMS)
def open_client(request: pytest.FixtureRequest, address: str) -> Iterator[Caller]:
    with FORMS[request.param](address) as caller:
        yield caller


@pytest.fixture
def call(open_client: Caller, lakeside: Business) -> Caller:
    return open_client.for_key(lakeside.token, lakeside.ids)


@pytest.mark.parametrize("documented", READS, ids=[read.name for read in READS])
def test_a_documented_read(call: Caller, documented: Call) -> None:
    assert call.data(documented.build) == documented.data


def test_nothing_is_no_row(call: Caller) -> None:
    assert call(lambda c, ids: codes(c).eq("code", "NOPE").maybe_single()) is None


@pytest.mark.parametrize("method", CountMethod)
def test_counts(call: Caller, method: CountMethod) -> None:
    answer = call(lambda c, ids: c.from_("coupons").select("code", count=method).limit(1))

    assert answer.data == coded("QUIET_WEEK")
    assert answer.count >= 1 if method is CountMethod.planned else answer.count == 4


def test_a_count_without_rows(call: Caller) -> None:
    answer = call(
        lambda c, ids: c.from_("coupons").select("*", count=CountMethod.exact, head=True).eq("scope", "global")
    )

    assert (answer.count, answer.data) == (2, [])


def test_a_count_follows_an_inner_child(call: Caller) -> None:
    answer = call(
        lambda c, ids: (
            c.from_("coupons")
            .select("code, bookings!inner()", count=CountMethod.exact)
            .eq("bookings.reference", "second")
        )
    )

    assert (answer.count, answer.data) == (1, coded("QUIET_WEEK"))


def test_a_page_past_a_counted_end(call: Caller) -> None:
    refusal = call.refusal(lambda c, ids: c.from_("coupons").select("*", count=CountMethod.exact).range(10, 12))

    assert refusal.code == "PGRST103"
    assert refusal.details == "An offset of 10 was requested, but there are only 4 rows."


def test_every_column_of_a_row(call: Caller, lakeside: Business) -> None:
    row = call.data(lambda c, ids: c.from_("coupons").select().eq("code", "SPA_DAY").single())

    assert list(row) == [
        "id", "created_at", "updated_at", "organization_id", "code", "description", "quota", "definition", "scope",
        "deleted_at", "fts", "stackable",
    ]  # fmt: skip
    assert (row["id"], row["organization_id"]) == (lakeside.ids["spa"], lakeside.ids["organization"])


RANGE = ("2027-01-01", "2027-02-01")
REFUSED = [
    Call("single_of_many", lambda c, ids: codes(c).single(), "PGRST116"),
    Call("single_of_none", lambda c, ids: codes(c).eq("code", "NOPE").single(), "PGRST116"),
    Call("maybe_single_of_many", lambda c, ids: codes(c).maybe_single(), "406"),
    Call("unknown_column", lambda c, ids: codes(c).eq("colour", "red"), "42703"),
    Call("unknown_table", lambda c, ids: c.from_("colours").select("*"), "42P01"),
    Call("unknown_relationship", lambda c, ids: c.from_("coupons").select("*, seasons(*)"), "PGRST200"),
    Call("unknown_schema", lambda c, ids: c.schema("private").from_("coupons").select("*"), "PGRST106"),
    Call("wrong_type", lambda c, ids: codes(c).eq("id", "7"), "22P02"),
    Call("range_gt", lambda c, ids: codes(c).range_gt("created_at", RANGE), "42883"),
    Call("range_gte", lambda c, ids: codes(c).range_gte("created_at", RANGE), "42883"),
    Call("range_lt", lambda c, ids: codes(c).range_lt("created_at", RANGE), "42883"),
    Call("range_lte", lambda c, ids: codes(c).range_lte("created_at", RANGE), "42883"),
    Call("range_adjacent", lambda c, ids: codes(c).range_adjacent("created_at", RANGE), "42883"),
    Call("plan", lambda c, ids: codes(c).explain(), "PGRST107"),
    Call("unknown_function", lambda c, ids: c.rpc("no_such_function", {"day": "2027-01-01"}), "PGRST202"),
    Call("unknown_function_by_get", lambda c, ids: c.rpc("no_such_function", {"day": "x"}, get=True), "PGRST202"),
]


@pytest.mark.parametrize("refused", REFUSED, ids=[each.name for each in REFUSED])
def test_a_refusal_arrives_as_the_client_s_error(call: Caller, refused: Call) -> None:
    """Our tables have no column of a range type: PostgreSQL says so."""
    assert call.refusal(refused.build).code == refused.data


def test_a_key_that_is_none(open_client: Caller) -> None:
    stranger = open_client.for_key("00000000-0000-4000-8000-000000000000", {})

    assert stranger.refusal(lambda c, ids: codes(c)).code == "PGRST301"
