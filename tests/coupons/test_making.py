"""Thousands of coupons come about as few do: the same rows, the same history, in the order they were given."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import public_ids
from coupons import codes, services
from coupons.codes import REFUSED, code_faults
from coupons.expressions import definition_faults, plain_value, reduce_definition
from coupons.models import Coupon
from tests.builders import FIFTEEN_PERCENT, NOON, TESTER, make_organization

FULL = {
    "code": "A “quoted” \\ one",
    "name": "Été",
    "description": None,
    "definition": {
        "type": "absolute",
        "restrictions": [],
        "value": [{"value": Decimal("12.50"), "period": None, "occupancy_group_id": None}],
    },
    "metadata": {"n": [None, Decimal("1.50")]},
    "season_ids": ["00000000-0000-7000-8000-000000000001"],
    "arrival_weekdays": [1, 5],
    "expires_at": "2027-08-31T22:00:00Z",
    "scope": "rent",
    "quota": 3,
    "hot": True,
}
OWN_ID = "00000000-0000-7000-8000-00000000000a"
FAULTLESS = st.sampled_from(
    [0, -5, -100, Decimal("-12.5"), Decimal("-0.00001"), 3, 12, Decimal("12.50"), Decimal("1.234")]
)
NUMBERS = st.one_of(FAULTLESS, st.sampled_from([True, None, "5", -101, 10**30, [], Decimal("1e30")]))
VARIANT = st.fixed_dictionaries(
    {"value": NUMBERS},
    optional={"period": st.sampled_from([None, "day"]), "occupancy_group_id": st.none(), "more": st.just(1)},
)
DEFINITION = st.fixed_dictionaries(
    {"type": st.sampled_from(["relative", "absolute", "other", 5])},
    optional={
        "value": st.one_of(NUMBERS, st.lists(VARIANT, max_size=2)),
        "restrictions": st.sampled_from([[], [], [], [1], None]),
        "more": st.none(),
    },
)


@pytest.fixture
def organization(db):
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


def make(organization, rows):
    return services.create_coupons(organization, rows, actor=TESTER, moment=NOON)


def rows_of(number, **values):
    return [{"code": f"CODE{place}", "definition": FIFTEEN_PERCENT, **values} for place in range(number)]


def test_the_history_of_a_new_coupon_is_what_the_database_finds_different(organization):
    made = make(organization, [FULL, *rows_of(1), {**FULL, "code": "WITH-ID", "id": OWN_ID}])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entries.changes = public.audit_difference(NULL, to_jsonb(coupons)), row_label = code, entries.id = coupons.id"
            " FROM coupons JOIN audit_entries AS entries USING (organization_id)"
            " WHERE organization_id = %s AND row_id = coupons.id AND action = 'created' ORDER BY code",
            [organization.pk],
        )
        found = cursor.fetchall()
    assert [row[:2] for row in found] == [(True, True)] * 3
    assert made[2] == UUID(OWN_ID)
    assert AuditEntry.objects.filter(id=OWN_ID).count() == 0  # an id that others choose is none of an entry


def test_ids_are_answered_in_the_order_of_the_rows_and_sort_in_it(organization):
    rows = rows_of(300)

    made = make(organization, rows)

    assert made == sorted(made)
    codes = dict(Coupon.objects.values_list("id", "code"))
    assert [codes[made_id] for made_id in made] == [row["code"] for row in rows]


def test_rows_with_other_columns_keep_their_places(organization):
    rows = [row | ({"quota": place} if place % 2 else {}) for place, row in enumerate(rows_of(20))]

    made = make(organization, rows)

    assert made == sorted(made)
    found = dict(Coupon.objects.values_list("id", "quota"))
    assert [found[made_id] for made_id in made] == [row.get("quota") for row in rows]


def test_a_row_that_the_database_refuses_undoes_all(organization):
    with pytest.raises(DatabaseError, match="coupons_organization_id_code_key"), transaction.atomic():
        make(organization, [*rows_of(3), *rows_of(1)])

    assert (Coupon.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_thousand_take_as_many_statements_as_two(organization):
    def statements(rows):
        with CaptureQueriesContext(connection) as queries:
            make(organization, rows)
        return len(queries)

    assert statements(rows_of(2, scope="rent")) == statements(
        [{**row, "code": f"B{row['code']}"} for row in rows_of(1000, scope="rent")]
    )


CHANGES = {
    "code and value": {"code": "NEW", "definition": {**FIFTEEN_PERCENT, "value": Decimal("-12.5")}},
    "limits": {"quota": 7, "max_per_customer": 2, "budget_minor": None, "hot": False, "priority": 3},
    "nothing": {"scope": "rent", "metadata": {"n": [None, Decimal("1.5")]}, "quota": 3},
    "null and lists": {"expires_at": None, "arrival_weekdays": [2], "season_ids": None, "metadata": {}},
    "an instant as it was": {"expires_at": "2027-09-01T00:00:00+02:00", "percent": None},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_the_history_of_a_change_is_what_the_database_finds_different(organization, changes):
    made = make(organization, [FULL, {**FULL, "code": "OTHER", "quota": None}])
    before = images(organization)

    for row_id, row in zip(made, (changes, {**changes, "code": "ANOTHER"}), strict=True):
        services.put_coupons(organization, [{"id": row_id, **row}], actor=TESTER, moment=NOON)

    after = images(organization)
    with connection.cursor() as cursor:
        for row_id in made:
            cursor.execute(
                "SELECT public.audit_difference(%s::jsonb, %s::jsonb)::text", [before[row_id], after[row_id]]
            )
            [[difference]] = cursor.fetchall()
            told = AuditEntry.objects.filter(row_id=row_id, action="changed").values_list("changes", "row_label")
            wanted = [(json.loads(difference), json.loads(after[row_id])["code"])] if difference != "{}" else []
            assert list(told) == wanted


def images(organization):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, to_jsonb(coupons)::text FROM coupons WHERE organization_id = %s", [organization.pk])
        return dict(cursor.fetchall())


def test_a_thousand_are_changed_by_as_many_statements_as_two(organization):
    made = make(organization, rows_of(1000))

    def statements(ids):
        with CaptureQueriesContext(connection) as queries:
            services.change_coupons(organization, ids, {"description": "new"}, actor=TESTER, moment=NOON)
        return len(queries)

    assert statements(made[:2]) == statements(made)
    assert AuditEntry.objects.filter(action="changed").count() == 1000  # two of them were changed before


def test_public_ids_are_spelled_as_the_database_spells_them(organization):
    [made] = make(organization, rows_of(1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.public_id('cou_') FROM generate_series(1, 200)")
        drawn = [row[0] for row in cursor]

    several = [*public_ids("cou_", 200), *drawn, Coupon.objects.get(pk=made).public_id]

    assert all(re.fullmatch("cou_[0-9A-Za-z]{14}", each) for each in several)
    assert len(set(several)) == 401


@given(st.text(st.sampled_from(" -aA1é\u3000\u200b\u202e\n\x7f\ud800\u0301"), max_size=66))
def test_a_code_is_found_good_at_once_only_without_faults(code):
    assert (codes._GOOD.fullmatch(code) is not None) == (not list(codes._faults(code)))


@pytest.mark.parametrize("first", sorted({first for first, _ in REFUSED}))
def test_the_table_refuses_what_no_code_may_hold(organization, first):
    code = f"A{chr(max(first, 1))}B"
    assert code_faults(code)
    [made] = make(organization, rows_of(1))

    for bad in (code, "x" * 65, " - "):
        with pytest.raises(DatabaseError, match="coupons_code_check"), transaction.atomic():
            Coupon.objects.filter(pk=made).update(code=bad)


@given(DEFINITION, st.sampled_from(["EUR", "JPY", "KWD", "???"]))
def test_a_plain_definition_comes_to_what_a_closer_look_finds(definition, currency):
    value = plain_value(definition, currency)

    if value is not None:
        assert definition_faults(definition, currency) == []
        assert value == reduce_definition(definition, currency)


@pytest.mark.parametrize("value", [-5, Decimal("-12.5"), [{"value": 12, "period": None, "occupancy_group_id": None}]])
def test_most_definitions_are_plain(value):
    kind = "absolute" if isinstance(value, list) else "relative"

    assert plain_value({"type": kind, "restrictions": [], "value": value}, "EUR") is not None
