"""The key by which coupon codes are compared, and what may be a code, as SQL functions.

Only the database computes keys. Their bodies are parsed when they are made, so a dump restores under an empty search
path; the collation is PostgreSQL's own, so a key is the same on every machine (PostgreSQL 17 or later).
"""

from __future__ import annotations

from typing import Final

from coupons.codes import IGNORED, LONGEST, REFUSED, CharacterRange


def _character_class(ranges: tuple[CharacterRange, ...]) -> str:
    """A bracket expression of code points; no text of PostgreSQL holds the zero one."""
    return "[" + "".join(f"\\U{max(first, 1):08X}-\\U{last:08X}" for first, last in ranges) + "]"


def _bare(expression: str) -> str:
    return f"""regexp_replace({expression}, '{_character_class(IGNORED)}', '', 'g')"""


# Normalizing can bring out a space or a hyphen, and removing can bring together what composes: hence both twice.
_SPOKEN: Final = _bare("normalize(" + _bare("code") + ", nfkc)")
_OF_ANY: Final = f"normalize(lower({_SPOKEN} collate pg_catalog.pg_c_utf8), nfkc)"

# Of bytes that are characters there is nothing to normalize: the same key at a third of the cost.
_IGNORED_BYTES: Final = "".join(
    f"\\x{point:02X}" for first, last in IGNORED for point in range(first, last + 1) if point < 128
)
_OF_ASCII: Final = f"lower(translate(code, E'{_IGNORED_BYTES}', '') collate pg_catalog.pg_c_utf8)"

# Not strict, or it would be called for each row instead of becoming part of the statement; null has no key all the same.
_CODE_KEY: Final = f"""
create or replace function public.coupon_code_key(code text) returns text
language sql immutable parallel safe
return case when octet_length(code) = char_length(code) then {_OF_ASCII} else {_OF_ANY} end
"""

_WELL_WRITTEN: Final = f"char_length(code) <= {LONGEST} AND code !~ '{_character_class(REFUSED)}'"
_CODE_IS_VALID: Final = f"""
create or replace function public.coupon_code_is_valid(code text) returns boolean
language sql immutable strict parallel safe
return {_WELL_WRITTEN} and public.coupon_code_key(code) <> ''
"""

CODE_CHECK: Final = f"{_WELL_WRITTEN} AND code_key <> ''"
"""What `coupon_code_is_valid` says of a row that has its key already."""

CODE_KEY: Final = (_CODE_KEY, "public.coupon_code_key(text)")

FUNCTIONS: Final[tuple[tuple[str, str], ...]] = (
    (_CODE_KEY, "drop function if exists public.coupon_code_key(text)"),
    (_CODE_IS_VALID, "drop function if exists public.coupon_code_is_valid(text)"),
)
"""Statements that make and unmake the functions, in the order of making; unmake them in the reverse order."""
