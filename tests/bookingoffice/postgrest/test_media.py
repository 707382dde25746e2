import pytest

from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.media import CSV, JSON, OBJECT, RAW, STRIPPED_ARRAY, STRIPPED_OBJECT, negotiate


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/json", JSON),
        ("application/json; charset=utf-8", JSON),
        ("application/vnd.pgrst.object+json", OBJECT),
        ("application/vnd.pgrst.object", OBJECT),
        ("application/vnd.pgrst.array+json", JSON),
        ("application/vnd.pgrst.array+json;nulls=stripped", STRIPPED_ARRAY),
        ("application/vnd.pgrst.object+json; nulls=stripped", STRIPPED_OBJECT),
        ("application/vnd.pgrst.object+json;q=0.9;nulls=stripped", STRIPPED_OBJECT),
        ("application/json;nulls=stripped", JSON),
        ("text/csv", CSV),
        ("text/plain", RAW["text/plain"]),
        ("text/xml", RAW["text/xml"]),
        ("application/octet-stream", RAW["application/octet-stream"]),
        ("text/html, text/csv", CSV),
        ("text/csv, application/json", CSV),
        ("text/csv;q=0.5, application/json", JSON),
        ("text/csv;q=0.5, application/json;q=0.4", CSV),
        ("text/csv; q=0.5, application/json; q=0.4", CSV),
        ("*/*, text/csv", CSV),
        ("text/csv;q=x, application/json;q=0.9", CSV),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
    ],
)
def test_negotiation(accept, expected):
    assert negotiate(accept) is expected


@pytest.mark.parametrize(
    ("accept", "listed"),
    [
        ("text/html", "text/html"),
        ("text/html;level=1, image/png;q=0.5, a/b;q=0.7", "text/html, a/b, image/png"),
        ("application/vnd.pgrst.plan+json", "application/vnd.pgrst.plan+json"),
        ("", ""),
    ],
)
def test_nothing_that_is_known(accept, listed):
    with pytest.raises(Problem) as refusal:
        negotiate(accept)

    assert (refusal.value.status, refusal.value.code) == (415, "PGRST107")
    assert refusal.value.message == f"None of these media types are available: {listed}"


def test_raw_types_are_for_reads():
    with pytest.raises(Problem, match="None of these media types are available: text/plain"):
        negotiate("text/plain", reading=False)
    assert negotiate("text/plain, */*", reading=False) is JSON


@pytest.mark.parametrize(
    ("media", "content_type", "raw"),
    [
        (JSON, "application/json; charset=utf-8", False),
        (OBJECT, "application/vnd.pgrst.object+json; charset=utf-8", False),
        (STRIPPED_OBJECT, "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8", False),
        (CSV, "text/csv; charset=utf-8", False),
        (RAW["text/plain"], "text/plain; charset=utf-8", True),
        (RAW["application/octet-stream"], "application/octet-stream", True),
    ],
)
def test_content_types(media, content_type, raw):
    assert (media.content_type, media.is_raw) == (content_type, raw)
