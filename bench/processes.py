"""What processes have used of the processor, as the kernel counts it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Used:
    """Seconds of the processor that each of a family of processes has used, by what it is called and its number."""

    seconds: dict[tuple[str, int], float]

    def since(self, earlier: Used) -> Used:
        """One that ended in between is not counted, nor what it had used before."""
        return Used({each: seconds - earlier.seconds.get(each, 0.0) for each, seconds in self.seconds.items()})

    @property
    def database(self) -> float:
        """PostgreSQL's part."""
        return sum(seconds for (name, _), seconds in self.seconds.items() if name == "postgres")

    @property
    def server(self) -> float:
        """Everybody else's."""
        return sum(self.seconds.values()) - self.database


def used(parent: int) -> Used:
    """By `parent`, its children and theirs."""
    stats = {pid: stat for pid in _pids() if (stat := _stat(pid))}
    wanted, found = [parent], {}
    while wanted:
        pid = wanted.pop()
        if pid in stats:
            name, _, seconds = stats[pid]
            found[name, pid] = seconds
        wanted += [child for child, (_, its_parent, _) in stats.items() if its_parent == pid]
    return Used(found)


def _pids() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def _stat(pid: int) -> tuple[str, int, float] | None:
    try:
        head, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return None
    fields = rest.split()
    return head.partition("(")[2], int(fields[1]), (int(fields[11]) + int(fields[12])) / TICK
