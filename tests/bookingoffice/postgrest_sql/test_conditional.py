"""What a client has already is not sent again, and long answers are packed for who can unpack them."""

from __future__ import annotations

import gzip

import pytest

from bookingoffice.postgrest.views.conditional import WORTHWHILE, packed, takes_gzip
from bookingoffice.postgrest.views.replies import Reply

from .conftest import Client


def test_the_same_rows_have_the_same_tag_and_others_another(client: Client) -> None:
    tag = client.get("books?id=eq.1").headers["ETag"]

    assert client.get("books?id=eq.1").headers["ETag"] == tag
    assert client("HEAD", "books?id=eq.1").headers["ETag"] == tag
    assert client.get("books?id=eq.2").headers["ETag"] != tag
    assert client.get("books?id=eq.1", Accept="application/vnd.pgrst.object+json").headers["ETag"] != tag
    assert client.get("books?id=eq.1", Prefer="count=exact").headers["ETag"] != tag
    client("PATCH", "books?id=eq.1", {"mood": "wild"})
    assert client.get("books?id=eq.1").headers["ETag"] != tag


@pytest.mark.parametrize("said", ["{tag}", '"other", {tag}', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_known_is_not_sent_again(client: Client, method: str, said: str) -> None:
    first = client.get("books?select=id")

    again = client(method, "books?select=id", If_None_Match=said.format(tag=first.headers["ETag"]))

    assert (again.status, again.text) == (304, "")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Content-Location"] == first.headers["Content-Location"]
    assert "Content-Type" not in again.headers


@pytest.mark.parametrize("said", ['"other"', "", "nonsense", 'W/"'])
def test_what_is_not_known_is_sent(client: Client, said: str) -> None:
    assert client.get("books?select=id", If_None_Match=said).status == 200


def test_a_refusal_has_no_tag(client: Client) -> None:
    assert "ETag" not in client.get("books?nope=eq.1").headers
    assert client.get("books?nope=eq.1", If_None_Match="*").status == 400


LONG = Reply(body=b"[" + b'{"a": 1}, ' * WORTHWHILE + b"{}]", content_type="application/json; charset=utf-8")


@pytest.mark.parametrize("accept", ["gzip", "gzip, deflate, br", "br;q=1.0, GZIP;q=0.8", "x-gzip"])
def test_a_long_answer_is_packed(accept: str) -> None:
    reply = packed(LONG, gzip=takes_gzip(accept))

    assert gzip.decompress(reply.body) == LONG.body
    assert len(reply.body) < len(LONG.body) / 5
    assert reply.headers == {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}


@pytest.mark.parametrize("accept", [None, "identity", "br", "gzip;q=0", "gzip; q=0.0", "gzipped"])
def test_it_is_not_for_who_does_not_ask(accept: str | None) -> None:
    reply = packed(LONG, gzip=takes_gzip(accept or ""))

    assert reply.body == LONG.body
    assert reply.headers == {"Vary": "Accept-Encoding"}


@pytest.mark.parametrize("reply", [Reply(204), Reply(body=b"[]", content_type=LONG.content_type)])
def test_a_short_answer_is_left_as_it_is(reply: Reply) -> None:
    assert packed(reply, gzip=True) is reply


def test_bytes_of_a_client_are_left_as_they_are() -> None:
    raw = Reply(body=LONG.body, content_type="application/octet-stream")

    assert packed(raw, gzip=True) is raw
