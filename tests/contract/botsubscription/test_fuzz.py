"""Whatever is sent, the answer is one of the documented statuses in the dialect's shape."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coupons.api.botsubscription import shapes, verdicts
from tests.builders import make_coupon

MANY = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
DOCUMENTED = {200, 201, 204, 400, 401, 403, 404, 405, 409, 415, 422, 429}

texts = st.text(max_size=20) | st.sampled_from(
    ["EUR", "JPY", "2027-04-30", "2027-04-30T00:00:00Z", "all", "active", "12.5"]
)
numbers = (
    st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0, 1, 5, 2**31, 2**63, 1e300])
)
json = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


def some_of(shape, **likely):
    """Any values under the known names, and now and then likely ones."""
    names = shape().fields
    return st.fixed_dictionaries(
        {}, optional={name: st.one_of(json, *([st.just(likely[name])] if name in likely else [])) for name in names}
    )


FIXED = {"code": "FUZZ", "coupon_type": "fixed", "amount": "5", "currency": "EUR", "discount_value": 5}
QUESTION = {"code": "KNOWN", "user_id": "u", "amount": 5, "currency": "EUR"}


def documented(answer):
    assert answer.status_code in DOCUMENTED, answer.content
    if answer.status_code != 204:
        keys = {"ok", "request_id", "method", "path", "code"}
        assert answer.json().keys() >= keys
        assert answer.json()["code"] == answer.status_code
        assert answer.json()["ok"] is (answer.status_code < 300)


@MANY
@given(some_of(shapes.CreateBody, **FIXED))
def test_creates(api, body):
    documented(api("POST", "/coupons", FIXED | body))


@MANY
@given(some_of(shapes.ChangeBody, discount_value=5))
def test_changes(api, organization, body):
    coupon = getattr(api, "coupon", None) or make_coupon(organization)
    api.coupon = coupon
    documented(api("PATCH", f"/coupons/{coupon.pk}", body))


@MANY
@given(some_of(verdicts.Question, **QUESTION))
def test_questions(api, organization, body):
    api.coupon = getattr(api, "coupon", None) or make_coupon(organization, "KNOWN")
    documented(api("POST", "/coupons/validate", QUESTION | body))


@MANY
@given(
    st.dictionaries(
        st.sampled_from([parameter.name for parameter in shapes.LIST_QUERY]),
        texts | st.integers(-5, 2**70).map(str) | st.sampled_from(["true", "code", "asc", "expired"]),
        max_size=4,
    )
)
def test_lists(api, query):
    documented(api("GET", f"/coupons?{urlencode(query)}"))


@MANY
@given(st.binary(max_size=40))
def test_bytes(api, body):
    documented(api("POST", "/coupons", body))
