"""Ids, numbers, lines, and the addresses of monitoring, through the whole application."""

from __future__ import annotations

import logging
import re
from uuid import UUID

import pytest
from django.test import Client

from bookingoffice.watching import health
from tests.builders import make_key, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    return make_key(make_organization())


def asked(path, key="", **headers):
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return Client(raise_request_exception=False).get(path, headers=headers)


def test_every_answer_has_an_id_of_its_own(key):
    first, second = (asked("/v1/coupons", key).headers["X-Request-Id"] for _ in range(2))

    assert UUID(first).version == 4
    assert first != second


@pytest.mark.parametrize("path", ["/v1/coupons", "/nowhere", "/admin/login/", "/fynn/coupons", "/healthz"])
def test_the_callers_own_id_is_kept(path):
    assert asked(path, **{"X-Request-Id": "trace-0123.abc"}).headers["X-Request-Id"] == "trace-0123.abc"


@pytest.mark.parametrize(
    "odd", ["short", "with blank", "new\tline", "x" * 129, "<script>alert</script>", "-leading-dash"]
)
def test_an_odd_id_is_replaced(odd):
    assert asked("/healthz", **{"X-Request-Id": odd}).headers["X-Request-Id"] != odd


def number(text, name, **labels):
    wanted = ",".join(f'{label}="{value}"' for label, value in sorted(labels.items()))
    found = re.search(rf"^{name}\{{{re.escape(wanted)}\}} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def numbers():
    return asked("/metrics").content.decode()


def test_requests_are_counted_by_door_table_method_and_status(key):
    kind = {"door": "rows", "route": "coupons", "method": "GET", "status": "200"}
    before = numbers()
    asked("/v1/coupons", key), asked("/v1/coupons", key)
    after = numbers()

    assert (
        number(after, "bookingoffice_requests_total", **kind) - number(before, "bookingoffice_requests_total", **kind)
        == 2
    )
    trips = "bookingoffice_postgresql_round_trips_total"
    assert number(after, trips, door="rows") - number(before, trips, door="rows") >= 2
    count = "bookingoffice_request_seconds_count"
    assert number(after, count, door="rows") - number(before, count, door="rows") == 2


def test_lost_rows_are_counted_from_nought():
    """An alert on an increase does not see a number that appears for the first time."""
    for outcome in ("written", "dropped", "failed"):
        assert f'bookingoffice_request_log_rows_total{{outcome="{outcome}"}}' in numbers()


def test_no_label_says_what_a_stranger_wrote(key):
    asked("/v1/coupons_of_mine", key), asked("/fynn/coupons/9b3c0001-aaaa", key), asked("/v1/rpc/guess-me", key)
    Client().generic("BREW", "/v1/coupons")

    told = numbers()

    assert not [word for word in ("coupons_of_mine", "9b3c0001", "guess-me", "BREW") if word in told]
    assert 'route="unknown"' in told


def test_the_numbers_are_closed_to_strangers():
    through_a_proxy = Client().get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    from_elsewhere = Client(REMOTE_ADDR="192.0.2.7").get("/metrics")

    assert (through_a_proxy.status_code, from_elsewhere.status_code) == (404, 404)


def test_a_token_opens_the_numbers_from_anywhere_and_closes_them_to_all_others(settings):
    settings.METRICS_TOKEN = "a token of monitoring"
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")

    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer a token of monitoring"}).status_code == 200
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    assert Client().get("/metrics").status_code == 404


def test_living_asks_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert asked("/healthz").content == b"alive\n"


def test_ready_means_answering_and_migrated():
    answer = asked("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ready\n")


def test_a_missing_migration_is_not_ready(monkeypatch):
    monkeypatch.setattr(health, "_known", lambda: frozenset({("coupons", "0999_to_come")}))

    answer = asked("/readyz")

    assert (answer.status_code, answer.content) == (503, b"1 migrations are not applied\n")


def test_a_line_for_each_request_where_lines_are_wanted(key, settings, caplog):
    settings.ACCESS_LOG = True
    with caplog.at_level(logging.INFO, "bookingoffice.access"):
        asked("/v1/coupons?code=eq.SECRETCODE", key)

    [record] = caplog.records
    assert record.getMessage().startswith("GET /v1/coupons 200 ")
    assert record.fields["door"] == "rows"
    assert "SECRETCODE" not in caplog.text
