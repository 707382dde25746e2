"""Redemptions while everything is killed again and again: no acknowledged use is lost and none counts twice."""

from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from queue import Empty, Queue
from urllib.error import HTTPError
from urllib.request import urlopen

from bookingoffice.database.server import process
from bookingoffice.database.server.folder import DataFolder
from tests.bookingoffice.serving.main_job import MainJob, command, migrated_folder, start_and_wait, wait_until
from tests.bookingoffice.serving.test_durability import asked, everything, kill_9
from tests.lengths import LONG

BOOKINGS = 2000 if LONG else 600
KILLS = 3
DEFINITION = {"type": "relative", "restrictions": [], "value": -10}


def call(port: int, key: str, path: str, body: object = None) -> list[dict[str, str]]:
    with urlopen(asked(port, key, path, body), timeout=20) as answer:
        return json.load(answer)


@dataclass
class Tills:
    """Some tills that redeem one coupon on every booking, and try again whatever was not acknowledged."""

    key: str
    coupon_id: str
    left: Queue[str] = field(default_factory=Queue)
    acknowledged: set[str] = field(default_factory=set)
    unforeseen: list[Exception] = field(default_factory=list)

    def run(self, port: int) -> None:
        threads = [threading.Thread(target=self._one, args=(port,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _one(self, port: int) -> None:
        while True:
            try:
                booking_id = self.left.get_nowait()
            except Empty:
                return
            try:
                call(port, self.key, "coupon_uses", {"coupon_id": self.coupon_id, "booking_id": booking_id})
            except HTTPError as refusal:
                if refusal.code != 409:  # a use that was made and whose answer was lost is a duplicate now
                    self.left.put(booking_id)
                    return
            except (OSError, HTTPException):  # cut off before an answer, or in the middle of one
                self.left.put(booking_id)
                return
            except Exception as error:
                self.unforeseen.append(error)
                raise
            self.acknowledged.add(booking_id)


def opened(folder: DataFolder) -> tuple[MainJob, Tills]:
    job = start_and_wait(folder)
    organization_id = command(folder, "create_organization", "Lakeside").stdout.strip()
    key = command(folder, "create_api_key", organization_id).stdout.strip()
    [coupon] = call(job.port, key, "coupons", {"code": "RUSH", "definition": DEFINITION, "quota": BOOKINGS})
    tills = Tills(key, coupon["id"])
    for booking in call(job.port, key, "bookings?select=id", [{"reference": str(n)} for n in range(BOOKINGS)]):
        tills.left.put(booking["id"])
    return job, tills


def killed_in_the_middle(job: MainJob, tills: Tills, chance: random.Random) -> None:
    selling = threading.Thread(target=tills.run, args=(job.port,))
    selling.start()
    time.sleep(chance.uniform(0.2, 1.5))
    for pid in everything(job):
        kill_9(pid)
    selling.join()
    job.process.wait()
    wait_until(lambda: not set(job.descendants()) - set(process.standing_in(job.folder.cluster)))


def test_redemptions_survive_kill_9():
    chance = random.Random(7)
    with migrated_folder() as folder:
        job, tills = opened(folder)
        for _ in range(KILLS):
            killed_in_the_middle(job, tills, chance)
            job = start_and_wait(folder)
        while not tills.left.empty():
            tills.run(job.port)

        pages = [f"coupon_uses?select=booking_id&order=id&limit=1000&offset={offset}" for offset in (0, 1000, 2000)]
        used = [row["booking_id"] for page in pages for row in call(job.port, tills.key, page)]
        recount = command(folder, "check_ledger")
        job.end()

    assert tills.unforeseen == []
    assert len(used) == len(set(used)) == BOOKINGS
    assert tills.acknowledged == set(used)
    assert recount.returncode == 0, recount.stdout + recount.stderr
