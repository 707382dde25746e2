"""The head of a read as its bytes stand on the wire, taken apart no further than tells it from others."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from bookingoffice.postgrest.views.parting import Parted, part

LONGEST: Final = 4096  # bytes
TARGET: Final = re.compile(rb"GET (/[!-~]*) HTTP/1\.1\r\n", re.ASCII)
END: Final = b"\r\n\r\n"


class Head(NamedTuple):
    """`rest` is every byte behind the first line: two heads of the same rest have the same headers."""

    path: bytes
    query: str
    parted: Parted
    rest: bytes


@lru_cache(maxsize=1024)
def head_of(data: bytes) -> Head | None:
    """Of `data` that holds one whole head and nothing else; None for whatever is not so plain."""
    line = TARGET.match(data)
    if line is None or len(data) > LONGEST or data.find(END) != len(data) - len(END):
        return None
    path, _, query = line[1].partition(b"?")
    return Head(path, query.decode("ascii"), part(query), data[line.end() :]) if b"#" not in query else None
