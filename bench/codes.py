"""`python -m bench.codes`: `generate_coupons` into a file against the bare COPY of as many rows into the same table, in turns.

COPY cannot write through row-level security, so it runs above it, as the superuser, from codes that are drawn already. The
command is the whole of it: its start, the drawing, the serving role, the history of every coupon, the CSV.
"""

from __future__ import annotations

import argparse
import time
from typing import Final
from uuid import uuid4

from bench.house import House, command, opened
from bench.spread import ratios, told
from coupons.generation import DEFAULT, pattern_of

COPY: Final = """
COPY coupons (organization_id, batch_id, code, code_generated, name, kind, percent, definition, quota) FROM STDIN
"""
DEFINITION: Final = '{"type": "relative", "value": -15, "restrictions": []}'


def seconds_of_copy(house: House, number: int) -> float:
    codes = list(dict.fromkeys(pattern_of(DEFAULT).draw(number + number // 100 + 10)))[:number]
    batch = uuid4()
    with house.maintenance() as link, link.transaction(), link.cursor() as cursor:
        cursor.execute(
            "INSERT INTO coupon_batches (organization_id, id, count) VALUES (%s, %s, %s)",
            (house.organization_id, batch, number),
        )
        begun = time.perf_counter()
        with cursor.copy(COPY) as rows:
            for code in codes:
                rows.write_row((house.organization_id, batch, code, True, code, "percent", "15", DEFINITION, 1))
    return time.perf_counter() - begun


def seconds_of_command(house: House, number: int) -> float:
    begun = time.perf_counter()
    file = str(house.folder.path / "codes.csv")
    command(house.folder, "generate_coupons", str(number), "--percent", "15", "--uses", "1", "--output", file)
    return time.perf_counter() - begun


def cleared(house: House) -> None:
    with house.maintenance() as link:
        link.execute("TRUNCATE coupons, coupon_batches, audit_entries CASCADE")
        link.execute("CHECKPOINT")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--codes", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    copying: list[float] = []
    making: list[float] = []
    with opened() as house:
        for _ in range(given.rounds):
            cleared(house)
            copying.append(seconds_of_copy(house, given.codes))
            cleared(house)
            making.append(seconds_of_command(house, given.codes))
    print(f"COPY of {given.codes:,} rows, seconds: {told(copying, '.1f')}")
    print(f"generate_coupons of {given.codes:,} codes, seconds: {told(making, '.1f')}")
    print(f"generate_coupons as a multiple of COPY: {told(ratios(making, copying), '.2f')}")


if __name__ == "__main__":
    main()
