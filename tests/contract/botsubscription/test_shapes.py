"""The shapes that the document is made from are those of the answers."""

from __future__ import annotations

import pytest
from drf_spectacular.generators import SchemaGenerator

from coupons.api.botsubscription import shapes
from coupons.api.botsubscription.urls import urlpatterns
from tests.builders import make_coupon

COUPONS = "/v2/projects/{project_id}/coupons"
PROBLEMS = {"401", "403", "404", "405", "429", "500", "503"}
KEYED = PROBLEMS | {"400", "409", "422"}


@pytest.mark.parametrize(
    ("shape", "columns"),
    [
        (shapes.PercentageCoupon, {}),
        (shapes.FixedCoupon, {"kind": "amount", "amount_minor": 5, "currency": "EUR"}),
    ],
)
def test_a_coupon_has_the_keys_of_its_shape(api, organization, shape, columns):
    coupon = make_coupon(organization, **columns)

    answer = api("GET", f"/coupons/{coupon.pk}").json()

    assert answer["data"].keys() == shape().fields.keys()
    assert answer.keys() == shapes.CouponAnswer().fields.keys()
    assert api("GET", "/coupons").json().keys() == shapes.CouponListAnswer().fields.keys()


def test_a_refusal_has_the_keys_of_its_shape(api):
    answer = api("GET", "/coupons?limit=0").json()

    assert answer.keys() == shapes.Problem().fields.keys()
    assert answer["error"].keys() == shapes.Error().fields.keys() - {"retry_after"}


def test_the_document_has_six_calls_and_their_statuses():
    document = SchemaGenerator(patterns=urlpatterns).get_schema(request=None, public=True)

    told = {
        (path, method): set(call["responses"])
        for path, calls in document["paths"].items()
        for method, call in calls.items()
    }
    assert told == {
        (COUPONS, "get"): PROBLEMS | {"200", "422"},
        (COUPONS, "post"): KEYED | {"201", "415"},
        (f"{COUPONS}/{{coupon_id}}", "get"): PROBLEMS | {"200"},
        (f"{COUPONS}/{{coupon_id}}", "patch"): KEYED | {"200", "415"},
        (f"{COUPONS}/{{coupon_id}}", "delete"): KEYED | {"204"},
        (f"{COUPONS}/validate", "post"): KEYED | {"200", "415"},
    }
    parameters = {one["name"] for one in document["paths"][COUPONS]["get"]["parameters"]}
    assert parameters == {"project_id", "limit", "offset", "status", "auto_apply", "search", "plan_id", "sort", "order"}
