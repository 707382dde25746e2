import pytest

from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.grammar import parse_query
from bookingoffice.postgrest.nodes import Compare, Field, Group, In, Is, Search, Step


def eq(name, value="1", **rest):
    return Compare(Field(name), "eq", value, **rest)


def only(query):
    (condition,) = parse_query(query).root.conditions
    return condition


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("or=(a.eq.1)", Group("or", (eq("a"),))),
        ("and=(a.eq.1,b.eq.1)", Group("and", (eq("a"), eq("b")))),
        ("not.or=(a.eq.1,b.eq.1)", Group("or", (eq("a"), eq("b")), True)),
        ("not.and=(a.eq.1)", Group("and", (eq("a"),), True)),
        ("or=( a.eq.1, b.eq.1 )", Group("or", (eq("a"), eq("b", "1 ")))),
        ("or=(a.not.eq.1)", Group("or", (eq("a", negated=True),))),
        ("or=(and(a.eq.1),not.or(b.eq.1))", Group("or", (Group("and", (eq("a"),)), Group("or", (eq("b"),), True)))),
        ("or=(a->b->>0.eq.1)", Group("or", (Compare(Field("a", (Step("->", "b"), Step("->>", 0))), "eq", "1"),))),
        ('or=("x.y".eq.1)', Group("or", (eq("x.y"),))),
        ("or=(not.eq.1,and.eq.1,or.eq.1)", Group("or", (eq("not"), eq("and"), eq("or")))),
        ("or=(order_id.eq.1,android.eq.1)", Group("or", (eq("order_id"), eq("android")))),
        ("or=(a.is.null,b.in.(1,2),c.eq.3)", Group("or", (Is(Field("a"), "null"), In(Field("b"), ("1", "2")), eq("c", "3")))),
        ("or=(a.like(any).{x*,y},b.eq.1)", Group("or", (Compare(Field("a"), "like", "{x*,y}", quantifier="any"), eq("b")))),
        ("or=(a.fts(simple).cat,b.eq.1)", Group("or", (Search(Field("a"), "fts", "cat", "simple"), eq("b")))),
        ("or=a.eq.1", eq("ora")),
        ("or=(a.eq.1)x", Group("or", (eq("a"),))),
        ("or=(a.eq.1) ,b.eq.2", Group("or", (eq("a"),))),
        ("or=(rel.is.null)", Group("or", (Is(Field("rel"), "null"),))),
    ],
)  # fmt: skip
def test_trees(query, expected):
    assert only(query) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"x,y)"', "x,y)"),
        (r'"a\"b"', 'a"b'),
        ("{1,2}", "{1,2}"),
        ('{"a":1}', '{"a":1}'),
        ('"x"y', '"x"y'),
        ("", ""),
        ("a.b c ", "a.b c "),
        ("x(", "x("),
    ],
)
def test_values_end_at_a_comma_or_bracket_unless_protected(text, value):
    assert only(f"or=(a.eq.{text},b.eq.1)") == Group("or", (eq("a", value), eq("b")))


@pytest.mark.parametrize(
    ("query", "shown", "position"),
    [
        ("or=()", "()", 4),
        ("or=)(", ")(", 3),
        ("or=(a.eq.1", "(a.eq.1", 10),
        ("or=(a.eq.1))", "(a.eq.1))", 11),
        ("or=(a.eq.1) (", "(a.eq.1) (", 12),
        ("not.or=a.eq.1", "a.eq.1", 7),
        ("or=a", "a", 3),
        ("or=a.eq.1)", "a.eq.1)", 9),
        ("or=(id.in.1,2,id.eq.3)", "(id.in.1,2,id.eq.3)", 10),
        ("and=(ord(id.eq.1,id.eq.1),id.eq.2)", "(ord(id.eq.1,id.eq.1),id.eq.2)", 7),
        ("or=(id.eq.1,not.xor(id.eq.2,id.eq.3))", "(id.eq.1,not.xor(id.eq.2,id.eq.3))", 16),
        ("or=(a.foo.1)", "(a.foo.1)", 6),
        ("or=({1}x.eq.2)", "({1}x.eq.2)", 4),
        ("or=(a.eq.{1}x)", "(a.eq.{1}x)", 12),
    ],
)
def test_what_is_no_tree_is_refused_with_its_position(query, shown, position):
    with pytest.raises(Problem) as refusal:
        parse_query(query)

    assert refusal.value.code == "PGRST100"
    assert refusal.value.message == f'"failed to parse logic tree ({shown})" (line 1, column {position})'


def test_another_connective_is_no_logic():
    with pytest.raises(Problem, match="failed to parse filter"):
        parse_query("xor=(a.eq.1)")
