"""Node trees become text and are read back; broken text never raises anything but a Problem."""

from dataclasses import replace
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.grammar import parse_query
from bookingoffice.postgrest.nodes import (
    Column,
    Compare,
    CountRows,
    Embed,
    Everything,
    Field,
    Group,
    In,
    Is,
    Level,
    OrderTerm,
    Query,
    Search,
    Step,
)

QUANTIFIABLE = ["eq", "gte", "gt", "lte", "lt", "like", "ilike", "match", "imatch"]
PLAIN = ["neq", "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj", "isdistinct"]
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)

names = st.text("ab_é .:,()\"\\!'->1", min_size=1, max_size=6)
types = st.sampled_from(["text", "int", "double precision"])
arrows = st.sampled_from(["->", "->>"])
steps = st.builds(Step, arrows, names | st.integers(-9, 9))
last_steps = st.builds(Step, arrows, names)  # digits before a closing bracket would be read as a key
paths = st.just(()) | st.builds(lambda some, last: (*some, last), st.lists(steps, max_size=2), last_steps)
fields = st.builds(Field, names, paths)
plain_columns = st.builds(Column, fields, st.none() | names, st.none() | types)
aggregates = st.builds(
    Column,
    fields,
    st.none() | names,
    st.none() | types,
    st.sampled_from(["avg", "count", "max", "min", "sum"]),
    st.none() | types,
)
counts = st.builds(CountRows, st.none() | names, st.none() | types)
columns = st.just(Everything()) | plain_columns | aggregates | counts

negated = st.booleans()
leaves = (
    st.builds(Compare, fields, st.sampled_from(PLAIN), TEXT, negated)
    | st.builds(Compare, fields, st.sampled_from(QUANTIFIABLE), TEXT, negated, st.none() | st.sampled_from(["any", "all"]))
    | st.builds(In, fields, st.lists(TEXT, max_size=3).filter(lambda v: v != [""]).map(tuple), negated)
    | st.builds(Is, fields, st.sampled_from(["null", "true", "false", "unknown"]), negated)
    | st.builds(Search, fields, st.sampled_from(["fts", "plfts", "phfts", "wfts"]), TEXT, st.none() | types, negated)
)  # fmt: skip


def grouped(members):
    return st.builds(
        Group, st.sampled_from(["and", "or"]), st.lists(members, min_size=1, max_size=3).map(tuple), negated
    )


trees = grouped(st.recursive(leaves, grouped, max_leaves=6))
terms = st.builds(
    OrderTerm,
    fields,
    st.none() | st.sampled_from(["asc", "desc"]),
    st.none() | st.sampled_from(["nullsfirst", "nullslast"]),
    st.none() | names,
)
numbers = st.none() | st.integers(0, 2**63 - 1)


def levels(embeds):
    return st.builds(
        lambda items, embedded, conditions, order, limit, offset: Level(
            (*items, *(replace(embed, target=f"t{place}") for place, embed in enumerate(embedded))),
            tuple(conditions),
            tuple(order),
            limit,
            offset,
        ),
        st.lists(columns, min_size=1, max_size=3),
        embeds,
        st.lists(leaves | trees, max_size=3),
        st.lists(terms, max_size=2),
        numbers,
        numbers,
    )


def embeds_of(level):
    return st.builds(
        lambda inner, spread, alias, hint, join: Embed(
            "t", inner, None if spread else alias, hint, None if spread and join == "left" else join, spread
        ),
        level,
        st.booleans(),
        st.none() | st.just("alias"),
        st.none() | names,
        st.none() | st.sampled_from(["inner", "left"]),
    )


levels_of_any_depth = st.recursive(
    levels(st.just([])), lambda inner: levels(st.lists(embeds_of(inner), max_size=2)), max_leaves=3
)
queries = st.builds(
    Query,
    levels_of_any_depth,
    st.none() | st.sets(names, min_size=1, max_size=3).map(lambda found: tuple(sorted(found))),
    st.none() | st.lists(names, min_size=1, max_size=3).map(tuple),
)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def field_text(field):
    keys = (step.operator + (str(step.key) if isinstance(step.key, int) else quoted(step.key)) for step in field.path)
    return quoted(field.column) + "".join(keys)


