"""Rows of other tables inside the rows."""

from __future__ import annotations

from tests.clients.python_calls.calls import Call, coded

EMBEDS = [
    Call(
        "children",
        lambda c, ids: c.from_("bookings").select("reference, line_items(amount_minor)").order("reference").limit(2),
        [
            {"reference": "first", "line_items": [{"amount_minor": 20000}, {"amount_minor": 4500}]},
            {"reference": "second", "line_items": []},
        ],
    ),
    Call(
        "parent",
        lambda c, ids: c.from_("line_items").select("quantity, bookings(reference), services(type)"),
        [
            {"quantity": 1, "bookings": {"reference": "first"}, "services": None},
            {"quantity": 2, "bookings": {"reference": "first"}, "services": {"type": "cleaning"}},
        ],
    ),
    Call(
        "through_a_link_table",
        lambda c, ids: (
            c.from_("coupons")
            .select("code, products(name), services(label), bookings(reference)")
            .neq("scope", "global")
        ),
        [
            {
                "code": "LATE_SUMMER",
                "products": [{"name": {"default": "Boathouse"}}, {"name": {"default": "Cabin"}}],
                "services": [],
                "bookings": [],
            },
            {
                "code": "SPA_DAY",
                "products": [],
                "services": [{"label": {"default": "Cleaning"}}],
                "bookings": [{"reference": "first"}],
            },
        ],
    ),
    Call(
        "nested",
        lambda c, ids: (
            c.from_("organizations")
            .select("name->>default, bookings(reference, line_items(services(label->>default)))")
            .eq("bookings.reference", "first")
            .not_.is_("bookings.line_items.service_id", None)
        ),
        [
            {
                "default": "Lakeside",
                "bookings": [{"reference": "first", "line_items": [{"services": {"default": "Cleaning"}}]}],
            }
        ],
    ),
    Call(
        "the_same_table_twice",
        lambda c, ids: (
            c.from_("coupon_uses")
            .select("coupon:coupon_id(code), on:bookings!coupon_uses_booking_id_fkey(reference)")
            .limit(1)
        ),
        [{"coupon": {"code": "QUIET_WEEK"}, "on": {"reference": "first"}}],
    ),
    Call(
        "a_table_with_itself",
        lambda c, ids: c.from_("services").select(
            "label->>default, parent:parent_id(label->>default), services(order)"
        ),
        [
            {"default": "Cleaning", "parent": None, "services": [{"order": 2}]},
            {"default": "Windows", "parent": {"default": "Cleaning"}, "services": []},
        ],
    ),
    Call(
        "filter_on_a_child",
        lambda c, ids: (
            c.from_("coupons").select("code, bookings(reference)").eq("bookings.reference", "second").limit(1)
        ),
        [{"code": "QUIET_WEEK", "bookings": [{"reference": "second"}]}],
    ),
    Call(
        "inner",
        lambda c, ids: (
            c.from_("coupons").select("code, bookings!inner(reference)").eq("bookings.reference", "first").order("code")
        ),
        [
            {"code": "QUIET_WEEK", "bookings": [{"reference": "first"}]},
            {"code": "SPA_DAY", "bookings": [{"reference": "first"}]},
        ],
    ),
    Call(
        "inner_without_output",
        lambda c, ids: c.from_("coupons").select("code, bookings!inner()").order("code"),
        coded("QUIET_WEEK", "SPA_DAY"),
    ),
    Call(
        "without_children",
        lambda c, ids: c.from_("coupons").select("code, coupon_uses()").is_("coupon_uses", None),
        coded("LATE_SUMMER", "OLD_OFFER"),
    ),
    Call(
        "count_of_children",
        lambda c, ids: c.from_("coupons").select("code, coupon_uses(count)").limit(2),
        [{"code": "QUIET_WEEK", "coupon_uses": [{"count": 2}]}, {"code": "LATE_SUMMER", "coupon_uses": [{"count": 0}]}],
    ),
    Call(
        "spread",
        lambda c, ids: c.from_("coupon_products").select("...coupons(code), ...products(product:name->>default)"),
        [{"code": "LATE_SUMMER", "product": "Boathouse"}, {"code": "LATE_SUMMER", "product": "Cabin"}],
    ),
    Call(
        "order_by_a_parent",
        lambda c, ids: (
            c.from_("coupon_uses")
            .select("coupons(code), bookings(reference)")
            .order("bookings(reference)", desc=True)
            .limit(1)
        ),
        [{"coupons": {"code": "QUIET_WEEK"}, "bookings": {"reference": "second"}}],
    ),
    Call(
        "members",
        lambda c, ids: c.from_("members").select(
            "role, user_profile:user_profiles!inner(email, full_name), organizations(default_language)"
        ),
        [
            {
                "role": "owner",
                "user_profile": {"email": "anna@lakeside.example", "full_name": "Anna"},
                "organizations": {"default_language": "en-US"},
            }
        ],
    ),
]
