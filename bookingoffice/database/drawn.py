"""Ids of many rows in the statement that makes them: PostgreSQL asks the system for chance at each `uuid7()`, here a statement asks once.

What each row has of it is drawn by hashing, so that who knows one id cannot tell the next. The moment is the database's, when the
statement has got as far: one of whoever sends it would be of another clock, and of before it waited for a lock.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

_DIGEST: Final = "sha256(convert_to(%(chance)s::text || '{kind}' || {number}, 'UTF8'))"
_DATED: Final = """(SELECT encode(int8send((micros / 1000 << 16) | (7 << 12) | (mod(micros, 1000) * 4096 / 1000)), 'hex')
    FROM (SELECT (date_part('epoch', clock_timestamp()) * 1000000)::bigint AS micros) AS now)"""
"""Asked once for all rows, since it names none of them."""
_COUNTED: Final = "to_hex(x'80000'::int + (({number})::int & x'3ffff'::int))"
"""RFC 9562, 6.2: the variant, and behind it 18 bits of a counter."""


def uuid7_of(number: str) -> str:
    """SQL of a version 7 id, over `drawn()`; ids of one statement sort by `number`, of which 18 bits count."""
    chance = "substr(encode({}, 'hex'), 1, 11)".format(_DIGEST.format(kind=" id ", number=number))
    return f"({_DATED} || {_COUNTED.format(number=number)} || {chance})::uuid"


def public_id_of(prefix: str, number: str) -> str:
    """SQL of what `public.public_id` answers, over `drawn()`."""
    digest = _DIGEST.format(kind=" public ", number=number)
    letters = f"substr(encode(substr({digest}, 1, 12), 'base64'), 1, 14)"
    return f"'{prefix}' || replace(replace({letters}, '+', 'A'), '/', 'a')"


def drawn() -> dict[str, Any]:
    """The parameter of one statement: its chance."""
    return {"chance": secrets.token_hex(16)}
