import pytest

from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.grammar import parse_query
from bookingoffice.postgrest.nodes import Field, OrderTerm, Step


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", [OrderTerm(Field("a"))]),
        ("a.asc,b.desc", [OrderTerm(Field("a"), "asc"), OrderTerm(Field("b"), "desc")]),
        ("a.nullsfirst", [OrderTerm(Field("a"), nulls="nullsfirst")]),
        ("a.desc.nullslast", [OrderTerm(Field("a"), "desc", "nullslast")]),
        ("a->b->>0.desc", [OrderTerm(Field("a", (Step("->", "b"), Step("->>", 0))), "desc")]),
        (" a , b", [OrderTerm(Field("a")), OrderTerm(Field("b"))]),
        ("rel(a)", [OrderTerm(Field("a"), relation="rel")]),
        ("rel(a->b).desc.nullsfirst", [OrderTerm(Field("a", (Step("->", "b"),)), "desc", "nullsfirst", "rel")]),
        ("rel(a),c", [OrderTerm(Field("a"), relation="rel"), OrderTerm(Field("c"))]),
        ('"a.b".asc', [OrderTerm(Field("a.b"), "asc")]),
    ],
)  # fmt: skip
def test_terms(text, expected):
    assert parse_query(f"order={text}").root.order == tuple(expected)


@pytest.mark.parametrize(
    ("text", "position", "details"),
    [
        ("", 1, None),
        ("a,", 3, None),
        ("id.ac", 4, 'unexpected "c" expecting "asc", "desc", "nullsfirst" or "nullslast"'),
        ("id.descc", 8, "unexpected 'c' expecting delimiter (.), \",\" or end of input"),
        ("id.nullslasttt", 13, "unexpected 't' expecting \",\" or end of input"),
        ("id.asc.nlsfst", 8, 'unexpected "l" expecting "nullsfirst" or "nullslast"'),
        ("id.nullsfirst.asc", 14, None),
        ("clients(name,id)", 8, None),
    ],
)
def test_what_is_no_order_is_refused_with_its_position(text, position, details):
    with pytest.raises(Problem) as refusal:
        parse_query(f"order={text}")

    assert refusal.value.message == f'"failed to parse order ({text})" (line 1, column {position})'
    assert details in (None, refusal.value.details)
