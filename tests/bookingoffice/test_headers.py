"""What answers forbid a browser, on every kind of page, and what of that the admin's theme must be let."""

from __future__ import annotations

import pytest
from django.test import Client

from bookingoffice.headers import ADMIN, DATA, FILES, PAGES, Dressed

HARD = ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/v1/coupons", DATA),
        ("/v1/", DATA),
        ("/hyperline/v1/coupons", DATA),
        ("/fynn/coupons", DATA),
        ("/botsubscription/v2/projects/x/coupons", DATA),
        ("/hyperline/openapi.json", DATA),
        ("/hyperline/docs", PAGES),
        ("/nowhere", PAGES),
        ("/admin/login/", ADMIN),
        ("/healthz", DATA),
    ],
)
def test_each_kind_of_answer_has_its_policy_once(path, policy):
    answer = Client().get(path)

    assert answer.headers["Content-Security-Policy"] == policy
    assert [answer.headers[name] for name in HARD] == ["nosniff", "DENY", "same-origin"]
    if policy in (PAGES, ADMIN):
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_outside_the_admin_may_neither_evaluate_nor_style_in_place():
    assert "unsafe" not in PAGES + DATA
    assert ADMIN.count("unsafe") == 2
    assert "'unsafe-inline'" not in ADMIN.partition("script-src")[2].partition(";")[0]


def test_no_header_is_given_twice_and_a_pages_own_policy_stands():
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Security-Policy", "default-src 'self'")])
        return [b""]

    heard = []
    Dressed(application)({"PATH_INFO": "/static/a.svg"}, lambda status, headers: heard.extend(headers))

    names = [name for name, _ in heard]
    assert len(names) == len(set(names))
    assert dict(heard)["Content-Security-Policy"] == "default-src 'self'"
    assert "unsafe-eval" not in FILES
