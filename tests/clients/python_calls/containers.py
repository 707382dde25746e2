"""What is in an array, a JSON value or a text."""

from __future__ import annotations

from typing import Any

from tests.clients.python_calls.calls import Call, coded, codes

LANGUAGES = [{"default_language": "en-US"}]


def languages(client: Any) -> Any:
    return client.from_("organizations").select("default_language")


CONTAINERS = [
    Call("contains_array", lambda c, ids: languages(c).contains("languages", ["nl-NL"]), LANGUAGES),
    Call("contains_more", lambda c, ids: languages(c).contains("languages", ["nl-NL", "de"]), []),
    Call("contains_literal", lambda c, ids: languages(c).contains("languages", "{en-US}"), LANGUAGES),
    Call("contains_json", lambda c, ids: codes(c).contains("definition", {"type": "absolute"}), coded("LATE_SUMMER")),
    Call("cs", lambda c, ids: languages(c).cs("languages", ["en-US"]), LANGUAGES),
    Call(
        "contained_by_array", lambda c, ids: languages(c).contained_by("languages", ["nl-NL", "en-US", "x"]), LANGUAGES
    ),
    Call("contained_by_less", lambda c, ids: languages(c).contained_by("languages", ["nl-NL"]), []),
    Call("contained_by_json", lambda c, ids: codes(c).contained_by("definition", {}), []),
    Call("cd", lambda c, ids: languages(c).cd("languages", ["en-US"]), []),
    Call("overlaps", lambda c, ids: languages(c).overlaps("languages", ["de", "nl-NL"]), LANGUAGES),
    Call("overlaps_nothing", lambda c, ids: languages(c).overlaps("languages", ["de, at", 'a"b']), []),
    Call("ov", lambda c, ids: languages(c).ov("languages", "{en-US,fr}"), LANGUAGES),
]

SEARCHES = [
    Call("text_search", lambda c, ids: codes(c).text_search("fts", "'quiet' & 'week'"), coded("QUIET_WEEK")),
    Call(
        "text_search_plain",
        lambda c, ids: codes(c).text_search("fts", "late summer", options={"type": "plain", "config": "english"}),
        coded("LATE_SUMMER"),
    ),
    Call(
        "text_search_phrase",
        lambda c, ids: codes(c).text_search("fts", "summer late", options={"type": "phrase"}),
        [],
    ),
    Call(
        "text_search_web",
        lambda c, ids: codes(c).text_search("description", "quiet or summer", options={"type": "web_search"}),
        coded("QUIET_WEEK", "LATE_SUMMER"),
    ),
    Call("fts", lambda c, ids: codes(c).fts("fts", "spa | old"), coded("SPA_DAY", "OLD_OFFER")),
    Call("plfts", lambda c, ids: codes(c).plfts("fts", "spa day"), coded("SPA_DAY")),
    Call("phfts", lambda c, ids: codes(c).phfts("fts", "late summer"), coded("LATE_SUMMER")),
    Call("wfts", lambda c, ids: codes(c).wfts("fts", "old -spa"), coded("OLD_OFFER")),
    Call("not_fts", lambda c, ids: codes(c).not_.fts("fts", "spa | old | late"), coded("QUIET_WEEK")),
]
