"""A parted query means what the whole one meant: the same statement, values and address."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingoffice.postgrest.bounds import WORKING_BOUNDS
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.views.asks import Head
from bookingoffice.postgrest.views.parting import SIGN, Parted, part
from bookingoffice.postgrest.views.reading import _made
from coupons.api.bookingmood.resources import COUPON_USES, COUPONS

CATALOG = Catalog([COUPONS, COUPON_USES])
KEYS = ("id", "code", "coupon_uses.id", "created_at")
SAFE = "-._~!$'()*,:@/?=+"
text = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)
filters = st.builds(
    lambda key, operator, value: f"{key}={operator}.{quote(value, safe=SAFE)}",
    st.sampled_from(KEYS),
    st.sampled_from(["eq", "neq", "gt", "gte", "lt", "lte", "like", "not.eq", "in", "is"]),
    text | st.just(SIGN + "0_"),
)
others = st.sampled_from(
    ["limit=5", "offset=3", "order=code.desc", "or=(code.eq.x,id.eq.y)", "code=in.(a,b)", "limit=eq.7"]
)
queries = st.lists(filters | others, max_size=5).map(
    lambda parts: "&".join(["select=*,coupon_uses(*)", *parts]).encode()
)


def made(query: bytes):
    return _made(CATALOG, WORKING_BOUNDS, "coupons", Head("GET", query))


@given(queries)
def test_the_parted_query_means_what_the_whole_one_meant(query):
    try:
        whole = made(query)
    except Exception as refusal:
        with pytest.raises(type(refusal)):
            made(part(query).shape)
        return
    parted = part(query)
    plan = made(parted.shape)

    assert plan.read == whole.read
    assert list(parted.texts(plan.texts)) == list(whole.texts)
    assert parted.location(plan.location) == whole.location


def test_many_values_are_one_shape():
    shapes = {part(f"select=*&code=eq.{value}&limit=1".encode()).shape for value in ("a", "b%20c", "x+y", "%C3%A9")}

    assert len(shapes) == 1
    assert part(b"code=eq.x+y").values == ("x y",)


@pytest.mark.parametrize(
    "query",
    [
        b"code=like.a*",
        b"code=in.(a)",
        b"or=(a.eq.b)",
        b"limit=eq.1",
        b"a.order=eq.b",
        b"code=eq.%FF",
        b"code=eq.%00",
        b"a=eq.1;b=eq.2",
    ],
)
def test_what_is_left_whole(query):
    assert part(query) == Parted(query)
