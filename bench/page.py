"""The results as a page of Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bench.scene import Sizes
from bench.spread import ratios, told

HEAD = """# Results of one run

Written by `python -m bench.everything` (see [benchmarks](benchmarks.md)). {machine}
{sizes.coupons:,} coupons, {sizes.uses:,} uses and {sizes.seasons:,} seasons of ten organizations, laid in by COPY.

Medians of the rounds, with the least and the most in brackets. A ratio is taken round by round. "Statement" is what PostgreSQL does
by itself: of a read the bare statement under pgbench with eight connections, as the superuser, without scope, policy or HTTP; of a
redemption the ledger's function; of one coupon its INSERT; of many, and of files, the bare COPY of as many rows out of or into the
same constrained table, without history. Rates of many and of files are rows a second, and their processor is that of the whole
request. What is measured "alone" has one caller.
"""
COLUMNS = (
    "shape",
    "ours a second",
    "of the statement",
    "times the stock viewset",
    "of PostgREST",
    "server's CPU ms",
    "PostgreSQL's CPU ms",
    "alone, times the statement's wait",
)
TABLE = f"\n| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}\n"


class Found(Protocol):
    name: str
    rates: dict[str, list[float]]
    server_ms: list[float]
    database_ms: list[float]


def written(found: Sequence[Found], growth: Mapping[int, Sequence[Found]], sizes: Sizes, machine: str) -> str:
    head = HEAD.format(sizes=sizes, machine=machine)
    return "".join([head, TABLE, *(_line(each) for each in found), *(_grown(growth) if growth else [])])


def _line(found: Found) -> str:
    cells = [
        found.name,
        told(found.rates["ours"]),
        _ratio(found, "ours", "statement"),
        _ratio(found, "ours", "stock", ".1f"),
        _ratio(found, "ours", "PostgREST"),
        told(found.server_ms, ".2f") if found.server_ms else "",
        told(found.database_ms, ".2f") if found.database_ms else "",
        _ratio(found, "statement alone", "ours alone"),
    ]
    return f"| {' | '.join(cells)} |\n"


def _ratio(found: Found, who: str, whose: str, form: str = ".2f") -> str:
    if not found.rates.get(who) or not found.rates.get(whose):
        return ""
    return told(ratios(found.rates[who], found.rates[whose]), form)


def _grown(growth: Mapping[int, Sequence[Found]]) -> list[str]:
    """Milliseconds of one caller at each number of uses."""
    sizes = list(growth)
    names = [each.name for each in growth[sizes[0]]]
    lines = ["\n## As the uses grow\n\nMilliseconds that one caller waits.\n\n"]
    lines.append(f"| shape | {' | '.join(f'{size:,} uses' for size in sizes)} |\n|---|{'---|' * len(sizes)}\n")
    for place, name in enumerate(names):
        waits = [[1000 / rate for rate in growth[size][place].rates["ours alone"]] for size in sizes]
        lines.append(f"| {name} | {' | '.join(told(wait, '.2f') for wait in waits)} |\n")
    return lines
