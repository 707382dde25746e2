"""A read that comes again is answered as it was the first time: by the same layers, and from what the database holds now."""

from __future__ import annotations

import gzip
import json
from io import BytesIO
from typing import Any

import pytest

from bookingoffice import layers
from bookingoffice.accounts import authentication
from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.accounts.models import ApiKey
from bookingoffice.awaiting import AT_ONCE, Awaiting, Later
from bookingoffice.database.scope import tenant_scope
from bookingoffice.limits.gcra import Limit
from bookingoffice.limits.leases import Leases
from bookingoffice.limits.rates import Rates
from bookingoffice.limits.slots import Slots
from bookingoffice.postgrest.views.parting import part
from bookingoffice.shortcuts import Shortcut
from bookingoffice.wsgi import layered
from tests.builders import make_coupon, make_key, make_organization

LIST = "/v1/coupons"
REFUSALS = ("one where there are more", "beyond the end", "refused by the database", "of a column that is none")
FILLING = ", which fills the page" * 20
READS = {
    "all": (LIST, "", {}),
    "a page": (LIST, "select=description,id&order=description&limit=2", {}),
    "behind a page": (
        LIST,
        "select=description,id&order=description&limit=2&description=gte.N2&or=(description.gt.%22N2%22,and(description.eq.%22N2%22,id.gt.%2200000000-0000-7000-8000-000000000000%22))",
        {},
    ),
    "under the gateway's prefix": ("/bookingmood/v1/coupons", "limit=1", {}),
    "one": (LIST, "limit=1", {"HTTP_ACCEPT": "application/vnd.pgrst.object+json"}),
    "one where there are more": (LIST, "", {"HTTP_ACCEPT": "application/vnd.pgrst.object+json"}),
    "none": (LIST, "description=eq.nobody", {}),
    "counted": (LIST, "limit=2", {"HTTP_PREFER": "count=exact"}),
    "planned": (LIST, "limit=2", {"HTTP_PREFER": "count=planned"}),
    "estimated": (LIST, "limit=2", {"HTTP_PREFER": "count=estimated"}),
    "beyond the end": (LIST, "offset=90", {"HTTP_PREFER": "count=exact"}),
    "in a zone": (LIST, "select=created_at", {"HTTP_PREFER": "timezone=Asia/Tokyo"}),
    "by range": (LIST, "", {"HTTP_RANGE": "1-2"}),
    "as a table": (LIST, "", {"HTTP_ACCEPT": "text/csv"}),
    "packed": (LIST, "", {"HTTP_ACCEPT_ENCODING": "gzip"}),
    "from another site": (LIST, "", {"HTTP_ORIGIN": "https://example.org"}),
    "with a profile": (LIST, "", {"HTTP_ACCEPT_PROFILE": "public"}),
    "embedding": (LIST, "select=code,coupon_uses(id)", {}),
    "a code": (LIST, "code=eq.C1", {}),
    "a code that is none": (LIST, "code=eq.NONE", {}),
    "refused by the database": (LIST, "id=eq.none", {}),
    "of a column that is none": (LIST, "nonsense=eq.1", {}),
    "over https": (LIST, "limit=1", {"wsgi.url_scheme": "https"}),
}
REFUSED = [READS[name] for name in REFUSALS]


@pytest.fixture
def organization(db):
    forget_keys()
    organization = make_organization()
    for number in range(5):
        make_coupon(organization, f"C{number}", description=f"N{number}{FILLING}")
    return organization


@pytest.fixture
def key(organization, monkeypatch):
    monkeypatch.setattr(authentication, "REMEMBERED_SECONDS", 600.0)
    return f"Bearer {make_key(organization)}"


def unasked(environ, start_response):
    raise AssertionError("Django was asked")


def environ_of(key, path=LIST, query="", **more):
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "testserver",
        "HTTP_AUTHORIZATION": key,
        "REMOTE_ADDR": "10.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    } | more


def ask(application, environ):
    heard = []
    body = b"".join(application(environ, lambda status, headers, *_: heard.append((status, headers))))
    [(status, headers)] = heard
    named = dict(headers)
    assert len(named) == len(headers), "a header twice"
    assert named.pop("X-Request-Id")
    return status, named, body


def again(shortcut, environ):
    """As the porch asks it."""
    query = environ["QUERY_STRING"]
    return ask(shortcut, shortcut.environ(query, part(query.encode())))


