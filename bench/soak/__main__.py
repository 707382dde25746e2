"""`python -m bench.soak --minutes 30`: full load with a kill every minute; ends with 1 where anything is not as it must be.

Killed in turn: PostgreSQL, the web server's processes, the workers, and everything at once, `up` too. Callers send again what was
not acknowledged. Printed: what was acknowledged and is there, what the ledger says, and how memory grew.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from itertools import cycle
from pathlib import Path
from urllib.request import Request, urlopen

from tqdm import tqdm

from bench.house import HOST, command, environment, free_port, manage, wait
from bench.soak.family import Memory, family, kill
from bench.soak.judging import judged
from bench.soak.tills import Till
from bookingoffice.database.server.folder import DataFolder

TURNS = (("postgres",), ("web",), ("webhooks", "imports"), ("up", "web", "webhooks", "imports", "postgres"))
QUOTA = 2000
LOOKS_EVERY = 5.0
MOST_GROWTH = 48 * 1024  # kilobytes of one process between two kills; caches of plans and keys fill meanwhile
TEN_PERCENT = {"type": "relative", "restrictions": [], "value": -10}


class Soak:
    def __init__(self, place: str, options: Namespace) -> None:
        self.folder, self.port, self.options = DataFolder(Path(place) / "data"), free_port(), options
        self.memory, self.kills = Memory(), Counter[str]()
        self.serving = self.start()
        organization_id = command(self.folder, "create_organization", "Soak")
        self.key = command(self.folder, "create_api_key", organization_id)
        self.coupons = {code: self.coupon(code, quota) for code, quota in (("OPEN", None), ("LIMITED", QUOTA))}
        self.tills = [Till(self.port, self.key, f"till{n}", self.coupons) for n in range(options.tills)]

    def start(self) -> subprocess.Popen[bytes]:
        words = [*manage("up"), "--no-demo", "--port", str(self.port)]
        serving = subprocess.Popen(
            words, env=environment(self.folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait(serving, self.port)
        return serving

    def coupon(self, code: str, quota: int | None) -> str:
        row = json.dumps({"code": code, "definition": TEN_PERCENT, "quota": quota}).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        with urlopen(Request(f"http://{HOST}:{self.port}/v1/coupons", row, headers), timeout=60) as answer:
            return str(json.load(answer)[0]["id"])

    def run(self) -> None:
        threads = [threading.Thread(target=till.run) for till in self.tills]
        for thread in threads:
            thread.start()
        try:
            self.kill_in_turn()
        finally:
            for till in self.tills:
                till.stopped.set()
            for thread in threads:
                thread.join()

    def kill_in_turn(self) -> None:
        ends, turns = time.monotonic() + self.options.minutes * 60, cycle(TURNS)
        next_kill = time.monotonic() + self.options.every
        with tqdm(total=round(self.options.minutes * 60), unit="s", disable=None) as bar:
            while (now := time.monotonic()) < ends:
                self.memory.note(family(self.folder.path), now)
                if now >= next_kill and now + 15 < ends:
                    self.kill(next(turns))
                    next_kill = time.monotonic() + self.options.every
                time.sleep(LOOKS_EVERY)
                bar.update(round(time.monotonic() - now))

    def kill(self, kinds: tuple[str, ...]) -> None:
        kill([one for one in family(self.folder.path) if one.kind in kinds])
        self.kills[" and ".join(kinds)] += 1
        if "up" in kinds:
            self.serving.wait()
            self.serving = self.start()

    def told(self) -> int:
        """How many faults, after everything was printed."""
        found = judged(self.folder, self.tills, self.coupons, QUOTA)
        statuses = sum((till.statuses for till in self.tills), Counter[int]())
        print(f"{self.options.minutes:g} minutes, {len(self.tills)} callers, {sum(self.kills.values())} kills:")
        for what, number in self.kills.items():
            print(f"  {number} × {what}")
        print("answers:", ", ".join(f"{number:,} × {status}" for status, number in sorted(statuses.items())))
        retries, refused = sum(till.retries for till in self.tills), sum(till.refused for till in self.tills)
        print(f"sent again: {retries:,}; refused by the quota: {refused:,}")
        print(
            f"acknowledged uses and releases: {found.acknowledged:,}, each as it was acknowledged"
            if not found.faults
            else ""
        )
        grown = []
        for kind, kilobytes in sorted(self.memory.highest.items()):
            growth = self.memory.largest_growth(kind)
            print(
                f"memory of {kind}: {kilobytes // 1024} MB at most in all; one process grew by {growth / 1024:.1f} MB at most"
            )
            grown += [f"A process of {kind} grew by {growth // 1024} MB."] if growth > MOST_GROWTH else []
        for fault in [*found.faults, *grown]:
            print(fault)
        print(f"{len(found.faults) + len(grown)} faults")
        return len(found.faults) + len(grown)


def main() -> None:
    parser = ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--every", type=float, default=60, help="seconds between two kills (60)")
    parser.add_argument("--tills", type=int, default=8, help="callers (8)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bookingoffice-soak-") as place:
        soak = Soak(place, options)
        try:
            soak.run()
            faults = soak.told()
        finally:
            soak.serving.terminate()
            soak.serving.wait()
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
