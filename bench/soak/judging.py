"""What must be true in the end, asked of the database itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.house import environment, manage
from bench.soak.tills import Till
from bookingoffice.database.addresses import DATABASE_NAME
from bookingoffice.database.server.bootstrap import superuser
from bookingoffice.database.server.folder import DataFolder

USES = "SELECT booking_id::text FROM coupon_uses WHERE coupon_id = %s"
BOOKINGS = "SELECT count(*), count(DISTINCT reference) FROM bookings"


@dataclass(frozen=True)
class Judgement:
    acknowledged: int
    faults: list[str]


def judged(folder: DataFolder, tills: Sequence[Till], coupons: dict[str, str], quota: int) -> Judgement:
    with superuser(folder.socket_folder(), DATABASE_NAME) as link:
        there = {code: [str(each) for (each,) in link.execute(USES, [key]).fetchall()] for code, key in coupons.items()}
        bookings = link.execute(BOOKINGS).fetchone()
    faults = [*_of_uses(there, tills, quota), *_of_ledger(folder)]
    if bookings is None or bookings[0] != bookings[1]:
        faults.append(f"{bookings} bookings and references: one was made twice.")
    number = sum(len(each) for till in tills for kept in (till.spent, till.returned) for each in kept.values())
    return Judgement(number, faults)


def _of_uses(there: dict[str, list[str]], tills: Sequence[Till], quota: int) -> Iterator[str]:
    for code, found in there.items():
        spent = {booking for till in tills for booking in till.spent.get(code, ())}
        returned = {booking for till in tills for booking in till.returned.get(code, ())}
        unsure = {booking for till in tills for booking in till.unsure}
        lost, back = spent - returned - set(found) - unsure, returned & set(found)
        if lost:
            yield f"{code}: {len(lost)} acknowledged uses are not there."
        if back:
            yield f"{code}: {len(back)} uses are there whose release was acknowledged."
        if len(found) != len(set(found)):
            yield f"{code}: a booking has used it twice."
        if untold := set(found) - spent - unsure:
            yield f"{code}: {len(untold)} uses are there that nobody was told of."
    if len(there["LIMITED"]) > quota:
        yield f"LIMITED: {len(there['LIMITED'])} uses of a quota of {quota}."
    yield from (fault for till in tills for fault in till.odd[:5])


def _of_ledger(folder: DataFolder) -> Iterator[str]:
    done = subprocess.run(manage("check_ledger"), env=environment(folder), capture_output=True, text=True)
    if done.returncode:
        yield f"{done.stdout}{done.stderr}"
