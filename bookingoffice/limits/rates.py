"""How much of everything: the operator's numbers, each for one minute. Nought lifts that limit."""

from __future__ import annotations

from dataclasses import dataclass

from bookingoffice.env import Environment
from bookingoffice.limits.gcra import Limit

MOST = 100_000_000


@dataclass(frozen=True, slots=True)
class Rates:
    """`unknown_cost` is what a code that does not exist counts among the look-ups; `proxies` stand between us and the caller."""

    key: Limit | None
    address: Limit | None
    lookups: Limit | None
    sign_ins: Limit | None
    unknown_cost: int = 50
    proxies: int = 0

    @classmethod
    def of(cls, environment: Environment) -> Rates | None:
        """None where the limits are switched off; an odd number is refused all the same."""
        rates = cls(
            key=_limit(environment, "BOOKINGOFFICE_RATE_PER_KEY", "key", 60_000),
            address=_limit(environment, "BOOKINGOFFICE_RATE_PER_ADDRESS", "address", 120_000),
            lookups=_limit(environment, "BOOKINGOFFICE_RATE_LOOKUPS", "lookups", 30_000),
            sign_ins=_limit(environment, "BOOKINGOFFICE_RATE_SIGN_INS", "sign-ins", 30),
            unknown_cost=environment.integer("BOOKINGOFFICE_RATE_UNKNOWN_COST", 50, least=1, most=MOST),
            proxies=environment.integer("BOOKINGOFFICE_PROXIES", 0, least=0, most=10),
        )
        return rates if environment.flag("BOOKINGOFFICE_RATE_LIMITS", default=True) else None


def _limit(environment: Environment, variable: str, name: str, default: int) -> Limit | None:
    quota = environment.integer(variable, default, least=0, most=MOST)
    return Limit(name, quota) if quota else None
