import pytest

from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.grammar import parse_query
from bookingoffice.postgrest.nodes import Column, CountRows, Embed, Everything, Field, Level, Step


def items(text):
    return parse_query(f"select={text}".encode()).root.items


def column(name, *steps, **rest):
    return Column(Field(name, tuple(Step(arrow, key) for arrow, key in steps)), **rest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Everything()),
        ("*", Everything()),
        ("code", column("code")),
        ("n:code", column("code", alias="n")),
        (" code ", column("code")),
        ("first name", column("first name")),
        ("a-b", column("a-b")),
        ("$x_1", column("$x_1")),
        ("größe", column("größe")),
        ('"a,b:c"', column("a,b:c")),
        (r'"say \"hi\" \\"', column('say "hi" \\')),
        ('" x "', column(" x ")),
        ("quota::text", column("quota", cast="text")),
        ("quota::double precision", column("quota", cast="double precision")),
        ("name->>default", column("name", ("->>", "default"))),
        ("a->0", column("a", ("->", 0))),
        ("a->-1", column("a", ("->", -1))),
        ("a->0x", column("a", ("->", "0x"))),
        ('a->"b.c"->>d', column("a", ("->", "b.c"), ("->>", "d"))),
        ("a-b->c", column("a-b", ("->", "c"))),
        (
            "amount:definition->value->0->>value::numeric",
            column("definition", ("->", "value"), ("->", 0), ("->>", "value"), alias="amount", cast="numeric"),
        ),
        ("count", CountRows(bare=True)),
        ("n:count::text", CountRows("n", "text", bare=True)),
        ("count()", CountRows()),
        ("n:count()::text", CountRows("n", "text")),
        ("hi:quota.max()", column("quota", alias="hi", aggregate="max")),
        ("quota.avg()::int", column("quota", aggregate="avg", result_cast="int")),
        ("o->adults::int.sum()", column("o", ("->", "adults"), cast="int", aggregate="sum")),
        ("code.count()", column("code", aggregate="count")),
        ("rel()", Embed("rel", Level())),
        ("rel(*)", Embed("rel", Level((Everything(),)))),
        ("x:rel(a)", Embed("rel", Level((column("a"),)), alias="x")),
        ("rel!fk(a)", Embed("rel", Level((column("a"),)), hint="fk")),
        ("rel!inner(a)", Embed("rel", Level((column("a"),)), join="inner")),
        ("rel!left(a)", Embed("rel", Level((column("a"),)), join="left")),
        ("rel!fk!inner(a)", Embed("rel", Level((column("a"),)), hint="fk", join="inner")),
        ("rel!inner!fk(a)", Embed("rel", Level((column("a"),)), hint="fk", join="inner")),
        ("rel!inner_fk(a)", Embed("rel", Level((column("a"),)), hint="inner_fk")),
        ('rel!"inner"(a)', Embed("rel", Level((column("a"),)), hint="inner")),
        ("rel(count)", Embed("rel", Level((CountRows(bare=True),)))),
        ("...rel(a)", Embed("rel", Level((column("a"),)), spread=True)),
        ("...rel!fk!inner(a)", Embed("rel", Level((column("a"),)), hint="fk", join="inner", spread=True)),
        ("a(b(c))", Embed("a", Level((Embed("b", Level((column("c"),))),)))),
    ],
)
def test_one_item(text, expected):
    assert items(text) == (expected,)


def test_items_keep_their_order_and_may_repeat():
    assert items("*, code ,code,rel(a, b),x") == (
        Everything(),
        column("code"),
        column("code"),
        Embed("rel", Level((column("a"), column("b")))),
        column("x"),
    )


def test_digits_before_a_bracket_are_a_key():
    assert items("rel(data->0)")[0].level.items == (column("data", ("->", "0")),)


def test_encoded_arrows_and_dots_are_arrows_and_dots():
    assert parse_query("select=a-%3E%3Eb,q%2Emax()").root.items == (
        column("a", ("->>", "b")),
        column("q", aggregate="max"),
    )


def test_text_after_a_closed_embed_is_not_read():
    assert items("rel(a)b,c") == (Embed("rel", Level((column("a"),))),)


@pytest.mark.parametrize(
    "text", [",id", "!x", ":id", "-a", "(id)", ")", ".id", "..id", "...", "...rel", "*x", "*!hint", "=id", ",rel(id)"]
)
def test_where_no_item_begins_nothing_is_read(text):
    assert items(text) == (Everything(),)


@pytest.mark.parametrize(
    ("text", "position", "details"),
    [
        (
            "name!hint",
            5,
            'unexpected \'!\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
        ),
        ("a,*!hint", 4, 'unexpected \'!\' expecting ")", "," or end of input'),
        ("rel(*!hint)", 6, 'unexpected \'!\' expecting ")", "," or end of input'),
        ("rel(,a)", 5, None),
        (" ,a", 2, None),
        ('"a,b', 5, None),
        ("name::", 7, "unexpected end of input expecting letter or digit"),
        ("data->>-78xy", 11, 'unexpected \'x\' expecting digit, "->", "::", ".", "," or end of input'),
        ("data->>--34", 9, 'unexpected "-" expecting digit'),
        ("rel(a", 6, None),
        ("a,,b", 3, None),
        ("a,", 3, None),
        ("numeric::numeric(10,2)", 17, None),
        ("quota.median()", 7, None),
        ("a,...rel", 9, None),
        ("id::text::int", 9, None),
        ('"open', 6, None),
    ],
)
def test_what_is_no_select_is_refused_with_its_position(text, position, details):
    with pytest.raises(Problem) as refusal:
        items(text)

    problem = refusal.value
    assert (problem.status, problem.code) == (400, "PGRST100")
    assert problem.message == f'"failed to parse select parameter ({text})" (line 1, column {position})'
    assert details in (None, problem.details)