def item_text(item):
    match item:
        case Everything():
            return "*"
        case CountRows(alias, cast):
            return aliased(alias) + "count()" + cast_text(cast)
        case Column(field, alias, cast, aggregate, result_cast):
            call = f".{aggregate}()" + cast_text(result_cast) if aggregate else ""
            return aliased(alias) + field_text(field) + cast_text(cast) + call
        case Embed():
            head = "..." if item.spread else aliased(item.alias)
            hint = f"!{quoted(item.hint)}" if item.hint else ""
            join = f"!{item.join}" if item.join else ""
            return f"{head}{item.target}{hint}{join}({','.join(map(item_text, item.level.items))})"


def aliased(alias):
    return f"{quoted(alias)}:" if alias else ""


def cast_text(cast):
    return f"::{cast}" if cast else ""


def operation_text(condition, value):
    negation = "not." if condition.negated else ""
    match condition:
        case Compare():
            modifier = f"({condition.quantifier})" if condition.quantifier else ""
            return f"{negation}{condition.operator}{modifier}.{value(condition.value)}"
        case In():
            return f"{negation}in.({','.join(map(quoted, condition.values))})"
        case Is():
            return f"{negation}is.{condition.value}"
        case Search():
            modifier = f"({condition.configuration})" if condition.configuration else ""
            return f"{negation}{condition.operator}{modifier}.{value(condition.query)}"


def member_text(member):
    if isinstance(member, Group):
        return ("not." if member.negated else "") + member.connective + group_text(member)
    return f"{field_text(member.field)}.{operation_text(member, quoted)}"


def group_text(group):
    return f"({','.join(map(member_text, group.members))})"


def term_text(term):
    subject = field_text(term.field)
    related = f"{quoted(term.relation)}({subject})" if term.relation else subject
    return ".".join(filter(None, [related, term.direction, term.nulls]))


def level_pairs(level, prefix=""):
    for condition in level.conditions:
        if isinstance(condition, Group):
            yield f"{prefix}{'not.' * condition.negated}{condition.connective}", group_text(condition)
        else:
            yield prefix + field_text(condition.field), operation_text(condition, str)
    if level.order:
        yield f"{prefix}order", ",".join(map(term_text, level.order))
    if level.limit is not None:
        yield f"{prefix}limit", str(level.limit)
    if level.offset is not None:
        yield f"{prefix}offset", str(level.offset)
    for embed in level.embeds:
        yield from level_pairs(embed.level, f"{prefix}{embed.target}.")


def pairs(query):
    yield "select", ",".join(map(item_text, query.root.items))
    if query.columns is not None:
        yield "columns", ",".join(map(quoted, query.columns))
    if query.on_conflict is not None:
        yield "on_conflict", ",".join(map(quoted, query.on_conflict))
    yield from level_pairs(query.root)


def text_of(query):
    return "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in pairs(query))


def canonical(level):
    """Embeds by name and conditions by text: their order says nothing about the answer's rows."""
    plain = [item for item in level.items if not isinstance(item, Embed)]
    embeds = sorted(level.embeds, key=lambda embed: embed.target)
    inner = [replace(embed, level=canonical(embed.level)) for embed in embeds]
    return replace(level, items=(*plain, *inner), conditions=tuple(sorted(level.conditions, key=repr)))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(queries)
def test_what_is_written_is_read_back(query):
    read = parse_query(text_of(query))

    assert replace(read, root=canonical(read.root)) == replace(query, root=canonical(query.root))


FATES = {"read", (400, "PGRST100"), (400, "PGRST108")}


def fate(text):
    try:
        parse_query(text)
    except Problem as problem:
        return problem.status, problem.code
    return "read"


mutations = st.lists(
    st.tuples(st.integers(0, 10_000), st.sampled_from('.,()"\\{}!:->*& =;%\0éx0')), min_size=1, max_size=4
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(queries, mutations)
def test_broken_text_is_read_or_refused(query, changes):
    text = "&".join(f"{key}={value}" for key, value in pairs(query))
    for place, character in changes:
        at = place % len(text)
        text = text[:at] + character + text[at + place % 2 :]

    assert fate(text) in FATES
    assert fate(quote(text, safe="=&")) in FATES


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(query):
    assert fate(query) in FATES
