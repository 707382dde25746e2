"""JSON texts near seasons and names, right and wrong, written as no program would rewrite them (`5.0` stays `5.0`).

Drawn from a seeded chance and in thousands, since one question to the database can carry them all.
"""

from __future__ import annotations

from random import Random

ODD = ["null", "true", '"5"', "5.0", "5e0", "0.5e1", "50e-1", "-1", "-0", "1E+3", "[]", "{}", "5.5", "31"]
ODD_TYPES = ['"weekday"', "null", '["recurring-date-range"]']
TAGS = ["default", "Default", "nl", "NL", "nl-NL", "nl_NL", "gr-EL", "n", "", "nl-", "zh-Hant-TW", "nl\\n"]
TEXTS = ['""', '"x"', '"x"', '"x"', "5", "null"]


def value_text(chance: Random) -> str:
    """About every second one is a season without fault; most others have a single fault."""
    recurring = _mostly(chance, '"recurring-date-range"', ODD_TYPES)
    spans = ",".join(_span(chance) for _ in range(chance.randrange(4)))
    return _mostly(chance, _object(chance, type=recurring, intervals=_mostly(chance, f"[{spans}]", ODD)), ODD)


def name_text(chance: Random) -> str:
    tags = ["default", *chance.sample(TAGS, chance.randrange(4))][chance.randrange(10) == 0 :]
    members = ",".join(f'"{tag}":{chance.choice(TEXTS)}' for tag in dict.fromkeys(tags))
    return _mostly(chance, "{" + members + "}", ODD)


def _span(chance: Random) -> str:
    return _mostly(chance, _object(chance, min=_side(chance), max=_side(chance)), ODD)


def _side(chance: Random) -> str:
    month, day = chance.choice([chance.randint(0, 11), 1, 1]), chance.randint(1, 29)
    if chance.randrange(15) == 0:
        month, day = chance.randint(-1, 12), chance.randint(0, 32)
    members = {"month": _mostly(chance, str(month), ODD), "day": _mostly(chance, str(day), ODD)}
    return _mostly(chance, _object(chance, **members), ODD)


def _object(chance: Random, **members: str) -> str:
    """Any member may be missing, and one too many may be there."""
    written = [_mostly(chance, f'"{key}":{value}', [""]) for key, value in members.items()]
    written.append(_mostly(chance, "", ['"note":1']))
    return "{" + ",".join(filter(None, written)) + "}"


def _mostly(chance: Random, usual: str, odd: list[str]) -> str:
    return chance.choice(odd) if chance.randrange(40) == 0 else usual
