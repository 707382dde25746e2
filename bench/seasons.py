"""`python -m bench.seasons`: the report of an organization with 500 seasons among 12,000, over HTTP, in turns with the bare
overlap of the same rows in PostgreSQL.
"""

from __future__ import annotations

import argparse
import time
from random import Random
from typing import Any, Final
from urllib.request import Request, urlopen

import psycopg
from psycopg.types.json import Jsonb

from bench.house import House, opened
from bench.spread import ratios, told

BARE: Final = """
SELECT count(*) FROM seasons AS a JOIN seasons AS b ON b.organization_id = a.organization_id AND a.id < b.id AND a.slots && b.slots
WHERE a.organization_id = %s
"""
INSERT: Final = "INSERT INTO seasons (organization_id, name, value) VALUES (%s, %s, %s)"
OTHERS: Final = 1000


def value_of(chance: Random) -> dict[str, Any]:
    """Three weeks somewhere in the year."""
    first, month = chance.randint(1, 7), chance.randint(0, 11)
    span = {"min": {"day": first, "month": month}, "max": {"day": first + 20, "month": month}}
    return {"type": "recurring-date-range", "intervals": [span]}


def fill(cursor: psycopg.Cursor[Any], organization_id: object, number: int, chance: Random) -> None:
    cursor.executemany(
        INSERT, [(organization_id, Jsonb({"default": "x"}), Jsonb(value_of(chance))) for _ in range(number)]
    )


def furnish(house: House, mine: int, theirs: int) -> None:
    chance = Random(1)
    with house.maintenance() as link, link.transaction(), link.cursor() as cursor:
        cursor.execute(
            'INSERT INTO organizations (name) SELECT \'{"default": "x"}\' FROM generate_series(1, %s) RETURNING id',
            (OTHERS,),
        )
        for (organization_id,) in cursor.fetchall():
            fill(cursor, organization_id, theirs, chance)
        fill(cursor, house.organization_id, mine, chance)
    with house.maintenance() as link:
        link.execute("ANALYZE seasons")


def seconds_of_report(house: House) -> float:
    address = f"http://127.0.0.1:{house.port}/v1/rpc/season_report"
    started = time.perf_counter()
    with urlopen(Request(address, headers={"Authorization": f"Bearer {house.key}"})) as answer:
        answer.read()
    return time.perf_counter() - started


def seconds_of_overlap(house: House) -> float:
    with house.maintenance() as link:
        started = time.perf_counter()
        link.execute(BARE, (house.organization_id,)).fetchone()
        return time.perf_counter() - started


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seasons", type=int, default=500)
    options.add_argument("--rounds", type=int, default=9)
    asked = options.parse_args()
    with opened() as house:
        furnish(house, asked.seasons, 12)
        for _ in range(4):  # every worker has answered once
            seconds_of_report(house)
        rounds = [(seconds_of_report(house), seconds_of_overlap(house)) for _ in range(asked.rounds)]
    reports, overlaps = [one for one, _ in rounds], [other for _, other in rounds]
    print(f"report of {asked.seasons} seasons over HTTP   {told([second * 1000 for second in reports])} ms")
    print(f"bare overlap in PostgreSQL           {told([second * 1000 for second in overlaps])} ms")
    print(f"ratio                                {told(ratios(reports, overlaps), '.2f')}")


if __name__ == "__main__":
    main()
