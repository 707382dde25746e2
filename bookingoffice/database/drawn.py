"""Ids of many rows in the statement that makes them: PostgreSQL asks the system for chance at each `uuid7()`, here a statement asks once.

What each row has of it is drawn by hashing, so that who knows one id cannot tell the next.
"""

from __future__ import annotations

import secrets
import time
from typing import Any, Final

_DIGEST: Final = "sha256(convert_to(%(chance)s::text || '{kind}' || {number}, 'UTF8'))"
_COUNTED: Final = "to_hex(x'80000'::int + (({number})::int & x'3ffff'::int))"
"""RFC 9562, 6.2: the variant, and behind it 18 bits of a counter."""


def uuid7_of(number: str) -> str:
    """SQL of a version 7 id, over `drawn()`; ids of one statement sort by `number`, of which 18 bits count."""
    chance = "substr(encode({}, 'hex'), 1, 11)".format(_DIGEST.format(kind=" id ", number=number))
    return f"(%(dated)s::text || {_COUNTED.format(number=number)} || {chance})::uuid"


def public_id_of(prefix: str, number: str) -> str:
    """SQL of what `public.public_id` answers, over `drawn()`."""
    digest = _DIGEST.format(kind=" public ", number=number)
    letters = f"substr(encode(substr({digest}, 1, 12), 'base64'), 1, 14)"
    return f"'{prefix}' || replace(replace({letters}, '+', 'A'), '/', 'a')"


def drawn() -> dict[str, Any]:
    """The parameters of one statement: its moment as ids begin with it, to a quarter of a microsecond, and its chance."""
    millis, rest = divmod(time.time_ns(), 1_000_000)
    return {"dated": f"{millis:012x}7{rest * 4096 // 1_000_000:03x}", "chance": secrets.token_hex(16)}
