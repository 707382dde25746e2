"""What makes two requests the same."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import RequestFactory

from bookingoffice.idempotency.asking import fingerprint, keyed, read_asked
from bookingoffice.idempotency.refusals import KeyRefused

ONE, TWO = UUID(int=1), UUID(int=2)


def asked(method="POST", path="/v1/seasons", body=b"{}", key="one"):
    request = RequestFactory().generic(method, path, body, headers={"Idempotency-Key": key})
    return read_asked(request, organization_id=ONE, api_key_id=TWO)


def test_what_is_asked_keeps_whose_it_is_and_a_digest():
    here = asked(path="/v1/seasons?select=id", body=b"[]")

    assert (here.organization_id, here.api_key_id, here.key) == (ONE, TWO, "one")
    assert here.fingerprint == fingerprint("POST", "/v1/seasons?select=id", b"[]")


@pytest.mark.parametrize(
    "other",
    [
        {"method": "PUT"},
        {"path": "/v1/bookings"},
        {"path": "/bookingmood/v1/seasons"},
        {"path": "/v1/seasons?a=1"},
        {"body": b"{} "},
    ],
)
def test_another_method_path_query_or_body_is_another_request(other):
    assert asked(**other).fingerprint != asked().fingerprint


def test_the_key_itself_is_no_part_of_what_is_asked():
    assert asked(key="two").fingerprint == asked(key="one").fingerprint


def test_the_parts_of_a_request_do_not_run_into_each_other():
    assert fingerprint("POST", "/a", b"/b") != fingerprint("POST", "/a/b", b"")


@pytest.mark.parametrize("key", ["x", "x" * 255, '"5e1f"', "a b, c"])
def test_a_key_that_is_taken(key):
    assert asked(key=key).key == key


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "caf\u00e9", "one\n"])
def test_a_key_that_is_refused(key):
    with pytest.raises(KeyRefused) as refusal:
        asked(key=key)

    assert (refusal.value.status, refusal.value.code) == (400, "idempotency_key_malformed")


@pytest.mark.parametrize(
    ("method", "writes"),
    [("POST", True), ("PATCH", True), ("PUT", True), ("DELETE", True), ("GET", False), ("HEAD", False)],
)
def test_only_what_writes_can_be_keyed(method, writes):
    requests = RequestFactory()

    assert keyed(requests.generic(method, "/", headers={"Idempotency-Key": "one"})) is writes
    assert not keyed(requests.generic(method, "/"))
