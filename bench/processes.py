"""What processes have used of the processor, as the kernel counts it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Used:
    """Seconds of the processor: PostgreSQL's, and everybody else's of a family of processes."""

    database: float
    server: float

    def since(self, earlier: Used) -> Used:
        return Used(self.database - earlier.database, self.server - earlier.server)


def used(parent: int) -> Used:
    """By `parent`, its children and theirs. One that ended in between is no longer counted."""
    database = server = 0.0
    for name, seconds in _family(parent):
        database, server = (database + seconds, server) if name == "postgres" else (database, server + seconds)
    return Used(database, server)


def _family(parent: int) -> list[tuple[str, float]]:
    stats = {pid: stat for pid in _pids() if (stat := _stat(pid))}
    wanted, found = [parent], []
    while wanted:
        pid = wanted.pop()
        if pid in stats:
            name, _, seconds = stats[pid]
            found.append((name, seconds))
        wanted += [child for child, (_, its_parent, _) in stats.items() if its_parent == pid]
    return found


def _pids() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def _stat(pid: int) -> tuple[str, int, float] | None:
    try:
        head, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return None
    fields = rest.split()
    return head.partition("(")[2], int(fields[1]), (int(fields[11]) + int(fields[12])) / TICK
