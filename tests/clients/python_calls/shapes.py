"""Columns, order, pages and the forms of an answer."""

from __future__ import annotations

from tests.clients.python_calls.calls import Call, coded, codes

MODIFIERS = [
    Call("order", lambda c, ids: codes(c).order("code"), coded("LATE_SUMMER", "OLD_OFFER", "QUIET_WEEK", "SPA_DAY")),
    Call("order_desc", lambda c, ids: codes(c).order("code", desc=True).limit(2), coded("SPA_DAY", "QUIET_WEEK")),
    Call(
        "order_nullsfirst",
        lambda c, ids: codes(c).order("quota", nullsfirst=True),
        coded("SPA_DAY", "OLD_OFFER", "LATE_SUMMER", "QUIET_WEEK"),
    ),
    Call(
        "order_nullslast",
        lambda c, ids: codes(c).order("quota", desc=True, nullsfirst=False),
        coded("QUIET_WEEK", "LATE_SUMMER", "OLD_OFFER", "SPA_DAY"),
    ),
    Call(
        "order_twice",
        lambda c, ids: codes(c).order("scope").order("code", desc=True),
        coded("QUIET_WEEK", "OLD_OFFER", "LATE_SUMMER", "SPA_DAY"),
    ),
    Call(
        "order_a_child",
        lambda c, ids: (
            c.from_("coupons")
            .select("code,products(name->>default)")
            .order("name->>default", desc=True, foreign_table="products")
            .eq("code", "LATE_SUMMER")
        ),
        [{"code": "LATE_SUMMER", "products": [{"default": "Cabin"}, {"default": "Boathouse"}]}],
    ),
    Call("limit", lambda c, ids: codes(c).limit(1), coded("QUIET_WEEK")),
    Call("limit_offset", lambda c, ids: codes(c).limit(2).offset(1), coded("LATE_SUMMER", "SPA_DAY")),
    Call(
        "limit_a_child",
        lambda c, ids: c.from_("coupons").select("code,products(currency)").limit(1, foreign_table="products").limit(2),
        [{"code": "QUIET_WEEK", "products": []}, {"code": "LATE_SUMMER", "products": [{"currency": "EUR"}]}],
    ),
    Call("range", lambda c, ids: codes(c).range(1, 2), coded("LATE_SUMMER", "SPA_DAY")),
    Call("range_past_the_end", lambda c, ids: codes(c).range(10, 12), []),
    Call(
        "range_of_a_child",
        lambda c, ids: (
            c.from_("bookings")
            .select("line_items(item_type)")
            .range(1, 1, foreign_table="line_items")
            .eq("reference", "first")
            .order("created_at", foreign_table="line_items")
        ),
        [{"line_items": [{"item_type": "fee"}]}],
    ),
    Call("single", lambda c, ids: codes(c).eq("code", "SPA_DAY").single(), {"code": "SPA_DAY"}),
    Call("maybe_single", lambda c, ids: codes(c).eq("code", "SPA_DAY").maybe_single(), {"code": "SPA_DAY"}),
    Call(
        "csv",
        lambda c, ids: c.from_("coupons").select("code,description,quota,stackable").order("code").limit(3).csv(),
        'code,description,quota,stackable\nLATE_SUMMER,"late (summer) days",5,f\nOLD_OFFER,"",0,t\n'
        'QUIET_WEEK,"October, quiet weeks",40,t',
    ),
    Call(
        "strip_nulls",
        lambda c, ids: c.from_("coupons").select("code,quota,deleted_at").eq("code", "SPA_DAY").strip_nulls(),
        [{"code": "SPA_DAY"}],
    ),
    Call(
        "strip_nulls_single",
        lambda c, ids: c.from_("coupons").select("code,deleted_at").eq("code", "SPA_DAY").strip_nulls().single(),
        {"code": "SPA_DAY"},
    ),
]

SELECTS = [
    Call(
        "several_arguments",
        lambda c, ids: c.from_("coupons").select("code", "quota").limit(1),
        [{"code": "QUIET_WEEK", "quota": 40}],
    ),
    Call(
        "alias_and_spaces",
        lambda c, ids: c.table("coupons").select("name : code, scope").limit(1),
        [{"name": "QUIET_WEEK", "scope": "global"}],
    ),
    Call("cast", lambda c, ids: c.from_("coupons").select("quota::text").limit(1), [{"quota": "40"}]),
    Call(
        "json_paths",
        lambda c, ids: (
            c.from_("coupons")
            .select("definition->>type", "amount:definition->value->0->value", "text:definition->value->0->>value")
            .eq("code", "LATE_SUMMER")
        ),
        [{"type": "absolute", "amount": 25, "text": "25"}],
    ),
    Call("json_text_filter", lambda c, ids: codes(c).eq("definition->>type", "absolute"), coded("LATE_SUMMER")),
    Call("json_number_filter", lambda c, ids: codes(c).gt("definition->value->0->value", 20), coded("LATE_SUMMER")),
    Call("json_order", lambda c, ids: codes(c).order("definition->>type").limit(1), coded("LATE_SUMMER")),
    Call(
        "json_of_a_season",
        lambda c, ids: (
            c.from_("seasons")
            .select("name->>default, from:value->intervals->0->min->month, until:value->intervals->-1->max->>month")
            .eq("name->>default", "Summer")
        ),
        [{"default": "Summer", "from": 5, "until": "7"}],
    ),
    Call(
        "aggregate",
        lambda c, ids: c.from_("coupons").select("scope,quota.sum(),count()").order("scope").limit(1),
        [{"scope": "global", "sum": 40, "count": 2}],
    ),
]
