"""Which requests try a code, and which answers say that there is none such: guessing is made dear, knowing is not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote_plus

TRYING: Final = ("/rpc/quote", "/rpc/reserve", "/rpc/redeem", "/coupons/validate")
FILTERS: Final = ("code=", "code.", "code_key=", "code_key.")
UNKNOWN: Final = b'"coupon_not_found"'


def tries_a_code(path: str, query: str) -> bool:
    if path.endswith(TRYING):
        return True
    if "%" in query:
        query = unquote_plus(query)
    return "code" in query and any(word in query for word in FILTERS)


def unknown_codes(status: str, headers: Iterable[tuple[str, str]], body: bytes) -> int:
    """How many codes the answer to such a request says are unknown."""
    if status.startswith("404"):
        return 1
    if any(name == "Content-Range" and text.startswith("*/") for name, text in headers):
        return 1
    return body.count(UNKNOWN)
