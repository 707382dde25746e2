"""Which requests try a code, and which answers say that there is none such: guessing is made dear, knowing is not."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote_plus

TRYING: Final = ("/rpc/quote", "/rpc/reserve", "/rpc/redeem", "/coupons/validate")
FILTERS: Final = ("code=", "code.", "code_key=", "code_key.")
NONE: Final = ("404", "406")
"""Statuses: nothing is there, or not the one row that was asked for."""

UNKNOWN: Final = b'"coupon_not_found"'
UNKNOWN_HERE: Final = {"409": b'"No coupon has this code."'}
"""What is said in place of that under another status, by `rpc/reserve` and `rpc/redeem`."""


def tries_a_code(path: str, query: str) -> bool:
    """Whichever way a column's name is written: its letters encoded, in quotes."""
    if path.endswith(TRYING):
        return True
    if "%" in query or '"' in query:
        query = unquote_plus(query).replace('"', "")
    return "code" in query and any(word in query for word in FILTERS)


def unknown_codes(status: str, headers: Iterable[tuple[str, str]], body: bytes) -> int:
    """How many codes the answer to such a request says are unknown."""
    if status.startswith(NONE):
        return 1
    told = dict(headers)
    if told.get("Content-Range", "").startswith("*/"):
        return 1
    if told.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return body.count(UNKNOWN_HERE.get(status[:3], UNKNOWN))
