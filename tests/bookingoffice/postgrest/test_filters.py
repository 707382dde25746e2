import pytest

from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.grammar import parse_query
from bookingoffice.postgrest.nodes import Compare, Field, In, Is, Search, Step

A = Field("a")
QUANTIFIABLE = ("eq", "gte", "gt", "lte", "lt", "like", "ilike", "match", "imatch")
PLAIN = ("neq", "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj", "isdistinct")


def conditions(query):
    return parse_query(query).root.conditions


def refused(query):
    with pytest.raises(Problem) as refusal:
        parse_query(query)
    assert (refusal.value.status, refusal.value.code) == (400, "PGRST100")
    return refusal.value


@pytest.mark.parametrize("operator", [*QUANTIFIABLE, *PLAIN])
@pytest.mark.parametrize("negated", [False, True])
def test_comparisons(operator, negated):
    text = f"a={'not.' * negated}{operator}.x"

    assert conditions(text) == (Compare(A, operator, "x", negated),)


@pytest.mark.parametrize("operator", QUANTIFIABLE)
@pytest.mark.parametrize("quantifier", ["any", "all"])
def test_quantifiers(operator, quantifier):
    query = "a=" + f"{operator}({quantifier})." + "{x,y}"

    assert conditions(query) == (Compare(A, operator, "{x,y}", quantifier=quantifier),)


@pytest.mark.parametrize("operator", ["fts", "plfts", "phfts", "wfts"])
@pytest.mark.parametrize("configuration", [None, "simple"])
def test_searches(operator, configuration):
    modifier = f"({configuration})" if configuration else ""

    assert conditions(f"a=not.{operator}{modifier}.word") == (Search(A, operator, "word", configuration, True),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is.null", Is(A, "null")),
        ("is.NULL", Is(A, "null")),
        ("not.is.null", Is(A, "null", True)),
        ("is.True", Is(A, "true")),
        ("is.false", Is(A, "false")),
        ("is.unknown", Is(A, "unknown")),
        ("is.not_null", Is(A, "null", True)),
        ("not.is.not_null", Is(A, "null")),
    ],
)
def test_is(text, expected):
    assert conditions(f"a={text}") == (expected,)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("eq.", ""),
        ('eq."x"', '"x"'),
        ("eq.a.b,c(d)", "a.b,c(d)"),
        ("eq.null", "null"),
        ("eq.in.(1)", "in.(1)"),
        ("eq.2027-01-01T00:00:00+01:00", "2027-01-01T00:00:00 01:00"),
        ("eq.2027-01-01T00:00:00%2B01:00", "2027-01-01T00:00:00+01:00"),
        ("eq.50%", "50%"),
        ("eq.a=b", "a=b"),
        ("eq.%C3%BC", "ü"),
    ],
)
def test_a_plain_value_is_untouched(text, value):
    assert conditions(f"a={text}") == (Compare(A, "eq", value),)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("()", ()),
        ('("")', ()),
        ("(,)", ("", "")),
        ("(a)", ("a",)),
        ("(a, b,c )", ("a", " b", "c ")),
        ('("a,b",c)', ("a,b", "c")),
        ('("a)",b)', ("a)", "b")),
        (r'("a\"b\\",c)', ('a"b\\', "c")),
        ('(a"b,"c"d)', ('a"b', '"c"d')),
        ('("open,x)', ('"open', "x")),
        ("(1,2)", ("1", "2")),
    ],
)
def test_in_lists(text, values):
    assert conditions(f"a=not.in.{text}") == (In(A, values, True),)


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("a->b", Field("a", (Step("->", "b"),))),
        ("a->>0", Field("a", (Step("->>", 0),))),
        ("a->0->>-1", Field("a", (Step("->", 0), Step("->>", -1)))),
        ('"a.b"', Field("a.b")),
        ("a%2D%3Eb", Field("a", (Step("->", "b"),))),
    ],
)
def test_filter_keys(key, field):
    assert conditions(f"{key}=eq.1") == (Compare(field, "eq", "1"),)


@pytest.mark.parametrize(
    ("text", "position", "details"),
    [
        ("noop.0", 1, 'unexpected "o" expecting "not" or operator (eq, gt, ...)'),
        ("5", 1, 'unexpected "5" expecting "not" or operator (eq, gt, ...)'),
        ("", 1, None),
        ("eq", 3, "unexpected end of input expecting operator (eq, gt, ...)"),
        ("not.not.eq.1", 5, 'unexpected "n" expecting operator (eq, gt, ...)'),
        ("fts().value", 5, 'unexpected ")" expecting operator (eq, gt, ...)'),
        ("eq().value", 4, 'unexpected ")" expecting operator (eq, gt, ...)'),
        ("is().value", 3, 'unexpected "(" expecting operator (eq, gt, ...)'),
        ("in().value", 3, 'unexpected "(" expecting operator (eq, gt, ...)'),
        ("neq(any).1", 4, None),
        ("isdistinct(any).1", 11, None),
        ("eq(some).1", 4, None),
        ("is.nope", 5, 'unexpected "o" expecting null or trilean value (unknown, true, false)'),
        ("is.1", 4, None),
        ("in.1,2", 4, 'unexpected "1" expecting "("'),
        ("in.(1,2", 8, None),
        ("EQ.1", 1, None),
    ],
)
def test_what_is_no_filter_is_refused_with_its_position(text, position, details):
    problem = refused(f"a={text}")

    assert problem.message == f'"failed to parse filter ({text})" (line 1, column {position})'
    assert details in (None, problem.details)


def test_a_key_that_is_no_name_is_refused():
    assert refused("*=eq.1").message == '"failed to parse tree path (*)" (line 1, column 1)'


def test_lines_and_tabs_count_in_positions():
    assert refused("a=in.(%09x%0Ay").message.endswith("(line 2, column 2)")
    assert refused("a=in.(%09x").message.endswith("(line 1, column 10)")
