from time import perf_counter

import pytest

from bookingoffice.postgrest.bounds import Bounds
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.grammar import parse_query
from bookingoffice.postgrest.nodes import Column, Compare, Everything, Field, Group, Is, Level, OrderTerm, Query


def embed(query, *path):
    level = parse_query(query).root
    for name in path:
        level = next(embed.level for embed in level.embeds if name == embed.name)
    return level


def test_nothing_asks_for_everything():
    assert parse_query("") == Query(Level((Everything(),)))
    assert parse_query(b"?") == Query(Level((Everything(),)))


def test_of_repeated_parameters_the_first_or_the_last_counts():
    query = parse_query(
        "select=a&select=b&order=a&order=b&limit=1&limit=2&offset=3&offset=4&on_conflict=x&on_conflict=y"
    )

    assert query.root == Level((Column(Field("a")),), order=(OrderTerm(Field("a")),), limit=2, offset=4)
    assert query.on_conflict == ("x",)


def test_filters_and_logic_are_all_kept():
    kept = parse_query("a=eq.1&a=eq.2&or=(b.eq.3)&or=(b.eq.4)").root.conditions

    assert sorted(map(repr, kept)) == sorted(
        map(
            repr,
            (
                Compare(Field("a"), "eq", "1"),
                Compare(Field("a"), "eq", "2"),
                Group("or", (Compare(Field("b"), "eq", "3"),)),
                Group("or", (Compare(Field("b"), "eq", "4"),)),
            ),
        )
    )


def test_a_parameter_without_equals_is_ignored():
    assert parse_query("a&&select=b&order&limit") == Query(Level((Column(Field("b")),)))


def test_a_semicolon_parts_parameters_too():
    assert parse_query("a=eq.1;limit=5").root.limit == 5


def test_columns_are_sorted_and_single():
    query = parse_query('columns=b, a,"c,d",a&on_conflict=b,a')

    assert query.columns == ("a", "b", "c,d")
    assert query.on_conflict == ("b", "a")


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("5", 5),
        ("0", 0),
        ("-1", -1),
        (" 7 ", 7),
        ("007", 7),
        ("", None),
        ("x", None),
        ("1.5", None),
        ("1e3", None),
        ("٣", None),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        pytest.param("1" * 5000, None, id="long"),
    ],
)
def test_limit(text, limit):
    assert parse_query(f"limit={text}").root.limit == limit


@pytest.mark.parametrize(("text", "offset", "embedded"), [("5", 5, 5), ("-5", -5, 0), ("x", None, None)])
def test_offset(text, offset, embedded):
    root = parse_query(f"offset={text}&select=rel(a)&rel.offset={text}").root

    assert root.offset == offset
    assert next(root.embeds).level.offset == embedded


def test_dotted_keys_lead_into_embeds_by_alias_or_target():
    query = (
        "select=x:rel(a,deep(b))&x.a=eq.1&rel.limit=2&rel.offset=3&x.order=a&x.not.or=(c.is.null)&rel.deep.b=gt.1"
        "&x.deep.and=(b.eq.1)"
    )

    level = embed(query, "x")
    assert (level.limit, level.offset, level.order) == (2, 3, (OrderTerm(Field("a")),))
    assert set(level.conditions) == {
        Compare(Field("a"), "eq", "1"),
        Group("or", (Is(Field("c"), "null"),), True),
    }
    assert set(embed(query, "x", "deep").conditions) == {
        Compare(Field("b"), "gt", "1"),
        Group("and", (Compare(Field("b"), "eq", "1"),)),
    }


def test_the_embed_that_is_spoken_of_comes_first():
    embeds = parse_query("select=a(x),id,b(x),c(x)&c.x=eq.1").root.embeds

    assert [embed.target for embed in embeds] == ["c", "a", "b"]


@pytest.mark.parametrize(
    "query", ["x.a=eq.1", "x.order=a", "x.limit=1", "x.or=(a.eq.1)", "select=y(*)&y.x.a=eq.1", "select=x&x.a=eq.1"]
)
def test_a_path_to_no_embed_is_refused(query):
    with pytest.raises(Problem) as refusal:
        parse_query(query)

    assert refusal.value.status == 400
    assert refusal.value.body() == {
        "code": "PGRST108",
        "details": None,
        "hint": "Verify that 'x' is included in the 'select' query parameter.",
        "message": "'x' is not an embedded resource in this request",
    }