def shortcut_of(environ, application=None):
    """Known from its first answer, as the porch has it."""
    application = application or layered(unasked)
    ask(application, environ.copy())
    return Shortcut.of(application, environ)


@pytest.mark.parametrize(("path", "query", "more"), READS.values(), ids=READS)
def test_the_short_way_leads_to_the_same_answer(key, path, query, more):
    environ = environ_of(key, path, query, **more)
    shortcut = shortcut_of(environ)
    assert shortcut

    first = ask(layered(unasked), environ.copy())

    assert [again(shortcut, environ) for _ in range(3)] == [first] * 3
    assert first[0][0] == ("4" if (path, query, more) in REFUSED else "2")


SAME_SHAPE = {
    "a text": (
        "description=eq.N1",
        ["description=eq.nobody", "description=eq.N2%2C+and%20more%26%25%22"],
    ),
    "a number": ("quota=gt.1&limit=2", ["quota=gt.99&limit=2", "quota=gt.x&limit=2", "quota=gt.%2b7&limit=2"]),
    "an id": (
        "id=eq.00000000-0000-7000-8000-000000000001",
        ["id=eq.00000000-0000-7000-8000-000000000002", "id=eq.code=1"],
    ),
    "several": (
        "quota=gte.1&description=neq.N1&order=description",
        ["quota=gte.0&description=neq.N3&order=description"],
    ),
    "a place": (
        "select=description,id&order=description&limit=2&description=gte.N1&or=(description.gt.%22N1%22,and(description.eq.%22N1%22,id.gt.%22{0}%22))",
        [
            "select=description,id&order=description&limit=2&description=gte.N2&or=(description.gt.%22N2%22,and(description.eq.%22N2%22,id.gt.%22{0}%22))",
        ],
    ),
}


@pytest.mark.parametrize(("first", "others"), SAME_SHAPE.values(), ids=SAME_SHAPE)
def test_other_values_are_other_questions(key, first, others):
    nobody = "00000000-0000-7000-8000-000000000000"
    shortcut = shortcut_of(environ_of(key, query=first.format(nobody)))
    assert shortcut

    for query in [first, *others, first]:
        environ = environ_of(key, query=query.format(nobody))
        whole = ask(layered(unasked), environ.copy())

        assert part(query.encode()).shape == part(first.format(nobody).encode()).shape
        assert again(shortcut, environ) == whole, query


def test_what_is_there_now_is_answered(organization, key):
    environ = environ_of(key, query="select=description&order=description.desc&limit=1")
    shortcut = shortcut_of(environ)
    assert json.loads(again(shortcut, environ)[2]) == [{"description": f"N4{FILLING}"}]

    make_coupon(organization, "NEW", description="N5")

    assert json.loads(again(shortcut, environ)[2]) == [{"description": "N5"}]


def test_an_answer_that_is_known_is_not_sent_again_until_it_changes(organization, key):
    environ = environ_of(key, query="select=code")
    tag = ask(layered(unasked), environ.copy())[1]["ETag"]
    shortcut = shortcut_of(environ | {"HTTP_IF_NONE_MATCH": tag})

    assert again(shortcut, environ)[0] == "304 Not Modified"
    make_coupon(organization, "D")
    status, headers, body = again(shortcut, environ)

    assert (status, len(json.loads(body))) == ("200 OK", 6)
    assert headers["ETag"] != tag


def test_a_packed_answer_is_the_same(key):
    environ = environ_of(key, HTTP_ACCEPT_ENCODING="gzip")
    _, headers, body = again(shortcut_of(environ), environ)

    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == ask(layered(unasked), environ_of(key))[2]


@pytest.mark.parametrize(
    "more",
    [
        {"REQUEST_METHOD": "POST"},
        {"PATH_INFO": "/v1/rpc/season_report"},
        {"PATH_INFO": "/v1/nothing"},
        {"PATH_INFO": "/v1/"},
        {"HTTP_AUTHORIZATION": "Bearer nobody's"},
        {"HTTP_AUTHORIZATION": ""},
        {"HTTP_HOST": "stranger.example"},
        {"HTTP_X_REQUEST_ID": "mine-and-mine"},
        {"QUERY_STRING": "select=" + "code," * 500 + "id"},
    ],
)
def test_for_whatever_is_more_than_a_read_there_is_none(key, more):
    ask(layered(unasked), environ_of(key))

    assert Shortcut.of(unasked, environ_of(key) | more) is None


