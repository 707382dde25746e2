"""Limits, request log and secrets through the production server, by HTTP, with the settings of a real office."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import pytest
from django.db import connections

from bookingoffice.database.scope import tenant_scope
from tests import databases
from tests.builders import make_key, make_organization
from tests.serving import served


@pytest.fixture
def settled(monkeypatch):
    for name, value in {
        "BOOKINGOFFICE_RATE_LIMITS": "on",
        "BOOKINGOFFICE_RATE_PER_KEY": "20",
        "BOOKINGOFFICE_RATE_PER_ADDRESS": "100",
        "BOOKINGOFFICE_RATE_SIGN_INS": "2",
        "BOOKINGOFFICE_PROXIES": "1",
        "BOOKINGOFFICE_REQUESTS_KEPT_DAYS": "30",
        "BOOKINGOFFICE_LOG_FORMAT": "json",
        "BOOKINGOFFICE_LOG_LEVEL": "DEBUG",
        "BOOKINGOFFICE_ACCESS_LOG": "1",
    }.items():
        monkeypatch.setenv(name, value)


def asked(url, path, *, method="GET", body=None, headers=()):
    """Headers as they are given, twice where they are given twice."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.putrequest(method, path)
    data = (body or "").encode()
    for name, value in [*headers, ("Content-Length", str(len(data)))]:
        connection.putheader(name, value)
    connection.endheaders(data)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), text


def test_an_office_under_siege(committed_db, settled, capfd):
    """A key's limit, a forged hop, guesses at the log-in; then the log of it all, written although the server ends at once."""
    organization, password = make_organization(), "hunter2-is-no-password"
    key, other = make_key(organization), make_key(organization)
    with served(databases.worker_database()) as url:
        statuses = [asked(url, f"/v1/coupons?limit={n}", headers=bearer(key))[0] for n in range(25)]
        more = 0
        while (refused := asked(url, "/v1/coupons", headers=bearer(key)))[0] == 200:
            more += 1
        forged = [
            asked(url, "/v1/products", headers=[("X-Forwarded-For", f"9.9.9.{n}"), ("X-Forwarded-For", "7.7.7.7")])[0]
            for n in range(250)
        ]
        another_address = asked(url, "/v1/products", headers=[*bearer(other), ("X-Forwarded-For", "8.8.8.8")])
        sign_ins = [
            asked(url, "/admin/login/", method="POST", body=f"username=demo&password={password}", headers=FORM)[0]
            for _ in range(3)
        ]

    # On a slow machine some places come free meanwhile.
    assert statuses[:20] == [200] * 20
    assert int(refused[1]["retry-after"]) >= 1
    assert json.loads(refused[2])["code"] == "53400"
    assert forged[:100] == [401] * 100
    assert 429 in forged
    assert another_address[0] == 200
    assert sign_ins == [403, 403, 429]
    rows = logged(organization)
    assert [row[:3] for row in rows[:20]] == [("/v1/coupons", "GET", "success")] * 20
    assert rows[-1][:3] == ("/v1/products", "GET", "success")
    assert len(rows) == statuses.count(200) + 1 + more
    assert [row[3] for row in rows][:2] == ["limit=0", "limit=1"]
    written = capfd.readouterr().err
    assert written.count('"logger": "bookingoffice.access"') >= 130
    assert [secret for secret in (key, other, password) if secret in written] == []


FORM = [("Content-Type", "application/x-www-form-urlencoded"), ("X-Forwarded-For", "6.6.6.6")]


def bearer(key):
    return [("Authorization", f"Bearer {key}"), ("X-Forwarded-For", "5.5.5.5")]


def logged(organization):
    with tenant_scope(organization.pk), connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT endpoint, method, status::text, search FROM api_requests WHERE organization_id = %s ORDER BY created_at",
            [organization.pk],
        )
        return cursor.fetchall()
