"""Answers that need not be sent again, or not at full length: `ETag` with `If-None-Match`, and gzip for who asks."""

from __future__ import annotations

import zlib

from django.utils.http import parse_etags
from xxhash import xxh3_128

from bookingoffice.postgrest.views.replies import Reply
from bookingoffice.postgrest.views.requests import Request

WORTHWHILE = 1400  # bytes; what is shorter leaves in one packet either way
LEVEL = 1  # three quarters of what the highest level saves, for a tenth of its time
GZIP = 16 + zlib.MAX_WBITS
SHOWN = ("Content-Location", "Link", "Content-Profile")
"""What an unchanged answer tells again."""


def unless_known(reply: Reply, request: Request) -> Reply:
    """The answer of a read with its validator, or 304 where the client has these very rows, and this very total, already.

    The validator is weak: the same rows are the same answer however they are packed.
    """
    tag = _tag(reply)
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known is not None and _names(known, tag):
        kept = {name: reply.headers[name] for name in SHOWN if name in reply.headers}
        return Reply(304, headers={**kept, "ETag": tag})
    return Reply(reply.status, reply.body, reply.content_type, {**reply.headers, "ETag": tag})


def _tag(reply: Reply) -> str:
    """Tells answers apart that nobody makes alike on purpose: their own readers alone would be misled."""
    digest = xxh3_128(reply.body)
    digest.update(f"{reply.headers.get('Content-Range')} {reply.content_type}".encode())
    return f'W/"{digest.hexdigest()}"'


def _names(header: str, tag: str) -> bool:
    """A star names every answer there is."""
    tags = parse_etags(header)
    return tags == ["*"] or any(each.removeprefix("W/") == tag.removeprefix("W/") for each in tags)


def packed(reply: Reply, *, gzip: bool) -> Reply:
    """Gzipped where the client takes that and the body is long enough to be worth it. A body in bytes of its own is left alone."""
    status, body, content_type, headers = reply
    if len(body) < WORTHWHILE or not (content_type or "").endswith("charset=utf-8"):
        return reply
    if gzip:
        body, headers = zlib.compress(body, LEVEL, GZIP), {**headers, "Content-Encoding": "gzip"}
    return Reply(status, body, content_type, {**headers, "Vary": "Accept-Encoding"})


def takes_gzip(header: str) -> bool:
    """By `Accept-Encoding`."""
    for wish in header.lower().split(","):
        coding, _, weight = wish.partition(";")
        if coding.strip() in ("gzip", "x-gzip"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
