"""Which coupons of a file need no closer look, in SQL: twin of `file_rows` and `drafts`; a test holds them together."""

from __future__ import annotations

from typing import Final

from bookingoffice.database.drawn import public_id_of
from bookingoffice.datafiles.bulk import NUMBER, Bulk
from bookingoffice.money import EXPONENTS
from coupons.expressions import PERCENT_DECIMALS
from coupons.file_rows import NOT_NEGATIVE, VALUE
from coupons.file_targets import COLUMNS as TARGETS
from coupons.ledger import LIMITS
from coupons.redeemed import KEPT

KIND: Final = """
coalesce(typed.kind, CASE WHEN typed.percent IS NOT NULL THEN 'percent' WHEN typed.amount_minor IS NOT NULL THEN 'amount' END)
"""
CURRENCY: Final = "coalesce(typed.currency, %(currency)s)"
_TAKEN: Final = f"trim_scale(typed.amount_minor / power(10::numeric, public.currency_exponent({CURRENCY})))"
DEFINITION: Final = f"""
(CASE {KIND} WHEN 'percent' THEN '{{"type": "relative", "restrictions": [], "value": ' || trim_scale(-typed.percent) || '}}'
ELSE '{{"type": "absolute", "restrictions": [], "value": [{{"period": null, "occupancy_group_id": null, "value": '
    || {_TAKEN} || '}}]}}' END)::jsonb
"""
"""As a text, which is read in a third of the time that it takes to build."""

_KNOWN: Final = ", ".join(f"'{code}'" for code in sorted(EXPONENTS))
_LIMITED: Final = (
    *(f"coalesce(typed.{name}, 0) >= 0" for name in NOT_NEGATIVE),
    f"coalesce(typed.limit_currency IN ({_KNOWN}), true)",
    "coalesce(typed.arrival_weekdays <@ '{1,2,3,4,5,6,7}', true)",
    "coalesce(jsonb_typeof(typed.metadata) = 'object', true)",
)
_VALUED: Final = f"""
CASE {KIND}
WHEN 'percent' THEN typed.amount_minor IS NULL AND typed.currency IS NULL AND typed.percent BETWEEN 0 AND 100
    AND scale(trim_scale(typed.percent)) <= {PERCENT_DECIMALS}
WHEN 'amount' THEN typed.percent IS NULL AND typed.amount_minor IS NOT NULL AND {CURRENCY} IN ({_KNOWN})
ELSE false END
"""
PLAIN: Final = " AND ".join(
    [
        "typed.code_key IS NOT NULL",
        "typed.definition IS NULL",
        *(f"typed.{name} IS NULL" for name in TARGETS),
        *_LIMITED,
        _VALUED,
    ]
)

BULK: Final = Bulk(
    label="code",
    plain=f"({PLAIN}) IS TRUE",
    changeable=f"({' AND '.join([*_LIMITED, 'coupons.expires_text IS NULL'])}) IS TRUE",
    made={
        "public_id": f"coalesce(typed.public_id, {public_id_of('cou_', NUMBER)})",
        "name": "coalesce(typed.name, typed.code)",
        "kind": KIND,
        "currency": f"CASE {KIND} WHEN 'amount' THEN {CURRENCY} END",
        "definition": DEFINITION,
    },
    names=frozenset({"id", "public_id"}),
    apart=frozenset({*VALUE, *LIMITS, *TARGETS, *KEPT, "expires_text"}),
)
