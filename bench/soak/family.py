"""`up` and its processes: which there are, what they hold of memory, and their end."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

SETTLED = 20.0  # seconds after which a process has loaded what it needs


@dataclass(frozen=True)
class Member:
    pid: int
    kind: str
    """`up`, `web`, `webhooks`, `imports` or `postgres`."""
    kilobytes: int
    """What is the process' own, shared pages by their share."""


@dataclass
class Growth:
    first: int = 0
    last: int = 0
    since: float = 0.0


@dataclass
class Memory:
    """How each process grew from when it had settled to when it was seen last."""

    seen: dict[tuple[str, int], Growth] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)

    def note(self, members: list[Member], now: float) -> None:
        sums: dict[str, int] = {}
        for one in members:
            growth = self.seen.setdefault((one.kind, one.pid), Growth(since=now))
            if now - growth.since >= SETTLED:
                growth.first = growth.first or one.kilobytes
                growth.last = one.kilobytes
            sums[one.kind] = sums.get(one.kind, 0) + one.kilobytes
        for kind, kilobytes in sums.items():
            self.highest[kind] = max(self.highest.get(kind, 0), kilobytes)
        self.totals.append(sum(sums.values()))

    def largest_growth(self, kind: str) -> int:
        """Of one process, in kilobytes."""
        return max((each.last - each.first for (one, _), each in self.seen.items() if one == kind), default=0)


def family(folder: Path) -> list[Member]:
    """Everybody who carries the data folder in the environment or stands in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            place = os.readlink(process / "cwd")
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if place.startswith(str(folder)) or str(folder).encode() in (process / "environ").read_bytes():
                found.append(Member(int(process.name), _kind(words), _kilobytes(process)))
        except OSError:
            continue
    return [one for one in found if one.pid != os.getpid()]


def _kind(words: list[str]) -> str:
    text = " ".join(words)
    for word, kind in (
        ("postgres", "postgres"),
        ("deliver_webhooks", "webhooks"),
        ("work_imports", "imports"),
        ("manage.py up", "up"),
    ):
        if word in text:
            return kind
    return "web"


def _kilobytes(process: Path) -> int:
    for line in (process / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def kill(members: list[Member]) -> None:
    for one in members:
        try:
            os.kill(one.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