def test_a_key_that_is_not_what_it_was_goes_the_whole_way(organization, key):
    environ = environ_of(key)
    shortcut = shortcut_of(environ)
    with tenant_scope(organization.pk):
        ApiKey.objects.update(scopes=["write"])
    forget_keys()

    assert [again(shortcut, environ)[0] for _ in range(2)] == ["403 Forbidden"] * 2  # not known, and known as another


def test_a_key_that_is_no_longer_remembered_is_looked_up_again(organization, key):
    environ = environ_of(key)
    shortcut = shortcut_of(environ)
    forget_keys()
    assert again(shortcut, environ)[0] == "200 OK"
    with tenant_scope(organization.pk):
        ApiKey.objects.all().delete()
    forget_keys()

    assert again(shortcut, environ)[0] == "401 Unauthorized"


def test_limits_are_counted_and_met_on_the_short_way_too(key, settings, monkeypatch):
    settings.RATES = Rates(key=Limit("key", 3), address=Limit("address", 100), lookups=None, sign_ins=None)
    leases = Leases(Slots(None))
    monkeypatch.setattr(layers, "_leases", lambda: leases)
    environ = environ_of(key)
    shortcut = shortcut_of(environ)

    left = [again(shortcut, environ) for _ in range(3)]

    assert [answer[0] for answer in left] == ["200 OK", "200 OK", "429 Too Many Requests"]
    assert left[0][1]["RateLimit"].startswith('"key";r=1')
    assert left[2][1]["Retry-After"]


def test_a_guess_at_a_code_is_charged_for_by_its_answer(key, settings, monkeypatch):
    settings.RATES = Rates(key=None, address=None, lookups=Limit("lookups", 100), sign_ins=None, unknown_cost=30)
    leases = Leases(Slots(None))
    monkeypatch.setattr(layers, "_leases", lambda: leases)
    known, unknown = environ_of(key, query="code=eq.C1"), environ_of(key, query="code=eq.NONE")
    shortcut = shortcut_of(known)

    left = [again(shortcut, each)[1]["RateLimit"].split(";")[1] for each in (known, unknown, known, unknown)]

    assert left == ["r=98", "r=97", "r=66", "r=65"]
    assert again(shortcut, known)[1]["RateLimit"].split(";")[1] == "r=34"
    assert again(shortcut, unknown)[0] == "200 OK"
    assert again(shortcut, known)[1]["RateLimit"].split(";")[1] == "r=2"
    assert again(shortcut, unknown)[0] == "200 OK"
    assert again(shortcut, unknown)[0] == "429 Too Many Requests"


def test_requests_are_written_down_and_seen_on_the_short_way_too(key, settings, monkeypatch):
    settings.REQUESTS_KEPT_DAYS = 30
    written: list[Any] = []
    seen: list[Any] = []
    monkeypatch.setattr(layers._recorder(), "add", written.append)
    environ = environ_of(key, query="limit=1")
    application = layered(unasked)
    shortcut = shortcut_of(environ, application)
    monkeypatch.setattr(layers.metrics(), "request", lambda *numbers: seen.append(numbers))

    ask(application, environ.copy())
    again(shortcut, environ)

    assert written[-1]._replace(at=0) == written[-2]._replace(at=0)
    assert [numbers[:3] for numbers in seen] == [(("rows", "coupons"), "GET", "200")] * 2
    assert seen[0][4] == seen[1][4] > 0  # round trips


def test_what_would_wait_says_so_to_one_who_cannot(key):
    application = layered(unasked)
    start = lambda *_: None  # noqa: E731

    assert isinstance(application(environ_of(key) | {AT_ONCE: True}, start), Later)  # a key that nobody knows yet
    ask(application, environ_of(key))
    assert isinstance(application(environ_of(key) | {AT_ONCE: True}, start), Awaiting)
    counted = environ_of(key, HTTP_PREFER="count=estimated") | {AT_ONCE: True}
    assert isinstance(application(counted, start), Later)  # perhaps two questions
    assert isinstance(application(environ_of(key, "/v1/rpc/season_report") | {AT_ONCE: True}, start), Later)
