"""The documented requests, whole bodies compared."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bookingoffice.database.scope import tenant_scope
from coupons.models import Coupon
from tests.builders import make_booking, make_coupon, make_key, make_plan, make_product, make_use
from tests.contract.fynn.conftest import Api

ATOM = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00")
TENNER = {
    "code": "TENNER",
    "name": "Ten crowns off",
    "type": "fixed_amount",
    "fixedAmount": {"amount": 1000, "currencyCode": "SEK", "precision": 2},
    "frequency": "once",
}
PLAIN = {"code": "PLAIN", "name": "Plain", "type": "percentage", "percentage": 10, "frequency": "lifetime"}
DEFAULTS: dict[str, Any] = {
    "percentage": None,
    "fixedAmount": None,
    "frequencyInterval": None,
    "maxRedemptionsPerCustomer": None,
    "maxRedemptions": None,
    "expiresAt": None,
    "limitedToPlans": [],
    "excludedFromPlans": [],
    "limitedToProducts": [],
    "excludedFromProducts": [],
    "isEnabled": True,
    "reedemptions": False,
}
REDUCED = {
    "code", "frequency", "name", "type", "createdAt", "expiresAt", "fixedAmount", "frequencyInterval", "id", "isEnabled",
    "maxRedemptions", "percentage", "reedemptions", "updatedAt",
}  # fmt: skip


def timeless(answer):
    """The body without what only the clock knows, once that has the documented form."""
    body = answer.json()
    assert ATOM.fullmatch(body["createdAt"])
    assert ATOM.fullmatch(body["updatedAt"])
    return {key: value for key, value in body.items() if key not in ("createdAt", "updatedAt")}


def stamps(row):
    return {
        "createdAt": row.created_at.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "updatedAt": row.updated_at.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
    }


@pytest.mark.parametrize("prefix", ["", "/fynn"])
def test_a_fixed_amount_is_created(organization, prefix):
    api = Api(make_key(organization), prefix)

    answer = api("POST", "/coupons", TENNER)

    assert answer.status_code == 201, answer.content
    assert answer.headers["Content-Type"] == "application/json"
    assert timeless(answer) == DEFAULTS | TENNER | {"id": answer.json()["id"]}
    assert timeless(api("GET", f"/coupons/{answer.json()['id']}")) == timeless(answer)


def test_every_documented_key_is_replaced(api, organization):
    flat = make_product(organization, "Flat")
    plan = make_plan(organization, "flat-m", name="Flat, monthly", product=flat)
    sauna = make_product(organization, "Sauna", code="sauna")
    coupon = make_coupon(organization)
    body = {
        "code": "LONGSTAY", "name": "Long stay", "type": "percentage", "percentage": 15, "frequency": "limited",
        "frequencyInterval": 6, "maxRedemptionsPerCustomer": 1, "maxRedemptions": 200,
        "expiresAt": "2027-12-31T22:59:59+00:00", "limitedToPlans": [{"id": str(plan.pk)}], "excludedFromPlans": [],
        "limitedToProducts": [], "excludedFromProducts": [f"/products/{sauna.pk}"], "isEnabled": True,
    }  # fmt: skip

    answer = api("PUT", f"/coupons/{coupon.pk}", body)

    assert answer.status_code == 200, answer.content
    product = {"id": str(sauna.pk), "code": "sauna", "name": "Sauna", **stamps(sauna)}
    origin = {"id": str(flat.pk), "name": "Flat"}
    told = {"id": str(plan.pk), "code": "flat-m", "name": "Flat, monthly", **stamps(plan), "originProduct": origin}
    assert timeless(answer) == {
        **body,
        "id": str(coupon.pk),
        "fixedAmount": None,
        "limitedToPlans": [told],
        "excludedFromProducts": [product],
        "reedemptions": False,
    }


def test_keys_left_out_return_to_their_defaults(api, organization):
    plan, product = make_plan(organization), make_product(organization)
    full = {
        **PLAIN, "frequency": "limited", "frequencyInterval": 3, "maxRedemptionsPerCustomer": 2, "maxRedemptions": 9,
        "expiresAt": "2028-01-01", "limitedToPlans": [str(plan.pk)], "limitedToProducts": [str(product.pk)],
        "isEnabled": False,
    }  # fmt: skip
    created = api("POST", "/coupons", full).json()
    assert created["isEnabled"] is False

    answer = api("PUT", f"/coupons/{created['id']}", PLAIN)

    assert timeless(answer) == DEFAULTS | PLAIN | {"id": created["id"]}
    assert answer.json()["createdAt"] == created["createdAt"]


def test_a_body_copied_from_an_answer_changes_nothing(api, organization):
    plan = make_plan(organization, product=make_product(organization))
    product = make_product(organization, "Sauna")
    sent = {
        **TENNER, "limitedToPlans": [{"@id": f"/plans/{plan.pk}"}], "excludedFromProducts": [f"/products/{product.pk}"],
        "expiresAt": "2027-12-31T22:59:59+00:00", "maxRedemptions": 0,
    }  # fmt: skip
    created = api("POST", "/coupons", sent)

    answer = api("PUT", f"/coupons/{created.json()['id']}", created.json())

    assert answer.status_code == 200, answer.content
    assert timeless(answer) == timeless(created)


FORMS = {
    "object": lambda kind, key: {"id": key},
    "nested": lambda kind, key: {"id": key, "code": "x", "name": "y", "createdAt": "z"},
    "linked": lambda kind, key: {"@id": f"/{kind}/{key}", "@type": "Plan"},
    "iri": lambda kind, key: f"/{kind}/{key}",
    "absolute": lambda kind, key: f"https://preview.coreapi.io/{kind}/{key}",
    "below our prefix": lambda kind, key: f"http://127.0.0.1:8000/fynn/{kind}/{key}",
    "bare": lambda kind, key: key.upper(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["limitedToPlans", "excludedFromPlans", "limitedToProducts", "excludedFromProducts"])
def test_references_come_in_every_form(api, organization, form, name):
    plan, product = make_plan(organization), make_product(organization)
    kind, row = ("plans", plan) if name.endswith("Plans") else ("products", product)

    answer = api("POST", "/coupons", {**PLAIN, name: [FORMS[form](kind, str(row.pk))]})

    assert answer.status_code == 201, answer.content
    assert [one["id"] for one in answer.json()[name]] == [str(row.pk)]


def test_forms_of_references_mix_and_repeat(api, organization):
    plans = [make_plan(organization, f"plan-{number}") for number in range(3)]
    one, two, three = (str(plan.pk) for plan in plans)

    answer = api("POST", "/coupons", {**PLAIN, "limitedToPlans": [{"id": one}, f"/plans/{two}", three, one]})

    assert sorted(plan["id"] for plan in answer.json()["limitedToPlans"]) == sorted([one, two, three])
    assert answer.json()["limitedToPlans"][0]["originProduct"] is None


@pytest.mark.parametrize("nothing", [{}, [], None])
def test_an_empty_fixed_amount_is_none(api, nothing):
    assert timeless(api("POST", "/coupons", {**PLAIN, "fixedAmount": nothing}))["fixedAmount"] is None


def test_a_list_is_reduced_newest_first_and_paged(api, organization):
    first = api("POST", "/coupons", PLAIN).json()
    second = api("POST", "/coupons", TENNER).json()
    with tenant_scope(organization.pk):  # one transaction, one moment: another tells the two apart
        Coupon.objects.filter(pk=first["id"]).update(created_at="2026-01-01T00:00:00.250Z")

    answer = api("GET", "/coupons?limit=50&page=1")

    assert answer.status_code == 200
    assert [row["code"] for row in answer.json()["data"]] == ["TENNER", "PLAIN"]
    assert answer.json() == {
        "data": [
            {key: second[key] for key in REDUCED},
            {key: first[key] for key in REDUCED} | {"createdAt": "2026-01-01T00:00:00+00:00"},
        ]
    }
    assert [row["code"] for row in api("GET", "/coupons?limit=1&page=2").json()["data"]] == ["PLAIN"]
    assert [row["code"] for row in api("GET", "/coupons?itemsPerPage=1").json()["data"]] == ["TENNER"]
    assert [row["code"] for row in api("GET", "/coupons?itemsPerPage=2&limit=1").json()["data"]] == ["TENNER"]
    assert api("GET", "/coupons?limit=100&page=2").json() == {"data": []}
    assert api("GET", "/coupons?limit=0").json() == {"data": []}
    assert api("GET", "/coupons?limit=100&page=999999999999999999").json() == {"data": []}
    assert len(api("GET", "/coupons?code=PLAIN&format=xml", Accept="text/html").json()["data"]) == 2


def test_a_page_has_thirty_rows_unless_asked(api, organization):
    for number in range(31):
        make_coupon(organization, f"NUMBER {number}")

    assert len(api("GET", "/coupons").json()["data"]) == 30
    assert len(api("GET", "/coupons?page=2").json()["data"]) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_redeemed_coupon_is_locked(api, organization, method):
    created = api("POST", "/coupons", PLAIN).json()
    coupon = _coupon(organization, created["id"])
    booking = make_booking(organization)
    make_use(organization, coupon, booking)

    answer = api(method, f"/coupons/{coupon.pk}", created if method == "PUT" else None)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "An error occurred",
        "status": 400,
        "detail": "This coupon has been redeemed and can no longer change.",
    }
    assert timeless(api("GET", f"/coupons/{coupon.pk}"))["reedemptions"] is True
    assert [row["reedemptions"] for row in api("GET", "/coupons").json()["data"]] == [True]


def test_the_documented_refusal_names_every_fault(api):
    answer = api("POST", "/coupons", {"code": "HALF", "name": "Half", "type": "percentage", "frequency": "monthly"})

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    codes = [violation.pop("code") for violation in body["violations"]]
    assert len(set(codes)) == 2
    assert body == {
        "type": "about:blank",
        "title": "An error occurred",
        "status": 400,
        "detail": "percentage: This value is needed for type percentage.\nfrequency: Choose once, limited or lifetime.",
        "violations": [
            {"propertyPath": "percentage", "message": "This value is needed for type percentage."},
            {"propertyPath": "frequency", "message": "Choose once, limited or lifetime."},
        ],
    }


def test_a_deleted_coupon_is_gone_here_and_kept(api, organization):
    created = api("POST", "/coupons", PLAIN).json()

    answer = api("DELETE", f"/coupons/{created['id']}")

    assert (answer.status_code, answer.content) == (204, b"")
    for method in ("GET", "PUT", "DELETE"):
        assert api(method, f"/coupons/{created['id']}", PLAIN).status_code == 404
    assert api("GET", "/coupons").json() == {"data": []}
    assert _coupon(organization, created["id"]).deleted_at is not None
    assert api("POST", "/coupons", PLAIN).status_code == 201


def _coupon(organization, coupon_id):
    with tenant_scope(organization.pk):
        return Coupon.objects.get(pk=coupon_id)
