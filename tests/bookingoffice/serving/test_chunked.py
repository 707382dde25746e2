"""A body in chunks is a body like any other, on the served application."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

from tests.builders import make_key, make_organization

COUPON = json.dumps({"code": "IN PIECES", "definition": {"type": "relative", "restrictions": [], "value": -5}}).encode()


def posted_in_chunks(address: str, token: str, pieces: list[bytes]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    headers = {"Authorization": f"Bearer {token}", "Transfer-Encoding": "chunked"}
    connection.request("POST", "/v1/coupons?select=code", iter(pieces), headers, encode_chunked=True)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_a_body_in_chunks_is_read_whole(live_url):
    token = make_key(make_organization())

    status, body = posted_in_chunks(live_url, token, [COUPON[:10], COUPON[10:11], COUPON[11:]])

    assert (status, json.loads(body)) == (201, [{"code": "IN PIECES"}])


def test_a_body_in_chunks_that_is_too_long_is_refused(live_url):
    token = make_key(make_organization())

    status, body = posted_in_chunks(live_url, token, [b" " * 1024 * 1024] * 9)

    assert (status, json.loads(body)["code"]) == (413, "PGRST102")
