"""JSON texts near seasons and names, right and wrong, written as no program would rewrite them (`5.0` stays `5.0`)."""

from __future__ import annotations

from hypothesis import strategies as st


def _object(*members: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*members).map(lambda written: "{" + ",".join(filter(None, written)) + "}")


def _member(key: str, value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Mostly there, sometimes left out."""
    present = value.map(lambda written: f'"{key}":{written}')
    return st.one_of(present, present, present, present, st.just(""))


ODD = st.sampled_from(
    ["null", "true", '"5"', "5.0", "5e0", "0.5e1", "50e-1", "-1", "-0", "1E+3", "[]", "{}", "5.5", "31"]
)
NOTHING_MORE = st.sampled_from(["", "", "", "", "", '"note":1'])
MONTHS = st.one_of(st.integers(-1, 12).map(str), ODD)
DAYS = st.one_of(st.integers(0, 32).map(str), ODD)
SIDES = st.one_of(_object(_member("month", MONTHS), _member("day", DAYS), NOTHING_MORE), ODD)
SPANS = st.one_of(_object(_member("min", SIDES), _member("max", SIDES), NOTHING_MORE), ODD)
LISTS = st.lists(SPANS, max_size=2).map(lambda written: "[" + ",".join(written) + "]")
TYPES = st.sampled_from(['"recurring-date-range"'] * 5 + ['"weekday"', "null", '["recurring-date-range"]'])
VALUES = st.one_of(
    _object(_member("type", TYPES), _member("intervals", st.one_of(LISTS, LISTS, LISTS, ODD)), NOTHING_MORE), ODD
)

TAGS = st.sampled_from(
    ["default", "Default", "nl", "NL", "nl-NL", "nl_NL", "gr-EL", "n", "", "nl-", "zh-Hant-TW", "nl\\n"]
)
NAMES = st.one_of(
    st.dictionaries(TAGS, st.sampled_from(['""', '"x"', '"x"', '"x"', "5", "null"]), max_size=4).map(
        lambda texts: "{" + ",".join(f'"{tag}":{text}' for tag, text in texts.items()) + "}"
    ),
    ODD,
)