def test_what_cannot_be_read_is_told_before_a_path_to_no_embed():
    with pytest.raises(Problem, match="failed to parse select parameter"):
        parse_query("x.a=eq.1&select=a(")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("a=x&select=a(&columns=(&or=(&order=", "order"),
        ("a=x&select=a(&columns=(&or=(", "logic tree"),
        ("a=x&select=a(&columns=(", "columns parameter"),
        ("on_conflict=&a=x&select=a(", "select parameter"),
        ("on_conflict=&a=x", "filter"),
        ("on_conflict=", "on_conflict parameter"),
    ],
)
def test_of_several_faults_the_same_one_is_told(query, first):
    with pytest.raises(Problem, match=f"failed to parse {first} "):
        parse_query(query)


@pytest.mark.parametrize("query", [b"a=eq.\xff", "a=eq.%ff", "%ff=eq.1", "a=eq.%00", b"a=eq.\x00", "a=eq.%ED%A0%80"])
def test_bytes_that_are_no_text_are_refused(query):
    with pytest.raises(Problem) as refusal:
        parse_query(query)

    assert (refusal.value.status, refusal.value.code) == (400, "PGRST100")


def nested_select(depth):
    return "select=" + "a(" * depth + "b" + ")" * depth


def nested_logic(depth):
    return "and=(" + "or(" * (depth - 1) + "a.eq.1" + ")" * depth


@pytest.mark.parametrize(
    ("largest", "query", "words"),
    [
        (8, nested_select, "The depth of embedding is more than the 8"),
        (16, nested_logic, "The nesting of and/or is more than the 16"),
        (256, lambda n: "select=" + ",".join(["a"] * n), "The number of select items is more than the 256"),
        (256, lambda n: "&".join(["a=eq.1"] * n), "The number of filters and logic members is more than the 256"),
        (255, lambda n: "or=(" + ",".join(["a.eq.1"] * n) + ")", "The number of filters and logic members"),
        (1000, lambda n: "a=in.(" + ",".join(["1"] * n) + ")", "The number of members of an in-list is more than the 1000"),
        (32, lambda n: "select=a" + "->b" * n, "The number of steps of a JSON path is more than the 32"),
        (32, lambda n: "order=" + ",".join(["a"] * n), "The number of terms of an order is more than the 32"),
        (63, lambda n: "select=" + "a" * n, "The length of a name in bytes is more than the 63"),
        (31, lambda n: "é" * n + "=eq.1", "The length of a name in bytes"),
        (63, lambda n: "select=" + "a" * n + ":b", "The length of a name in bytes"),
        (63, lambda n: "columns=" + "a" * n, "The length of a name in bytes"),
    ],
)  # fmt: skip
def test_bounds(largest, query, words):
    parse_query(query(largest).encode())

    with pytest.raises(Problem) as refusal:
        parse_query(query(largest + 1).encode())
    assert (refusal.value.status, refusal.value.code) == (400, "PGRST100")
    assert refusal.value.message.startswith(words)


def test_bounds_may_be_set():
    with pytest.raises(Problem, match="more than the 1 that are allowed"):
        parse_query("select=a,b", Bounds(select_items=1))


HOSTILE = {
    "brackets": "or=" + "(" * 8000,
    "groups": "or=" + "(or" * 5000,
    "embeds": "select=" + "a(" * 8000,
    "quotes": "a=in.(" + '"' * 16000,
    "quoted members": "a=in.(" + '"a,' * 5000,
    "escapes": "a=in.(" + '"\\' * 8000,
    "braces": "or=(a.eq." + "{" * 16000,
    "open members": "or=(" + "a.eq.{," * 2000,
    "related terms": "order=" + "a(" * 8000,
    "dashes": "select=" + "a-" * 8000,
    "arrows": "select=a" + "->" * 8000,
    "negations": "a=" + "not." * 4000,
    "paths": "a." * 8000 + "b=eq.1",
    "ranges": "select=a(*)&" + "a.limit=1&" * 1500 + "b.limit=1",
}


@pytest.mark.parametrize("query", [pytest.param(query, id=name) for name, query in HOSTILE.items()])
def test_hostile_text_is_refused_at_once(query):
    started = perf_counter()

    with pytest.raises(Problem):
        parse_query(query)
    assert perf_counter() - started < 1
