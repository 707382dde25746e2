"""Filters on columns, and trees of them."""

from __future__ import annotations

from tests.clients.python_calls.calls import ALL, Call, coded, codes

FILTERS = [
    Call("eq", lambda c, ids: codes(c).eq("code", "SPA_DAY"), coded("SPA_DAY")),
    Call("eq_number", lambda c, ids: codes(c).eq("quota", 40), coded("QUIET_WEEK")),
    Call("eq_boolean", lambda c, ids: codes(c).eq("stackable", False), coded("LATE_SUMMER")),
    Call("eq_reserved_letters", lambda c, ids: codes(c).eq("description", "late (summer) days"), coded("LATE_SUMMER")),
    Call(
        "eq_of_two_columns",
        lambda c, ids: codes(c).eq("scope", "global").eq("quota", 0),
        coded("OLD_OFFER"),
    ),
    Call("neq", lambda c, ids: codes(c).neq("code", "SPA_DAY"), coded("QUIET_WEEK", "LATE_SUMMER", "OLD_OFFER")),
    Call("neq_drops_nulls", lambda c, ids: codes(c).neq("quota", 5), coded("QUIET_WEEK", "OLD_OFFER")),
    Call("gt", lambda c, ids: codes(c).gt("quota", 5), coded("QUIET_WEEK")),
    Call("gte", lambda c, ids: codes(c).gte("quota", 5), coded("QUIET_WEEK", "LATE_SUMMER")),
    Call("lt", lambda c, ids: codes(c).lt("quota", 5), coded("OLD_OFFER")),
    Call("lte", lambda c, ids: codes(c).lte("quota", 5), coded("LATE_SUMMER", "OLD_OFFER")),
    Call("gt_time", lambda c, ids: codes(c).gt("deleted_at", "2027-01-05T09:59:59+00:00"), coded("OLD_OFFER")),
    Call("like", lambda c, ids: codes(c).like("code", "%E%"), coded("QUIET_WEEK", "LATE_SUMMER", "OLD_OFFER")),
    Call("like_star", lambda c, ids: codes(c).like("code", "SPA*"), coded("SPA_DAY")),
    Call("ilike", lambda c, ids: codes(c).ilike("code", "%spa%"), coded("SPA_DAY")),
    Call("like_all_of", lambda c, ids: codes(c).like_all_of("code", "%E%,%T%"), coded("QUIET_WEEK", "LATE_SUMMER")),
    Call("like_any_of", lambda c, ids: codes(c).like_any_of("code", "SPA%,OLD%"), coded("SPA_DAY", "OLD_OFFER")),
    Call("ilike_all_of", lambda c, ids: codes(c).ilike_all_of("code", "%e%,%w%"), coded("QUIET_WEEK")),
    Call("ilike_any_of", lambda c, ids: codes(c).ilike_any_of("code", "spa%,old%"), coded("SPA_DAY", "OLD_OFFER")),
    Call("is_null", lambda c, ids: codes(c).is_("quota", None), coded("SPA_DAY")),
    Call("is_null_in_words", lambda c, ids: codes(c).is_("quota", "null"), coded("SPA_DAY")),
    Call("is_true", lambda c, ids: codes(c).is_("stackable", True), coded("QUIET_WEEK", "SPA_DAY", "OLD_OFFER")),
    Call("is_false", lambda c, ids: codes(c).is_("stackable", False), coded("LATE_SUMMER")),
    Call("in", lambda c, ids: codes(c).in_("code", ["SPA_DAY", "NOPE"]), coded("SPA_DAY")),
    Call(
        "in_reserved_letters",
        lambda c, ids: codes(c).in_("description", ["October, quiet weeks", "late (summer) days"]),
        coded("QUIET_WEEK", "LATE_SUMMER"),
    ),
    Call("in_nothing", lambda c, ids: codes(c).in_("code", []), []),
    Call("in_ids", lambda c, ids: codes(c).in_("id", [ids["spa"], ids["old"]]), coded("SPA_DAY", "OLD_OFFER")),
    Call("match", lambda c, ids: codes(c).match({"scope": "global", "quota": 40}), coded("QUIET_WEEK")),
    Call("not_is", lambda c, ids: codes(c).not_.is_("deleted_at", None), coded("OLD_OFFER")),
    Call("not_eq", lambda c, ids: codes(c).not_.eq("scope", "global"), coded("LATE_SUMMER", "SPA_DAY")),
    Call("not_in", lambda c, ids: codes(c).not_.in_("code", ALL[:3]), coded("OLD_OFFER")),
    Call("not_like", lambda c, ids: codes(c).not_.like("code", "%E%"), coded("SPA_DAY")),
    Call("or", lambda c, ids: codes(c).or_("quota.eq.40,code.eq.SPA_DAY"), coded("QUIET_WEEK", "SPA_DAY")),
    Call("not_or", lambda c, ids: codes(c).not_.or_("scope.eq.global,code.eq.SPA_DAY"), coded("LATE_SUMMER")),
    Call(
        "or_with_and",
        lambda c, ids: codes(c).or_("quota.is.null,and(quota.gt.1,stackable.is.true)"),
        coded("QUIET_WEEK", "SPA_DAY"),
    ),
    Call(
        "or_quoted",
        lambda c, ids: codes(c).or_('description.eq."October, quiet weeks",quota.in.(5,6)'),
        coded("QUIET_WEEK", "LATE_SUMMER"),
    ),
    Call(
        "or_on_a_child",
        lambda c, ids: (
            c.from_("bookings")
            .select("reference,line_items(item_type)")
            .or_("amount_minor.gt.10000,quantity.gt.9", reference_table="line_items")
            .eq("reference", "first")
        ),
        [{"reference": "first", "line_items": [{"item_type": "rent"}]}],
    ),
    Call("filter", lambda c, ids: codes(c).filter("code", "in", '("SPA_DAY","NOPE")'), coded("SPA_DAY")),
    Call("filter_imatch", lambda c, ids: codes(c).filter("code", "imatch", "^spa"), coded("SPA_DAY")),
    Call(
        "filter_isdistinct",
        lambda c, ids: codes(c).filter("quota", "isdistinct", "40"),
        coded("LATE_SUMMER", "SPA_DAY", "OLD_OFFER"),
    ),
]
