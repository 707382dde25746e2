"""The head of a read as its bytes stand on the wire, taken apart no further than tells it from others."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from bookingoffice.postgrest.views.parting import Parted, part

LONGEST: Final = 4096  # bytes
TARGET: Final = re.compile(rb"GET (/[!-~]*) HTTP/1\.1\r\n", re.ASCII)
END: Final = b"\r\n\r\n"
PASSING: Final = re.compile(
    rb"(?<=\n)(?:(x-request-id)|x-correlation-id|traceparent|tracestate|x-amzn-trace-id|x-cloud-trace-context|x-b3-[a-z]+):"
    rb"[ \t]*([!-~]+)\r\n(?![ \t])",
    re.IGNORECASE,
)
"""What names one request on its way, so that no two heads would be the same. We understand the first of them alone."""


class Head(NamedTuple):
    """`rest` is every byte behind the first line but what names this one request: two heads of the same rest say the same.
    `request_id` is the caller's; empty where there is none."""

    path: bytes
    query: str
    parted: Parted
    rest: bytes
    request_id: str = ""


def head_of(data: bytes) -> Head | None:
    """Of `data` that holds one whole head and nothing else; None for whatever is not so plain."""
    return _remembered(data) if len(data) <= LONGEST else None


@lru_cache(maxsize=1024)
def _remembered(data: bytes) -> Head | None:
    line = TARGET.match(data)
    if line is None or data.find(END) != len(data) - len(END):
        return None
    path, _, query = line[1].partition(b"?")
    ids = [found[2] for found in PASSING.finditer(data) if found[1]]
    if b"#" in line[1] or len(ids) > 1:
        return None
    rest = PASSING.sub(b"", data[line.end() - 1 :])
    return Head(path, query.decode("ascii"), part(query), rest, b"".join(ids).decode("ascii"))
