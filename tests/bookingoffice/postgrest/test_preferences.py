import pytest

from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.preferences import Preferences, parse_preferences


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], Preferences()),
        (["return=minimal"], Preferences(returning="minimal")),
        (["return=representation,count=exact"], Preferences(returning="representation", count="exact")),
        ([" count=exact ,  missing=default"], Preferences(count="exact", missing="default")),
        (["return=headers-only", "missing=null"], Preferences(returning="headers-only", missing="null")),
        (["resolution=merge-duplicates"], Preferences(resolution="merge-duplicates")),
        (["count=exact, count=planned"], Preferences(count="exact")),
        (["count=exact", "count=planned"], Preferences(count="exact")),
        (["count=some, count=estimated"], Preferences(count="estimated")),
        (["Count=exact, return = minimal, tx=rollback, respond-async"], Preferences()),
        (["timezone=Europe/Lisbon"], Preferences(timezone="Europe/Lisbon")),
        (["timezone=Mars/Olympus, timezone=Europe/Lisbon"], Preferences()),
        (["timezone=localtime"], Preferences()),
        (["max-affected=10"], Preferences(max_affected=10)),
        (["max-affected=0"], Preferences(max_affected=0)),
        (["max-affected=ten"], Preferences()),
        (["max-affected=-1"], Preferences()),
        (["handling=strict, max-affected=2"], Preferences(handling="strict", max_affected=2)),
        (["handling=strict, tx=commit,"], Preferences(handling="strict")),
        (["handling=lenient, nope"], Preferences(handling="lenient")),
    ],
)  # fmt: skip
def test_words(headers, expected):
    assert parse_preferences(headers) == expected


@pytest.mark.parametrize(
    ("headers", "listed"),
    [
        (["handling=strict, nope"], "nope"),
        (["nope, return=minimal", "handling=strict, count=some"], "nope, count=some"),
        (["handling=strict, timezone=Mars/Olympus"], "timezone=Mars/Olympus"),
    ],
)
def test_strict_refuses_what_is_unknown(headers, listed):
    with pytest.raises(Problem) as refusal:
        parse_preferences(headers)

    assert refusal.value.status == 400
    assert refusal.value.body() == {
        "code": "PGRST122",
        "details": f"Invalid preferences: {listed}",
        "hint": None,
        "message": "Invalid preferences given with handling=strict",
    }


def test_max_affected_binds_only_under_strict():
    assert parse_preferences(["max-affected=3"]).affected_limit is None
    assert parse_preferences(["handling=strict,max-affected=3"]).affected_limit == 3


@pytest.mark.parametrize(
    ("header", "method", "text"),
    [
        ("resolution=merge-duplicates, missing=default", "POST", "resolution=merge-duplicates, missing=default"),
        ("missing=null, return=minimal, count=exact", "PATCH", "missing=null"),
        ("return=minimal, count=exact", "POST", None),
        ("count=exact", "GET", None),
        ("resolution=ignore-duplicates", "PATCH", None),
        ("handling=lenient, count=exact, return=minimal", "GET", "count=exact, handling=lenient"),
        (
            "max-affected=10, handling=strict, timezone=UTC, count=exact, return=minimal, missing=null",
            "PATCH",
            "missing=null, return=minimal, count=exact, handling=strict, timezone=UTC, max-affected=10",
        ),
        ("max-affected=10, return=minimal", "DELETE", "return=minimal"),
        ("timezone=UTC, resolution=merge-duplicates", "POST", "resolution=merge-duplicates, timezone=UTC"),
    ],
)
def test_preference_applied(header, method, text):
    assert parse_preferences([header]).applied(method) == text
